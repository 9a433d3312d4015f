"""Rights of every role on visits: every step, by the ORM and by RPC."""

from datetime import datetime, timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, new_test_user, tagged

from ..common_matrix import StepMatrix, share_out
from ..common_rpc import RpcClient
from .visit_common import VisitCommon, drawing

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
READERS = {
    "director",
    "manager",
    "specialist",
    "colleague",
    "callback",
    "archivist",
    "developer",
}
MANAGERS = {"director", "manager"}
# roles with the visit in reach, without the colleague
WORKERS = {"director", "manager", "specialist"}
# (state to begin with, action): the roles that may take it
STEPS = {
    ("draft", "action_submit"): WORKERS,
    ("draft", "action_cancel"): WORKERS,
    ("submitted", "action_withdraw"): WORKERS,
    ("submitted", "action_approve"): MANAGERS,
    ("submitted", "action_refuse"): MANAGERS,
    ("submitted", "action_cancel"): WORKERS,
    ("approved", "action_leave"): WORKERS,
    ("approved", "action_take_place"): WORKERS,
    ("approved", "action_cancel"): WORKERS,
    ("on_site", "action_sign"): WORKERS,
    ("on_site", "action_sign_paper"): WORKERS,
    ("on_site", "action_finish"): WORKERS,
    ("on_site", "action_return"): WORKERS,
    ("on_site", "action_cancel"): MANAGERS,
    ("feedback", "action_reopen"): MANAGERS,
    ("feedback", "action_finish"): WORKERS,
    ("feedback", "action_done"): WORKERS,
    ("feedback", "action_receive_feedback"): MANAGERS | {"callback"},
    ("done", "action_receive_feedback"): MANAGERS | {"callback"},
    ("refused", "action_draft"): WORKERS,
    ("cancelled", "action_draft"): WORKERS,
}
STATES = (
    "draft",
    "submitted",
    "approved",
    "on_site",
    "feedback",
    "done",
    "refused",
    "cancelled",
)
# each step changes one of these
STEP_FIELDS = ("state", "signature_hash", "returned_on", "feedback_received_on")
TODAY = f"{datetime.utcnow() + timedelta(hours=8):%F}"
OPINION = {
    "action_refuse": ["Not needed"],
    "action_cancel": ["Not needed"],
    "action_take_place": [TODAY, "Earlier"],
    "action_sign_paper": [TODAY, drawing()],
}


class VisitMatrix(VisitCommon):
    @classmethod
    def prepared(cls, state):
        """A visit ready for every step of its state."""
        visit = cls.make_visit(state=state)
        if state == "on_site":
            visit.action_arrive()
            visit.write(cls.feedback())
            cls.complete(visit)
        if state == "feedback":
            visit.action_return()
            cls.complete(visit)
        return visit


@tagged("post_install", "-at_install")
class TestVisitRights(StepMatrix, VisitMatrix):
    def test_every_role_takes_the_steps_it_may_and_no_other(self):
        actions = sorted({action for _state, action in STEPS})
        roles = {role: getattr(self, role) for role in ROLES}
        for state in STATES:
            offered = {action: who for (begin, action), who in STEPS.items() if begin == state}
            self.assertSteps(self.prepared(state), offered, actions, roles, OPINION)

    def test_reading_writing_creating_and_deleting(self):
        visit = self.make_visit()
        for role in ROLES:
            user = getattr(self, role)
            own = visit.with_user(user)
            with self.subTest(role=role):
                self.assertEqual(own.has_access("read"), role in READERS)
                self.assertEqual(own.has_access("write"), role in WORKERS)
                self.assertEqual(own.has_access("unlink"), role in WORKERS)
                creates = self.env["aftersales.visit"].with_user(user).has_access("create")
                self.assertEqual(creates, role in WORKERS | {"colleague"})

    def test_technician_writes_the_visit_he_goes_on(self):
        visit = self.make_visit(
            technicians=self.colleague, state="approved", user_id=self.specialist.id
        )
        visit = visit.with_user(self.colleague)
        visit.action_leave()
        visit.action_arrive()
        visit.write(self.feedback())
        visit.action_sign()
        visit.action_return()
        self.complete(visit)
        visit.action_done()
        self.assertEqual(visit.state, "done")

    def test_colleague_out_of_reach_makes_himself_no_technician(self):
        visit = self.make_visit()
        with self.assertRaises(AccessError):
            visit.with_user(self.colleague).technician_ids += self.colleague

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
        visit = self.make_visit(ticket_id=ticket.id)
        self.assertTrue(visit.with_user(self.colleague).has_access("write"))

    def test_only_drafts_are_deleted(self):
        for state in STATES[1:]:
            with self.assertRaisesRegex(UserError, "only drafts|decision is kept"):
                self.make_visit(state=state).with_user(self.manager).unlink()
        self.make_visit().unlink()

    def test_other_company_sees_nothing(self):
        visit = self.make_visit()
        other = self.make_company("Elsewhere")
        stranger = self.make_user(
            "elsewhere",
            "jinyang_aftersales.group_director",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        visit = visit.with_user(stranger).with_context(allowed_company_ids=other.ids)
        self.assertFalse(visit.search([("id", "=", visit.id)]))
        with self.assertRaises(AccessError):
            visit.read(["name"])

    def test_another_customer_on_the_portal_reaches_no_visit_even_as_a_follower(self):
        visit = self.make_visit(state="feedback")
        portal = new_test_user(
            self.env, "aftersales_portal", groups="base.group_portal", name="Portal"
        )
        portal.partner_id.parent_id = self.make_customer()
        visit.sudo().message_subscribe(partner_ids=portal.partner_id.ids)
        message = visit.sudo().message_post(body="Internal", subtype_xmlid="mail.mt_comment")
        with self.assertRaises(AccessError):
            visit.with_user(portal).read(["name"])
        with self.assertRaises(AccessError):
            visit.with_user(portal).action_sign()
        self.assertFalse(
            self.env["mail.message"].with_user(portal).search([("id", "=", message.id)])
        )


@tagged("post_install", "-at_install")
class TestVisitRpc(RpcClient, VisitMatrix, HttpCase):
    """The same rules by RPC."""

    def test_every_step_is_refused_to_a_role_and_every_role_is_refused_some(self):
        visits = {state: self.prepared(state) for state in STATES}
        self.env.flush_all()
        before = {state: visit.state for state, visit in visits.items()}
        barred = {step: set(ROLES) - roles for step, roles in STEPS.items()}
        for role, (state, action) in share_out(barred):
            self.come(getattr(self, role))
            with self.subTest(role=role, state=state, action=action):
                self.assertRefusedCall(visits[state], action, *OPINION.get(action, ()))
        self.env.invalidate_all()
        self.assertEqual({state: visit.state for state, visit in visits.items()}, before)

    def test_every_step_is_taken_by_a_role_and_every_role_takes_some(self):
        for role, (state, action) in share_out(STEPS):
            self.come(getattr(self, role))
            visit = self.prepared(state)
            self.env.flush_all()
            before = [visit[name] for name in STEP_FIELDS]
            with self.subTest(role=role, state=state, action=action):
                self.call(visit, action, *OPINION.get(action, ()))
                self.env.invalidate_all()
                self.assertNotEqual([visit[name] for name in STEP_FIELDS], before)

    def test_every_role_creates_reads_writes_and_deletes_what_it_may(self):
        values = {
            name: value
            for name, value in self.make_visit().copy_data()[0].items()
            if name in ("partner_id", "contact_id", "problem", "technician_ids", "company_id")
        }
        values["user_id"] = self.specialist.id
        model = self.env["aftersales.visit"]
        for role in ROLES:
            visit = self.make_visit()
            self.env.flush_all()
            self.come(getattr(self, role))
            for allowed, record, method, args in (
                (role in READERS, visit, "read", [["name"]]),
                (role in WORKERS, visit, "write", [{"problem": "Other"}]),
                (role in WORKERS | {"colleague"}, model, "create", [[values]]),
                (role in WORKERS, visit, "unlink", []),
            ):
                with self.subTest(role=role, method=method):
                    if allowed:
                        self.call(record, method, *args)
                    else:
                        self.assertRefusedCall(record, method, *args)

    def test_nothing_is_forged(self):
        visit = self.make_visit(state="submitted")
        signed = self.make_visit(state="feedback")
        model = self.env["aftersales.visit"]
        self.env.flush_all()
        for role in ("specialist", "manager"):
            self.come(getattr(self, role))
            for values in (
                {"state": "approved"},
                {"approval_ids": [(0, 0, {"decision": "approved"})]},
                {"feedback_received_by_id": self.callback.id},
                {"record_due_date": "2030-01-01"},
                {"left_on": "2026-01-01 08:00:00"},
                {"problem": "Other"},
            ):
                self.assertRefusedCall(visit, "write", values)
                self.assertRefusedCall(visit, "web_save", values, {"state": {}})
            for values in (
                {"result": "Other"},
                {"score_skill": "1"},
                {"customer_signature": False},
                {"signature_hash": "0"},
                {"signed_by_name": "Other"},
            ):
                self.assertRefusedCall(signed, "write", values)
            self.assertRefusedCall(
                model, "create", [{"partner_id": self.customer.id, "state": "approved"}]
            )
            self.assertRefusedCall(
                visit, "write", {"state": "approved"}, context={"aftersales_unlocked": True}
            )
        self.env.invalidate_all()
        self.assertEqual(visit.state, "submitted")
        self.assertTrue(signed.signature_valid)

    def test_entry_in_the_calendar_moves_no_visit(self):
        visit = self.make_visit(state="approved")
        event, before = visit.calendar_event_id, visit.date_planned_start
        self.env.flush_all()
        for role in ("specialist", "manager", "employee"):
            self.come(getattr(self, role))
            self.assertRefusedCall(event, "write", {"start": "2030-01-01 08:00:00"})
            self.assertRefusedCall(
                event, "write", {"active": False}, context={"aftersales_unlocked": True}
            )
            self.assertRefusedCall(event, "unlink")
            self.assertRefusedCall(event.attendee_ids, "do_decline")
        self.env.invalidate_all()
        self.assertTrue(event.exists().active)
        self.assertEqual((event.start, visit.date_planned_start), (before, before))

    def test_own_request_is_not_approved(self):
        visit = self.make_visit(self.manager, technicians=self.colleague, state="submitted")
        self.env.flush_all()
        self.come(self.manager)
        self.assertRefusedCall(visit, "action_approve")
        self.come(self.director)
        self.call(visit, "action_approve")
        self.env.invalidate_all()
        self.assertEqual(visit.state, "approved")

    def test_strange_values_are_refused_clearly(self):
        visit = self.make_visit(state="on_site")
        self.env.flush_all()
        self.come(self.specialist)
        for values in (
            {"score_attitude": "-1"},
            {"score_attitude": 9},
            {"customer_signature": "PGh0bWw+PHNjcmlwdD4="},
            {"customer_signature": "%%%"},
            {"arrived_on": "2000-01-01 00:00:00"},
            {"arrived_on": str((self.tomorrow + timedelta(days=9)).date()) + " 00:00:00"},
        ):
            with self.subTest(values=values):
                self.assertRefusedCall(visit, "write", values)
        self.call(visit, "write", {"result": "<script>alert(1)</script>\r\n😀"})
        self.env.invalidate_all()
        self.assertIn("<script>", visit.result)
