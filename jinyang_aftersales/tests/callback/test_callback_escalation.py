"""五.5.3-4: a question goes to the manager, becomes a ticket, and is verified by a second call."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, freeze_time, tagged

from . import callback_common


@tagged("post_install", "-at_install")
class TestCallbackEscalation(callback_common.CallbackCommon):
    def assign(self, call, user=None):
        return call.with_user(self.manager).action_assign(user or self.colleague)

    def test_question_goes_to_the_managers_at_once(self):
        call = self.escalate()
        self.assertRecordValues(
            call,
            [
                {
                    "state": "escalated",
                    "outcome": "waiting",
                    "escalation_count": 1,
                    "escalation_date": self.day("2026-11-19"),
                    "coverage": 1.0,
                }
            ],
        )
        told = self.activities(call, "callback_escalated")
        self.assertEqual(told.user_id, self.manager)
        self.assertIn("Why is the report empty?", told.note)

    def test_unsolved_old_problem_is_a_question(self):
        call = self.open_call()
        call.action_record("reached", note="The printer again", old_problem=True)
        self.assertEqual(call.state, "escalated")
        self.assertIn("The printer again", self.activities(call, "callback_escalated").note)

    def test_call_without_question_is_done(self):
        call = self.open_call()
        call.action_record("reached", note="All is well")
        self.assertEqual(call.state, "done")
        self.assertFalse(call.outcome)
        self.assertFalse(self.activities(call, "callback_escalated"))

    def test_ticket_of_a_question_is_settled_within_a_working_day(self):
        """M58: the specialist is reminded, then the director told; closing the ticket ends it (五.5.4)."""
        call = self.escalate()
        ticket = self.assign(call)
        self.assertEqual(ticket.question_due_date, self.day("2026-11-20"))
        remind = self.env["aftersales.deadline.mixin"]._remind_all
        remind(self.company, self.day("2026-11-20"))
        self.assertFalse(self.activities(ticket, "question_late"))
        for _run in range(2):
            remind(self.company, self.day("2026-11-23"))
        self.assertEqual(self.activities(ticket, "question_late").user_id, self.colleague)
        remind(self.company, self.day("2026-11-24"))
        told = self.activities(ticket, "question_late")
        self.assertEqual(told.user_id, self.colleague | self.director)
        ticket.with_user(self.colleague).action_announce_delay("question", "2026-11-30", "Parts")
        self.assertEqual(ticket.question_due_date, self.day("2026-11-30"))
        self.close(ticket)
        remind(self.company, self.day("2026-12-08"))
        self.assertFalse(self.activities(ticket, "question_late"))

    def test_day_of_a_question_is_a_setting_and_is_not_written(self):
        """M58: nor does it stand in tickets that answer no question."""
        self.company.aftersales_question_days = 3
        ticket = self.assign(self.escalate())
        self.assertEqual(ticket.question_due_date, self.day("2026-11-24"))
        for user in (self.colleague, self.manager, self.env.ref("base.user_root")):
            with self.assertRaises(UserError):
                ticket.with_user(user).write({"question_due_date": "2027-01-01"})
        self.assertFalse(self.ticket.question_due_date)

    def test_manager_assigns_and_a_ticket_is_made(self):
        call = self.escalate()
        ticket = self.assign(call)
        self.assertRecordValues(
            ticket,
            [
                {
                    "name": "Why is the report empty?",
                    "user_id": self.colleague.id,
                    "partner_id": self.customer.software_contact_id.id,
                    "installation_id": self.installation.id,
                    "company_id": self.company.id,
                }
            ],
        )
        self.assertRecordValues(
            call,
            [
                {
                    "state": "done",
                    "outcome": "assigned",
                    "ticket_id": ticket.id,
                    "assigned_by_id": self.manager.id,
                }
            ],
        )
        self.assertFalse(self.activities(call, "callback_escalated"))
        self.assertEqual(ticket.ticket_callback_count, 1)

    def test_wizard_proposes_the_specialist_in_charge_and_the_question(self):
        call = self.escalate().with_user(self.manager)
        wizards = self.env["aftersales.callback.assign"].with_user(self.manager)
        form = Form(wizards.with_context(**call.action_open_assign()["context"]))
        self.assertEqual(form.user_id, self.specialist)
        self.assertEqual(form.description, "Why is the report empty?")
        form.user_id = self.colleague
        form.title = "Empty report"
        action = form.save().action_assign()
        self.assertEqual(action["res_id"], call.ticket_id.id)
        self.assertEqual(call.ticket_id.name, "Empty report")

    def test_only_managers_assign_and_only_once(self):
        call = self.escalate()
        with self.assertRaisesRegex(UserError, "service manager"):
            call.action_assign(self.colleague)
        with self.assertRaises(AccessError):
            call.with_user(self.specialist).action_assign(self.colleague)
        ticket = self.assign(call)
        with self.assertRaisesRegex(UserError, "does not wait"):
            self.assign(call)
        self.assertEqual(call.ticket_id, ticket)
        with self.assertRaisesRegex(UserError, "does not wait"):
            self.assign(self.open_call())

    def test_assigned_is_somebody_who_works_on_tickets(self):
        call = self.escalate()
        for user in (self.employee, self.archivist, self.env["res.users"]):
            with self.subTest(user=user.name), self.assertRaisesRegex(UserError, "specialist"):
                call.with_user(self.manager).action_assign(user.id)
        self.assertEqual(call.state, "escalated")

    # --- the second call ---

    def test_closing_the_ticket_opens_the_second_call_once(self):
        call = self.escalate()
        ticket = self.assign(call)
        self.assertFalse(call.child_ids)
        with freeze_time("2026-11-20 02:00:00"):
            self.close(ticket)
            self.close(ticket)
            self.calls._verify_closed(self.company, self.day("2026-11-20"))
        second = call.child_ids
        self.assertRecordValues(
            second,
            [
                {
                    "parent_id": call.id,
                    "round": 2,
                    "kind": "visit",
                    "state": "todo",
                    "res_id": call.res_id,
                    "about_ticket_id": ticket.id,
                    "due_date": self.day("2026-11-23"),
                    "user_id": self.callback.id,
                }
            ],
        )
        self.assertIn("Why is the report empty?", second.note)
        self.assertEqual(call.outcome, "verifying")
        self.assertEqual(second.worker_ids, self.specialist | self.colleague)

    def test_who_answered_the_question_does_not_verify_it(self):
        call = self.escalate()
        self.close(self.assign(call))
        for user in (self.specialist, self.colleague):
            with self.assertRaises(ValidationError), self.env.cr.savepoint():
                call.child_ids.user_id = user
        own = self.escalate()
        self.close(self.assign(own, self.manager))
        with self.assertRaisesRegex(UserError, "somebody else calls"):
            own.child_ids.with_user(self.manager).action_record("reached", note="x")

    def test_outcome_is_what_the_customer_says_in_the_second_call(self):
        solved, unsolved = self.escalate(), self.escalate()
        for call in solved | unsolved:
            self.close(self.assign(call))
        solved.child_ids.action_record("reached", note="It works")
        self.assertEqual(solved.outcome, "solved")
        unsolved.child_ids.action_record("reached", open_question="Still empty")
        self.assertEqual(unsolved.outcome, "unsolved")
        third = self.assign(unsolved.child_ids)
        self.close(third)
        self.assertEqual(unsolved.child_ids.child_ids.round, 3)

    def test_reopened_ticket_takes_the_second_call_back(self):
        call = self.escalate()
        ticket = self.assign(call)
        opened = ticket.stage_id
        self.close(ticket)
        ticket.stage_id = opened
        self.assertEqual(call.child_ids.state, "cancelled")
        self.close(ticket)
        self.assertEqual(call.child_ids.state, "todo")
        self.assertEqual(len(call.child_ids), 1)

    def test_team_change_into_a_closed_stage_opens_the_second_call(self):
        call = self.escalate()
        ticket = self.assign(call)
        stage = self.closed_stage()
        team = self.env["helpdesk.ticket.team"].create(
            {"name": "Closers", "user_ids": [(4, self.colleague.id)], "company_id": self.company.id}
        )
        stage.team_ids = team
        self.env["helpdesk.ticket.stage"].search([("id", "!=", stage.id)]).write(
            {"team_ids": [(4, self.env["helpdesk.ticket.team"].create({"name": "Others"}).id)]}
        )
        ticket.team_id = team
        self.assertEqual(ticket.stage_id, stage)
        self.assertTrue(call.child_ids)

    def test_ticket_in_a_stage_that_becomes_closed_is_found_by_the_job(self):
        call = self.escalate()
        ticket = self.assign(call)
        ticket.stage_id = self.env["helpdesk.ticket.stage"].create(
            {"name": "Finished", "record_required": False}
        )
        ticket.stage_id.write({"closed": True, "record_required": False})
        self.assertFalse(call.child_ids)
        for _run in range(3):
            self.calls._verify_closed(self.company, self.day("2026-11-19"))
        self.assertEqual(len(call.child_ids), 1)

    def test_ticket_of_a_question_is_not_deleted(self):
        ticket = self.assign(self.escalate())
        with self.assertRaisesRegex(UserError, "question"):
            ticket.with_user(self.manager).unlink()
        self.assertTrue(ticket.exists())

    def test_renewal_and_routine_calls_have_second_calls_too(self):
        for kind in ("renewal", "routine"):
            call = self.calls.with_user(self.callback).create(
                {"kind": kind, "partner_id": self.customer.id}
            )
            answer = "considering" if kind == "renewal" else False
            call.action_record(
                "reached", answer, open_question="How much?", next_call_on="2026-11-27"
            )
            self.close(self.assign(call))
            second = call.child_ids.with_user(self.callback)
            with self.subTest(kind=kind):
                self.assertEqual((second.kind, second.round), (kind, 2))
                second.action_record("reached", note="Answered")
                self.assertEqual(call.outcome, "solved")

    # --- nobody assigns ---

    def test_unassigned_question_goes_to_the_director(self):
        call = self.escalate()
        remind = self.env["aftersales.deadline.mixin"]._remind_all
        remind(self.company, self.day("2026-11-19"))
        self.assertEqual(self.activities(call, "callback_escalated").user_id, self.manager)
        for _run in range(3):
            remind(self.company, self.day("2026-11-20"))
        told = self.activities(call, "callback_escalated")
        self.assertLessEqual(self.manager | self.director, told.user_id)
        self.assertEqual(len(told), len(told.user_id))
        self.assign(call)
        self.assertFalse(self.activities(call, "callback_escalated"))
        remind(self.company, self.day("2026-11-25"))
        self.assertFalse(self.activities(call, "callback_escalated"))
