from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command, Date
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..notice.notice_common import END, NoticeCommon

# models tried here; dependent rows are made together with their document
MODELS = (
    "aftersales.installation",
    "aftersales.service.period",
    "aftersales.serial.history",
    "aftersales.renewal.notice",
    "aftersales.callback",
    "contract.contract",
    "contract.line",
    "contract.modification",
    "helpdesk.ticket",
)
ROLES = ("user", "manager", "director", "callback", "archivist", "developer")


@tagged("post_install", "-at_install")
class TestCompanyWalls(NoticeCommon):
    """Users of one company have no access to documents of another one, in any role and by any way."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agreement = cls.signed()
        cls.installation = cls.agreement.installation_ids
        cls.notice = cls.create_due()
        cls.env["contract.modification"].create(
            {"contract_id": cls.agreement.id, "date": END, "description": "Cheaper"}
        )
        cls.ticket = cls.env["helpdesk.ticket"].create(
            {
                "name": "x",
                "description": "x",
                "partner_id": cls.installation.partner_id.id,
                "installation_id": cls.installation.id,
                "company_id": cls.company.id,
            }
        )
        cls.other = cls.make_company("Second Company")
        cls.strangers = {
            role: cls.make_user(
                f"other_{role}",
                f"jinyang_aftersales.group_{role}",
                company_id=cls.other.id,
                company_ids=[Command.set(cls.other.ids)],
            )
            for role in ROLES
        }
        cls.env.flush_all()

    def rows(self, name):
        """All rows of a model in the first company."""
        company = (
            "company_id" if "company_id" in self.env[name]._fields else "contract_id.company_id"
        )
        found = self.env[name].search([(company, "=", self.company.id)])
        self.assertTrue(found, name)
        return found

    def as_stranger(self, records, user):
        self.env.invalidate_all()
        return records.with_user(user).with_context(allowed_company_ids=self.other.ids)

    def test_every_model_with_a_company_has_a_rule_for_all_users(self):
        for model in self.env["ir.model"].search([("model", "=like", "aftersales.%")]):
            records = self.env[model.model]
            if records._abstract or records._transient or "company_id" not in records._fields:
                continue
            rules = self.env["ir.rule"].search(
                [("model_id", "=", model.id), ("groups", "=", False), ("perm_read", "=", True)]
            )
            self.assertTrue(
                [rule for rule in rules if "company_ids" in (rule.domain_force or "")], model.model
            )

    def test_who_has_no_role_reaches_nothing(self):
        helpdesk = self.make_user("helpdesk", "helpdesk_mgmt.group_helpdesk_user")
        portal = self.make_user("portal", "base.group_portal")
        portal.partner_id.parent_id = self.make_customer()
        for user in (self.employee, helpdesk, portal):
            for name in MODELS:
                if name == "helpdesk.ticket" and user == helpdesk:
                    continue
                rows = self.rows(name)
                with self.subTest(user=user.name, model=name):
                    self.env.invalidate_all()
                    theirs = rows.with_user(user)
                    if theirs.browse().has_access("read"):
                        self.assertFalse(theirs.search([("id", "in", rows.ids)]))
                    for method, args in (
                        ("read", (["display_name"],)),
                        ("write", ({"create_uid": user.id},)),
                        ("unlink", ()),
                    ):
                        with self.assertRaises(AccessError, msg=method):
                            getattr(theirs, method)(*args)

    def test_nothing_is_found_read_written_or_deleted(self):
        for role, user in self.strangers.items():
            for name in MODELS:
                with self.subTest(role=role, model=name):
                    rows = self.rows(name)
                    theirs = self.as_stranger(rows, user)
                    if theirs.has_access("read") or theirs.browse().has_access("read"):
                        self.assertFalse(theirs.search([("id", "in", rows.ids)]))
                        self.assertFalse(theirs._read_group([("id", "in", rows.ids)], ["id"]))
                    with self.assertRaises(AccessError):
                        theirs.read(["display_name"])
                    field = next(
                        field
                        for field in (
                            "user_id",
                            "note",
                            "name",
                            "description",
                            "reason",
                            "create_uid",
                        )
                        if field in theirs._fields
                    )
                    with self.assertRaises(UserError):
                        theirs.write({field: False})
                        self.env.flush_all()
                    with self.assertRaises(UserError):
                        theirs.unlink()

    def test_no_button_works(self):
        callback = self.notice.callback_ids
        for role, user in self.strangers.items():
            for record, method, args in (
                (self.installation, "action_create_agreement", ()),
                (self.installation, "_change_period", (END, END, "mine")),
                (self.agreement, "action_renew", ()),
                (self.agreement, "action_unsign", ()),
                (self.agreement, "action_create_invoice", ()),
                (self.notice, "action_send_now", ()),
                (self.notice, "action_print", ()),
                (self.notice, "action_paper", ()),
                (self.notice, "_record_dispatch", ({"channel": "fax", "proof": "x"},)),
                (callback, "action_record", ("reached", "renewing")),
                (callback, "action_renew", ()),
            ):
                with (
                    self.subTest(role=role, method=method),
                    self.assertRaises(AccessError),
                ):
                    getattr(self.as_stranger(record, user), method)(*args)

    def test_no_wizard_shows_or_does_anything(self):
        user = self.strangers["director"]
        callback = self.notice.callback_ids
        for model, values, action in (
            (
                "aftersales.service.period.change",
                {"installation_id": self.installation.id, "reason": "x"},
                "action_apply",
            ),
            (
                "aftersales.reason",
                {
                    "res_model": self.agreement._name,
                    "res_ids": self.agreement.ids,
                    "step": "action_lose",
                    "reason": "x",
                },
                "action_confirm",
            ),
            (
                "aftersales.callback.record",
                {"callback_id": callback.id, "answer": "renewing"},
                "action_record",
            ),
            (
                "aftersales.dispatch",
                {"res_model": self.notice._name, "res_ids": self.notice.ids},
                "action_record",
            ),
        ):
            wizards = self.as_stranger(self.env[model], user)
            with self.subTest(model=model), self.assertRaises(AccessError):
                wizard = wizards.create(values)
                if model == "aftersales.callback.record":
                    with self.assertRaises(AccessError):
                        wizard.read(["phone"])
                getattr(wizard, action)()
        self.assertEqual(callback.state, "todo")

    def test_every_dialogue_about_documents_refuses_those_its_user_may_not_read(self):
        """The dialogue shows the names of what it links to, and its related fields show more."""
        guarded = set(self.env.registry.descendants(["aftersales.dialog.mixin"], "_inherit"))
        links = self.env.registry["aftersales.dialog.mixin"]._get_confidential_links
        open_ones = [
            (name, link)
            for name, model in self.env.registry.items()
            if model._transient and name.startswith("aftersales.") and name not in guarded
            for link in links(self.env[name])
            if not self.env[model._fields[link].comodel_name]._transient
        ]
        self.assertEqual(open_ones, [])

    def test_nothing_is_put_into_the_other_company(self):
        user = self.strangers["director"]
        product = self.make_software()
        for model, values in (
            (
                "aftersales.installation",
                {"partner_id": self.installation.partner_id.id, "product_id": product.id},
            ),
            (
                "contract.contract",
                {"is_service_agreement": True, "partner_id": self.installation.partner_id.id},
            ),
            ("aftersales.callback", {"partner_id": self.installation.partner_id.id}),
        ):
            with (
                self.subTest(model=model),
                self.assertRaises(AccessError),
                mute_logger("odoo.models"),
            ):
                self.as_stranger(self.env[model], user).create(
                    {"company_id": self.company.id, **values}
                )
        with self.assertRaises(AccessError):
            self.as_stranger(self.env["contract.modification"], user).create(
                {"contract_id": self.agreement.id, "date": Date.today(), "description": "x"}
            )

    def test_documents_of_two_companies_are_not_tied_together(self):
        theirs = self.make_installation(company_id=self.other.id)
        with self.assertRaises(ValidationError):
            self.make_agreement(theirs, company_id=self.company.id)
        with self.assertRaises(UserError):
            self.ticket.write({"installation_id": theirs.id})


@tagged("post_install", "-at_install")
class TestForging(NoticeCommon):
    """Computed and recorded values cannot be written by requests."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.installation = cls.make_installation(end=END)
        cls.agreement = cls.make_agreement(cls.installation)

    def test_amount_and_customer_of_an_agreement_follow_lines_and_partner(self):
        mine = self.agreement.with_user(self.specialist)
        stranger = self.make_customer()
        for values in ({"agreement_amount": 0}, {"commercial_partner_id": stranger.id}):
            with self.assertRaises(UserError):
                mine.write(values)
            with self.assertRaises(UserError):
                mine.create(
                    {
                        "is_service_agreement": True,
                        "partner_id": self.installation.partner_id.id,
                        **values,
                    }
                )

    def test_service_dates_are_not_emptied_either(self):
        mine = self.installation.with_user(self.specialist)
        for values in (
            {"service_date_end": False},
            {"service_date_start": False},
            {"service_date_end": False, "service_date_start": False},
        ):
            with self.assertRaises(UserError):
                mine.write(values)
        self.assertEqual(self.installation.service_date_end, END)

    def test_current_agreement_and_product_line_are_not_entered(self):
        mine = self.installation.with_user(self.specialist)
        line = self.env["aftersales.product.line"].create({"name": "Other", "brand": "Other"})
        with self.assertRaises(UserError):
            mine.contract_id = self.agreement
        with self.assertRaises(UserError):
            self.make_installation(contract_id=self.agreement.id)
        with self.assertRaises(UserError):
            mine.write({"product_line_id": line.id})

    def test_an_incomplete_draft_is_not_sent_by_a_message(self):
        draft = self.env["contract.contract"].create(
            {
                "is_service_agreement": True,
                "partner_id": self.installation.partner_id.id,
                "user_id": self.specialist.id,
            }
        )
        with self.assertRaisesRegex(UserError, "not complete"):
            draft.with_user(self.specialist).with_context(mark_agreement_sent=True).message_post(
                body="here you are"
            )
        self.assertEqual(draft.agreement_stage, "draft")

    def test_serial_numbers_are_not_guessed_by_who_may_not_enter_them(self):
        portal = self.make_user("portal", "base.group_portal")
        serial = self.installation.serial_number
        values = {
            "partner_id": portal.partner_id.id,
            "product_id": self.installation.product_id.id,
            "company_id": self.company.id,
        }
        for user in (portal, self.employee, self.archivist):
            for number in (serial, "NOBODY-HAS-IT"):
                with self.assertRaises(AccessError):
                    self.env["aftersales.installation"].with_user(user).create(
                        {**values, "serial_number": number}
                    )

    def test_only_managers_decide_what_is_chargeable(self):
        helpdesk = self.make_user("helpdesk", "helpdesk_mgmt.group_helpdesk_manager")
        values = {"name": "x", "description": "x", "partner_id": self.installation.partner_id.id}
        for user in (self.specialist, helpdesk):
            ticket = (
                self.env["helpdesk.ticket"].with_user(user).create({**values, "chargeable": True})
            )
            self.assertFalse(ticket.chargeable, "the customer is in service")
            with self.assertRaisesRegex(AccessError, "service manager decides"):
                ticket.chargeable = True
            ticket.write({"chargeable": False, "name": "unchanged values pass"})
        ticket.with_user(self.manager).chargeable = True
        self.assertTrue(ticket.chargeable)

    def test_a_ticket_is_about_software_of_its_own_customer(self):
        values = {"name": "x", "description": "x", "partner_id": self.make_customer().id}
        with self.assertRaises(ValidationError):
            self.env["helpdesk.ticket"].with_user(self.specialist).create(
                {**values, "installation_id": self.installation.id}
            )
