"""Import and export of every document of ours come back equal (10-daily 7)."""

from odoo.tests import tagged

from ..house import guard_common
from . import round_trip

ASSIGNED = "the day of assignment is the day on which the ticket gets its person"


@tagged("post_install", "-at_install")
class TestRoundTrip(guard_common.CoreExamples, round_trip.RoundTrip, guard_common.GuardWalk):
    extended = (
        "contract.contract",
        "helpdesk.ticket",
        "helpdesk.ticket.category",
        "helpdesk.ticket.channel",
        "helpdesk.ticket.stage",
        "res.partner",
    )
    other_values = {"helpdesk.ticket": {"assigned_date": ASSIGNED}}
    made_by_methods = frozenset(
        {
            "aftersales.approval",
            "aftersales.archive.handover",
            "aftersales.archive.register",
            "aftersales.change.test",
            "aftersales.delay",
            "aftersales.holiday.year",
            "aftersales.letter.dispatch",
            "aftersales.owner.difference",
            "aftersales.partner.proposal",
            "aftersales.partner.successor",
            "aftersales.portal.link",
            "aftersales.portal.submission",
            "aftersales.regulation.acknowledgement",
            "aftersales.regulation.reminder",
            "aftersales.reminder",
            "aftersales.renewal.notice",
            "aftersales.review.look",
            "aftersales.serial.history",
            "aftersales.service.period",
            "aftersales.suggestion",
            "aftersales.ticket.correction",
            "aftersales.unplaced.mail",
        }
    )

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        software = cls.make_installation(cls.make_customer())
        cls.beginning = {"contract.contract": cls.make_agreement(software)}

    def test_contacts_of_companies_are_imported_by_managers(self):
        """Odoo reads the credit limit of the company as the user, who need not keep accounts."""
        customer = self.make_customer("杭州禾澜五金有限公司", contact=False, street="文澜街 1 号")
        customer.credit_limit = 500.0
        env = self.env(user=self.manager, su=False)
        answer = round_trip.import_file(
            env,
            "res.partner",
            f"name,parent_id/.id\n张丽,{customer.id}\n王磊,{customer.id}".encode(),
        )
        self.assertEqual(self.tell(answer), [])
        contacts = self.env["res.partner"].browse(answer["ids"])
        self.assertEqual(contacts.commercial_partner_id, customer)
        self.assertEqual(set(contacts.mapped("street")), {"文澜街 1 号"})
        self.assertEqual(set(contacts.mapped("service_user_id")), {self.specialist})
        self.assertEqual(set(contacts.mapped("credit_limit")), {500.0})

    def test_labels_of_a_choice_come_back_in_chinese(self):
        category = self.env["helpdesk.ticket.category"].create({"name": "远程"})
        env = self.env(user=self.manager, su=False, context={**self.env.context, "lang": "zh_CN"})
        requirements = env["aftersales.record.requirement"]
        name, label = requirements._selection_field_name()[0]
        content = f"category_id/.id,field_name\n{category.id},{label}".encode()
        answer = round_trip.import_file(env, requirements._name, content)
        self.assertEqual(self.tell(answer), [])
        self.assertEqual(requirements.browse(answer["ids"]).field_name, name)

    def test_texts_that_look_like_formulas_come_back_as_they_were(self):
        texts = ("=1+1", "- 已处理", "+86 571", "@all", "＝合计", "plain")
        partners = self.env["res.partner"].create([{"name": "Text", "ref": text} for text in texts])
        own = partners.with_user(self.manager)
        content = round_trip.export_file(own, ["name", "ref"])
        answer = round_trip.import_file(own.env, "res.partner", content)
        back = self.env["res.partner"].browse(answer["ids"])
        self.assertEqual(back.mapped("ref"), list(texts))

    def test_lists_of_other_documents_are_not_offered_for_importing(self):
        env = self.env(user=self.manager, su=False)
        offered = set(round_trip.list_fields(env, "contract.contract"))
        self.assertIn("contract_line_ids/id", offered)
        for name in ("callback_ids", "dispatch_ids", "message_ids", "message_follower_ids"):
            self.assertNotIn(f"{name}/id", offered)
        # they are in a file that is only read
        self.assertIn(
            "callback_ids/id", round_trip.list_fields(env, "contract.contract", import_compat=False)
        )
