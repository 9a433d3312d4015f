"""Who may do what with the regulation and with suggestions: every role, every step, by the ORM and by RPC."""

from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged

from .. import ground
from ..common_matrix import StepMatrix
from ..common_rpc import RpcClient
from .regulation_common import RegulationCommon

EMPLOYED = set(ground.PEOPLE)
MANAGERS = {"director", "manager"}
# who reads, writes and deletes a record; the specialist acknowledged, and wrote the suggestions
RIGHTS = {
    "draft version": (MANAGERS, {"director"}, {"director"}),
    "released version": (EMPLOYED, set(), set()),
    "acknowledgement": ({"specialist"} | MANAGERS, set(), set()),
    "draft suggestion": ({"specialist"}, {"specialist"}, {"specialist"}),
    "submitted suggestion": ({"specialist"} | MANAGERS, set(), set()),
}
CHANGES = {
    "aftersales.regulation": {"changes": "changed"},
    "aftersales.regulation.acknowledgement": {"acknowledged_on": "2026-01-01"},
    "aftersales.suggestion": {"subject": "changed"},
}
# record, in the state it is in: who may take which of the steps
STEPS = {
    # nobody is asked about a draft
    "draft version": {"action_release": {"director"}, "action_remind": MANAGERS},
    "open version": {
        # the accountant is no employee of the company
        "action_acknowledge": EMPLOYED - {"accountant"},
        "action_remind": MANAGERS,
    },
    "draft suggestion": {"action_submit": {"specialist"}},
    "submitted suggestion": {"action_withdraw": {"specialist"}, "action_answer": MANAGERS},
    "answered suggestion": {},
}
ACTIONS = {
    "aftersales.regulation": ("action_release", "action_acknowledge", "action_remind"),
    "aftersales.suggestion": ("action_submit", "action_withdraw", "action_answer"),
}


class RightsCommon(RegulationCommon):
    """Everybody but the accountant is an employee; a version nobody has acknowledged, one of the specialist's."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for role in EMPLOYED - {"specialist", "colleague", "accountant"}:
            cls.make_employee(getattr(cls, role))
        released = cls.make_version("1")
        released.with_user(cls.specialist).action_acknowledge()
        submitted, answered = cls.suggest(), cls.suggest()
        (submitted | answered).action_submit()
        answered.with_user(cls.manager).action_answer("No")
        cls.records = {
            "draft version": cls.make_version("3", days=2, released=False),
            "released version": released,
            "open version": cls.make_version("2", days=1),
            "acknowledgement": released.sudo().acknowledgement_ids,
            "draft suggestion": cls.suggest(),
            "submitted suggestion": submitted,
            "answered suggestion": answered,
        }
        other = cls.make_company()
        cls.outsiders = {
            "portal": new_test_user(cls.env, "regulation_portal", "base.group_portal"),
            "public": cls.env.ref("base.public_user"),
            "elsewhere": cls.make_user(
                "elsewhere",
                "jinyang_aftersales.group_director",
                company_id=other.id,
                company_ids=[Command.set(other.ids)],
            ),
        }
        # the strongest first, as the matrix of steps wants it
        roles = ("director", *sorted(EMPLOYED - {"director"}))
        cls.roles = {role: getattr(cls, role) for role in roles}
        cls.env.flush_all()

    def as_user(self, user, record):
        """:return: the record, as a user sees it in the company the user works for"""
        self.env.invalidate_all()
        context = {"allowed_company_ids": user.company_ids.ids}
        return record.with_env(self.env(user=user, su=False, context=context))


@tagged("post_install", "-at_install")
class TestRegulationRights(StepMatrix, RightsCommon):
    """八: every employee reads what was released; managers see who acknowledged it, and answer suggestions."""

    def test_each_role_reads_finds_writes_and_deletes_its_own(self):
        for role, user in {**self.roles, **self.outsiders}.items():
            for name, rights in RIGHTS.items():
                record = self.as_user(user, self.records[name])
                wanted = tuple(role in entitled for entitled in rights)
                found = (
                    self.is_done(record.read, ["display_name"]),
                    self.is_done(record.write, CHANGES[record._name]),
                    self.is_done(record.unlink),
                )
                with self.subTest(role=role, record=name):
                    self.assertEqual(found, wanted)
                    rows = record.browse()
                    listed = rows.has_access("read") and rows.search([("id", "=", record.id)])
                    self.assertEqual(bool(listed), wanted[0])

    def test_each_role_takes_its_steps_and_no_others(self):
        for name, offered in STEPS.items():
            record = self.records[name]
            with self.subTest(record=name):
                self.assertSteps(
                    record, offered, ACTIONS[record._name], self.roles, {"action_answer": ("Yes",)}
                )

    def test_outsiders_take_no_step(self):
        for role, user in self.outsiders.items():
            for name, offered in STEPS.items():
                for action in offered:
                    record = self.as_user(user, self.records[name])
                    arguments = ("Yes",) if action == "action_answer" else ()
                    with self.subTest(role=role, record=name, action=action):
                        self.assertFalse(self.is_done(getattr(record, action), *arguments))

    def test_nobody_writes_versions_but_the_director(self):
        values = {"title": "Mine", "version": "9", "text": "x", "company_id": self.company.id}
        for role, user in {**self.roles, **self.outsiders}.items():
            versions = self.as_user(user, self.env["aftersales.regulation"])
            with self.subTest(role=role):
                self.assertEqual(self.is_done(versions.create, values), role == "director")

    def test_colleagues_do_not_learn_who_was_notified_of_a_suggestion(self):
        suggestion = self.records["submitted suggestion"]
        message = suggestion.with_user(self.manager).message_post(
            body="Which day?", partner_ids=self.specialist.partner_id.ids
        )
        domain = [("mail_message_id", "=", message.id)]
        rows = self.env["mail.notification"].search(domain)
        self.assertEqual(rows.res_partner_id, self.specialist.partner_id)
        for role, user in self.roles.items():
            with self.subTest(role=role):
                seen = self.as_user(user, rows.browse()).search(domain)
                self.assertEqual(bool(seen), role in ("specialist", "manager"))

    def test_every_employee_has_a_page_and_managers_have_the_lists(self):
        names = (
            "menu_my_page",
            "aftersales_regulation_menu_mine",
            "aftersales_suggestion_menu_mine",
        )
        own = {self.env.ref(f"jinyang_aftersales.{name}").id for name in names}
        names = ("menu_regulation", "aftersales_regulation_menu", "aftersales_suggestion_menu")
        managed = {self.env.ref(f"jinyang_aftersales.{name}").id for name in names}
        for role, user in self.roles.items():
            menus = set(self.as_user(user, self.env["ir.ui.menu"]).load_menus(False))
            with self.subTest(role=role):
                self.assertLessEqual(own, menus)
                self.assertEqual(menus & managed, managed if role in MANAGERS else set())


@tagged("post_install", "-at_install")
class TestRegulationRpc(RpcClient, RightsCommon, HttpCase):
    def test_an_employee_acknowledges_and_suggests_in_the_own_name_only(self):
        version = self.records["open version"]
        row = {
            "regulation_id": version.id,
            "employee_id": self.other.id,
            "acknowledged_on": "2026-01-01 00:00:00",
        }
        self.come(self.employee)
        acknowledgements = self.env["aftersales.regulation.acknowledgement"]
        self.assertRefusedCall(acknowledgements, "create", [row], error="AccessError")
        self.assertRefusedCall(acknowledgements, "_acknowledge", version.id, error="AccessError")
        self.assertRefusedCall(
            self.records["acknowledgement"], "read", ["employee_id"], error="AccessError"
        )
        self.call(version, "action_acknowledge")
        self.assertRefusedCall(version, "action_acknowledge", error="UserError")
        self.assertEqual(version.sudo().acknowledgement_ids.employee_id.user_id, self.employee)
        values = {"subject": "Rooms", "text": "More of them"}
        suggestions = self.env["aftersales.suggestion"]
        foreign = {**values, "employee_id": self.other.id}
        self.assertRefusedCall(suggestions, "create", [foreign], error="AccessError")
        [number] = self.call(suggestions, "create", [values])
        own = suggestions.browse(number)
        self.call(own, "action_submit")
        self.assertRefusedCall(own, "write", {"state": "answered"}, error="UserError")
        self.assertRefusedCall(own, "action_answer", "Yes", error="UserError")
        self.assertEqual((own.state, own.employee_id.user_id), ("submitted", self.employee))

    def test_an_employee_learns_nothing_of_drafts_and_of_colleagues(self):
        version = self.records["released version"]
        self.come(self.employee)
        for name in ("draft version", "draft suggestion", "submitted suggestion"):
            with self.subTest(record=name):
                self.assertRefusedCall(self.records[name], "read", ["display_name"])
                self.assertRefusedCall(self.records[name], "copy")
        for name in ("missing_employee_ids", "missing_count"):
            self.assertRefusedCall(version, "read", [name], error="AccessError")
        self.assertRefusedCall(version, "action_remind", error="AccessError")
        [shown] = self.call(version, "read", ["acknowledgement_ids", "acknowledged_on", "text"])
        self.assertFalse(shown["acknowledgement_ids"] or shown["acknowledged_on"])
        self.assertIn("on time", shown["text"])

    def test_a_manager_sees_who_is_missing_and_answers_by_the_dialogue(self):
        version = self.records["released version"]
        suggestion = self.records["submitted suggestion"]
        self.come(self.manager)
        [shown] = self.call(version, "read", ["missing_count", "missing_employee_ids"])
        known = version.sudo().acknowledgement_ids.employee_id
        employed = self.env["hr.employee"].search([("department_id", "=", self.department.id)])
        self.assertEqual(set(shown["missing_employee_ids"]), set((employed - known).ids))
        self.assertEqual(shown["missing_count"], len(EMPLOYED) - 2)
        values = {"suggestion_id": suggestion.id, "answer": "From May on", "outcome": "partly"}
        [number] = self.call(self.env["aftersales.suggestion.answer"], "create", [values])
        self.rpc("aftersales.suggestion.answer", "action_answer", [number])
        self.assertEqual((suggestion.outcome, suggestion.answer), ("partly", "From May on"))
        self.assertRefusedCall(self.records["draft version"], "action_release", error="AccessError")
