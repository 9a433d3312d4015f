"""Recording of calls: scores, comments, unreachable customers, the use of the software."""

from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger

from ...models.callback.values import SCORES
from . import callback_common


@tagged("post_install", "-at_install")
class TestCallbackRecording(callback_common.CallbackCommon):
    def record(self, call, user=None, **values):
        wizards = self.env["aftersales.callback.record"].with_user(user or self.callback)
        wizards.with_context(**call.action_open_record()["context"]).create(values).action_record()

    def test_scores_are_kept_with_product_and_workers(self):
        call = self.open_call()
        self.record(call, score_attitude="5", score_skill="4", note="Friendly")
        self.assertRecordValues(
            call,
            [
                {
                    "state": "done",
                    "result": "reached",
                    "score_attitude": 5,
                    "score_skill": 4,
                    "score_result": 0,
                    "note": "Friendly",
                    "called_by_id": self.callback.id,
                    "worker_ids": self.specialist.ids,
                    "product_ids": self.installation.product_id.ids,
                    "coverage": 1.0,
                }
            ],
        )
        message = self.ticket.browse(call.res_id).message_ids[0]
        self.assertIn("Attitude 5/5", message.body)
        self.assertNotIn("0/5", message.body)

    def test_averages_leave_out_what_was_not_answered(self):
        for score in (5, 2, None):
            call = self.open_call()
            call.action_record("reached", note="x", scores={"score_attitude": score})
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT count(*) FROM aftersales_callback WHERE company_id = %s AND score_attitude IS NULL",
            [self.company.id],
        )
        self.assertEqual(self.env.cr.fetchone()[0], 1)
        [(average, skill)] = self.calls._read_group(
            [("company_id", "=", self.company.id)],
            [],
            ["score_attitude:avg", "score_skill:avg"],
        )
        self.assertEqual(average, 3.5)
        self.assertFalse(skill)

    def test_coverage_leaves_out_cancelled_calls(self):
        done, cancelled, _open = (self.open_call() for _number in range(3))
        done.action_record("reached", note="x")
        cancelled.with_user(self.manager).action_cancel("asked twice")
        self.env.flush_all()
        [(coverage,)] = self.calls._read_group(
            [("company_id", "=", self.company.id)], [], ["coverage:avg"]
        )
        self.assertEqual(coverage, 0.5)

    def test_scores_are_grouped_by_employee_and_product(self):
        self.open_call().action_record("reached", scores={"score_skill": 4})
        self.open_call(ticket=self.make_ticket(self.colleague)).action_record(
            "reached", scores={"score_skill": 2}
        )
        domain = [("company_id", "=", self.company.id)]
        self.assertEqual(
            dict(self.calls._read_group(domain, ["worker_ids"], ["score_skill:avg"])),
            {self.specialist: 4.0, self.colleague: 2.0},
        )
        self.assertEqual(
            self.calls._read_group(domain, ["product_ids"], ["score_skill:avg"]),
            [(self.installation.product_id, 3.0)],
        )

    def test_wrong_scores_are_refused_and_leave_nothing(self):
        call = self.open_call()
        for value in (-1, 0, 6, 2.5, "5", True, [5], 10**30, "five"):
            for name in SCORES:
                with (
                    self.subTest(name=name, value=value),
                    self.assertRaisesRegex(UserError, "from 1"),
                ):
                    call.action_record("reached", note="x", scores={name: value})
        with self.assertRaisesRegex(UserError, "from 1"):
            call.action_record("reached", note="x", scores={"state": 5})
        self.assertEqual((call.state, call.attempt_count), ("todo", 0))

    def test_database_refuses_scores_out_of_range(self):
        call = self.open_call()
        for value in (-1, 6):
            for name in SCORES:
                with (
                    self.subTest(name=name, value=value),
                    mute_logger("odoo.sql_db"),
                    self.assertRaises(CheckViolation),
                    self.env.cr.savepoint(),
                ):
                    call.sudo()._write_unlocked({name: value})
                    call.flush_recordset()

    def test_strange_texts_are_stored_as_they_are(self):
        for text in (
            "好" * 20000,
            "👍 <script>alert(1)</script>",
            "line\r\nBcc: x@example.com\r\n",
            "' OR 1=1 --",
        ):
            call = self.open_call()
            with self.subTest(text=text[:20]):
                call.action_record("reached", note=text, open_question=text)
                self.assertEqual(call.open_question, text.strip())
                message = self.ticket.browse(call.res_id).message_ids[0]
                self.assertNotIn("<script>", message.body)
                ticket = call.with_user(self.manager).action_assign(self.colleague)
                self.assertNotIn("<script>", ticket.description)
                self.assertNotIn("\n", ticket.name)
                self.assertLessEqual(len(ticket.name), 80)

    def test_reached_without_anything_said_is_refused(self):
        call = self.open_call()
        for values in ({}, {"note": "  "}, {"open_question": " \n"}, {"answer": "renewing"}):
            with (
                self.subTest(values=values),
                self.assertRaisesRegex(UserError, "what the customer"),
            ):
                call.action_record("reached", **values)
        with self.assertRaisesRegex(UserError, "Say whether"):
            call.action_record("busy")
        self.assertEqual(call.state, "todo")

    def test_defaults_of_a_caller_record_nothing(self):
        forged = {
            "state": "done",
            "result": "reached",
            "score_skill": 5,
            "called_by_id": self.manager.id,
            "attempt_count": 1,
            "worker_ids": [(6, 0, self.colleague.ids)],
            "res_model": "res.users",
        }
        context = {f"default_{name}": value for name, value in forged.items()}
        planned = (
            self.calls.with_user(self.callback)
            .with_context(**context)
            .create({"kind": "routine", "partner_id": self.customer.id})
        )
        opened = self.calls.with_context(**context)._open_for(self.make_ticket(), "visit")
        for call in (planned, opened):
            self.assertEqual((call.state, call.result, call.attempt_count), ("todo", False, 0))
            self.assertFalse(call.score_skill or call.called_by_id)
        self.assertFalse(planned.worker_ids or planned.res_model)

    def test_results_cannot_be_written_or_created(self):
        for user in (self.callback, self.manager, self.director):
            call = self.open_call().with_user(user)
            for vals in (
                {"score_skill": 5},
                {"open_question": "x"},
                {"old_problem": True},
                {"ticket_id": self.ticket.id},
                {"escalated_on": "2026-11-19 02:00:00"},
                {"worker_ids": [(5,)]},
                {"product_ids": [(5,)]},
                {"parent_id": call.id},
                {"cycle_date": "2026-11-19"},
            ):
                with self.subTest(user=user.name, vals=vals), self.assertRaises(UserError):
                    call.write(vals)
                with self.subTest(user=user.name, vals=vals), self.assertRaises(UserError):
                    call.create({"partner_id": self.customer.id, "kind": "routine", **vals})

    # --- unreachable ---

    def test_managers_are_told_once_at_the_limit_of_the_company(self):
        self.company.aftersales_callback_attempts = 2
        call = self.open_call()
        call.action_record("unreachable")
        self.assertFalse(self.activities(call, "unreachable"))
        call.action_record("unreachable")
        self.assertEqual(self.activities(call, "unreachable").user_id, self.manager)
        call.action_record("unreachable")
        self.assertEqual(len(self.activities(call, "unreachable")), 1)
        self.assertEqual((call.state, call.attempt_count), ("todo", 3))
        call.action_record("reached", note="x")
        self.assertFalse(self.activities(call, "unreachable"))

    def test_retry_is_on_the_next_working_day(self):
        call = self.open_call()
        with freeze_time("2026-11-20 02:00:00"):
            call.action_record("unreachable")
        self.assertEqual(str(call.due_date), "2026-11-23")

    # --- deadline ---

    def test_late_call_is_told_to_the_caller_and_then_to_the_managers(self):
        call = self.open_call()
        remind = self.env["aftersales.deadline.mixin"]._remind_all
        remind(self.company, self.day("2026-11-20"))
        self.assertFalse(self.activities(call, "callback_due"))
        for _run in range(3):
            remind(self.company, self.day("2026-11-23"))
        self.assertEqual(self.activities(call, "callback_due").user_id, self.callback)
        remind(self.company, self.day("2026-11-24"))
        told = self.activities(call, "callback_due")
        self.assertEqual(told.user_id, self.callback | self.manager)
        call.action_record("reached", note="x")
        self.assertFalse(self.activities(call, "callback_due"))

    def test_reminder_goes_along_with_the_call(self):
        call = self.open_call()
        self.env["aftersales.deadline.mixin"]._remind_all(self.company, self.day("2026-11-23"))
        call.user_id = self.colleague
        self.assertEqual(self.activities(call, "callback_due").user_id, self.colleague)

    def test_caller_announces_a_delay_with_its_reason(self):
        call = self.open_call()
        with self.assertRaises(AccessError):
            call.with_user(self.archivist).action_announce_delay("call", "2026-12-01", "no time")
        call.action_announce_delay("call", "2026-12-01", "The customer is on leave")
        self.assertEqual(str(call.due_date), "2026-12-01")

    # --- routine ---

    def routine(self):
        return self.calls.create(
            {"kind": "routine", "partner_id": self.customer.id, "user_id": self.specialist.id}
        ).with_user(self.specialist)

    def test_specialist_records_own_routine_call_and_the_use_of_the_software(self):
        call = self.routine()
        wizards = self.env["aftersales.callback.record"].with_user(self.specialist)
        form = Form(wizards.with_context(**call.action_open_record()["context"]))
        self.assertEqual(len(form.usage_ids), 1)
        with form.usage_ids.edit(0) as row:
            row.usage_state = "partial"
            row.usage_note = "Only the ledger"
        form.score_software = "3"
        form.save().action_record()
        self.assertEqual(call.state, "done")
        self.assertEqual(self.installation.usage_state, "partial")
        self.assertEqual(self.installation.usage_note, "Only the ledger")

    def test_callback_specialist_updates_the_use_without_rights_on_software(self):
        call = self.routine().with_user(self.callback)
        self.assertFalse(self.installation.with_user(self.callback).has_access("write"))
        call.action_record(
            "reached",
            usage=[{"installation_id": self.installation.id, "usage_state": "rare"}],
        )
        self.assertEqual(self.installation.usage_state, "rare")

    def test_use_of_other_software_is_refused(self):
        call = self.routine()
        stranger = self.make_installation()
        for usage in (
            [{"installation_id": stranger.id, "usage_state": "rare"}],
            [{"installation_id": self.installation.id, "usage_state": "lost"}],
            [{}],
        ):
            with self.subTest(usage=usage), self.assertRaisesRegex(UserError, "of this customer"):
                call.action_record("reached", note="x", usage=usage)
        self.assertFalse(stranger.usage_state)
        with self.assertRaises(UserError):
            self.open_call().action_record("reached", usage=[{"installation_id": stranger.id}])

    def test_specialist_records_no_calls_of_others(self):
        call = self.routine()
        with self.assertRaises(AccessError):
            call.with_user(self.colleague).action_record("reached", note="x")
        with self.assertRaises(AccessError):
            self.record(call.with_user(self.colleague), self.colleague, note="x")
