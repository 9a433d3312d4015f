"""Who may do what with program changes: every role, every step."""

from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..common_matrix import StepMatrix
from .change_common import ChangeCommon

ROLES = (
    "director",
    "manager",
    "specialist",
    "colleague",
    "callback",
    "archivist",
    "developer",
    "employee",
    "accountant",
)
READERS = {"director", "manager", "specialist", "colleague", "callback", "archivist"}
MANAGERS = {"director", "manager"}
# without the colleague: a specialist who does not have the customer in reach
WORKERS = MANAGERS | {"specialist"}
STATES = (
    "draft",
    "submitted",
    "confirmed",
    "approved",
    "development",
    "testing",
    "deploying",
    "deployed",
    "opinion",
    "done",
    "refused",
    "cancelled",
)
# (state to begin with, action): the roles that may take it
STEPS = {
    ("draft", "action_submit"): WORKERS,
    ("draft", "action_cancel"): WORKERS,
    ("submitted", "action_withdraw"): WORKERS,
    ("submitted", "action_confirm"): WORKERS,
    ("submitted", "action_cancel"): WORKERS,
    ("confirmed", "action_unconfirm"): WORKERS,
    ("confirmed", "action_approve"): MANAGERS,
    ("confirmed", "action_refuse"): MANAGERS,
    ("confirmed", "action_cancel"): WORKERS,
    ("approved", "action_start_development"): MANAGERS | {"developer"},
    ("approved", "action_cancel"): MANAGERS,
    ("development", "action_to_testing"): MANAGERS | {"developer"},
    ("development", "action_cancel"): MANAGERS,
    ("testing", "action_record_test"): WORKERS,
    ("testing", "action_invite_customer"): WORKERS,
    ("testing", "action_cancel"): MANAGERS,
    ("deploying", "action_deploy"): WORKERS,
    ("deployed", "action_record_opinion"): WORKERS,
    ("opinion", "action_done"): MANAGERS,
    ("opinion", "action_send_back"): WORKERS,
    ("refused", "action_draft"): WORKERS,
    ("cancelled", "action_draft"): WORKERS,
    **{
        (state, "action_announce_delay"): WORKERS
        for state in ("approved", "development", "testing", "deploying")
    },
}
ARGUMENTS = {
    "action_refuse": ["Not needed"],
    "action_record_test": ["pass", "Fine", False, "On leave"],
    "action_record_opinion": ["satisfied"],
    "action_send_back": ["development", "More"],
    "action_announce_delay": ["promise", "2099-01-01", "Long"],
    "action_close_without_opinion": ["Silent"],
}


class ChangeMatrix(ChangeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.arguments = {
            **ARGUMENTS,
            "action_approve": ["OK", {"date_promised": str(cls.today + timedelta(days=5))}],
        }

    @classmethod
    def prepared(cls, state):
        """A request ready for every step of its state."""
        change = cls.make_change(state="deployed" if state == "opinion" else state)
        if state == "submitted":
            change.confirmed_need = "Two columns"
        if state == "approved":
            change.developer_id = cls.developer
        if state == "opinion":
            change.action_record_opinion("unsatisfied", "Wrong column")
        return change


@tagged("post_install", "-at_install")
class TestChangeRights(StepMatrix, ChangeMatrix):
    def test_every_role_takes_the_steps_it_may_and_no_other(self):
        actions = sorted({action for _state, action in STEPS} | set(ARGUMENTS))
        roles = {role: getattr(self, role) for role in ROLES}
        for state in STATES:
            offered = {action: who for (begin, action), who in STEPS.items() if begin == state}
            self.assertSteps(self.prepared(state), offered, actions, roles, self.arguments)

    def test_reading_writing_creating_and_deleting(self):
        for state in ("draft", "confirmed", "approved", "done"):
            change = self.prepared(state)
            for role in ROLES:
                user = getattr(self, role)
                own = change.with_user(user)
                developing = role == "developer" and state == "approved"
                with self.subTest(role=role, state=state):
                    reads = role in READERS or (
                        role == "developer" and state in ("approved", "done")
                    )
                    self.assertEqual(own.has_access("read"), reads)
                    self.assertEqual(own.has_access("write"), role in WORKERS or developing)
                    self.assertEqual(own.has_access("unlink"), role in WORKERS)
                    creates = self.env["aftersales.change.request"].with_user(user)
                    self.assertEqual(creates.has_access("create"), role in WORKERS | {"colleague"})

    def test_developer_writes_the_development_part_of_his_own_only(self):
        second = self.make_user("developer2", "jinyang_aftersales.group_developer")
        change = self.make_change(state="development")
        own = change.with_user(self.developer)
        own.write({"development_notes": "New column in the template", "estimated_hours": 6})
        for values in (
            {"user_id": self.colleague.id},
            {"developer_id": second.id},
            {"ticket_id": False, "chargeable": True},
            {"contact_id": False},
        ):
            with self.assertRaises(UserError, msg=values):
                own.write(values)
        with self.assertRaises(AccessError):
            change.with_user(second).development_notes = "Mine"
        done = self.make_change(state="done").with_user(self.developer)
        with self.assertRaises(UserError):
            done.development_notes = "Later"

    def test_buttons_show_what_the_model_allows(self):
        change = self.prepared("testing")
        for user, may in (
            (self.specialist, True),
            (self.manager, True),
            (self.colleague, False),
            (self.developer, False),
        ):
            self.assertEqual(change.with_user(user).can_test, may, user.name)
        approved = self.prepared("approved")
        self.assertTrue(approved.with_user(self.developer).can_start)
        self.assertFalse(approved.with_user(self.specialist).can_start)
        self.assertFalse(approved.with_user(self.specialist).can_cancel)
        self.assertTrue(approved.with_user(self.manager).can_cancel)

    def test_specialist_in_charge_and_member_of_the_team_are_in_reach(self):
        team = self.env["helpdesk.ticket.team"].create(
            {
                "name": "Team",
                "company_id": self.company.id,
                "user_ids": [(6, 0, self.colleague.ids)],
            }
        )
        ticket = self.env["helpdesk.ticket"].create(
            {
                "name": "T",
                "description": "T",
                "partner_id": self.contact.id,
                "team_id": team.id,
                "company_id": self.company.id,
            }
        )
        change = self.make_change(ticket_id=ticket.id)
        self.assertTrue(change.with_user(self.colleague).has_access("write"))

    def test_other_company_sees_nothing(self):
        change = self.make_change(state="deploying")
        other = self.make_company("Elsewhere")
        stranger = self.make_user(
            "elsewhere",
            "jinyang_aftersales.group_director",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        change = change.with_user(stranger).with_context(allowed_company_ids=other.ids)
        self.assertFalse(change.search([("id", "=", change.id)]))
        tests = self.env["aftersales.change.test"].with_user(stranger)
        self.assertFalse(tests.with_context(allowed_company_ids=other.ids).search([]))
        with self.assertRaises(AccessError):
            change.read(["name"])

    def test_customer_on_the_portal_reaches_none_by_rpc(self):
        change = self.make_change(state="deployed")
        portal = new_test_user(self.env, "aftersales_portal", groups="base.group_portal")
        portal.partner_id.parent_id = self.customer
        change.sudo().message_subscribe(partner_ids=portal.partner_id.ids)
        with self.assertRaises(AccessError):
            change.with_user(portal).write({"title": "X"})
        with self.assertRaises(AccessError):
            change.with_user(portal).action_record_opinion("satisfied")

    def test_chargeable_is_the_managers_decision(self):
        change = self.make_change(state="submitted", chargeable=True)
        self.assertFalse(change.chargeable)
        with self.assertRaises(AccessError):
            change.chargeable = True
        change.with_user(self.manager).chargeable = True
        self.assertTrue(change.chargeable)
