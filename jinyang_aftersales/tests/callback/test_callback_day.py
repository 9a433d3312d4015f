"""The day of a call, and calls that are not made: nobody gets around them unseen (三.8, 五.5.1)."""

import importlib.util
from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, freeze_time, tagged
from odoo.tools.misc import file_path

from ..common_rpc import RpcClient
from .callback_common import CallbackCommon

MIGRATION = "jinyang_aftersales/migrations/19.0.3.0.0/pre-callback.py"
LATER = "2026-12-01"
OVERDUE = "2026-11-23 02:00:00"


@tagged("post_install", "-at_install")
class TestCallbackDay(CallbackCommon):
    """The call is opened on Thursday 19 November and due on Friday the 20th."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.call = cls.open_call()

    def is_overdue(self):
        self.call.invalidate_recordset(["is_overdue"])
        found = self.calls.search([("is_overdue", "=", True), ("id", "=", self.call.id)])
        self.assertEqual(bool(found), self.call.is_overdue)
        return self.call.is_overdue

    def refused(self, values, call=None):
        with self.assertRaisesRegex(UserError, "Announce a delay"):
            (call or self.call).write(values)

    def test_planner_moves_the_day_once_before_it_has_come(self):
        """M06: the first move is free, the second one a delay; the first day stays known."""
        self.call.due_date = "2026-11-26"
        self.assertEqual(self.call.due_date_first, date(2026, 11, 20))
        self.refused({"due_date": LATER})
        self.refused({"due_date": "2026-11-20"})
        self.call.write({"due_date": "2026-11-26", "note": "the same day"})
        self.call.action_announce_delay("call", LATER, "The customer asked for it")
        self.assertEqual(self.call.due_date, date(2026, 12, 1))
        self.assertEqual(self.call.due_date_first, date(2026, 11, 20))
        self.assertTrue(self.call.delay_ids.in_time)
        self.refused({"due_date": "2026-12-02"})

    def test_call_that_was_delayed_is_not_moved_freely_afterwards(self):
        """M06: every later move is a delay, also where the first one was announced."""
        self.call.action_announce_delay("call", "2026-11-26", "The customer asked for it")
        self.refused({"due_date": LATER})

    def test_on_its_day_and_after_it_nobody_writes_the_day(self):
        """M06: the caller, a manager, a director, and sudo."""
        for moment in ("2026-11-20 02:00:00", OVERDUE):
            for user in (self.callback, self.manager, self.director):
                with self.subTest(moment=moment, user=user.name), freeze_time(moment):
                    self.refused({"due_date": LATER}, self.call.with_user(user))
        with freeze_time(OVERDUE):
            self.refused({"due_date": LATER}, self.call.sudo())
            self.assertTrue(self.is_overdue())

    def test_day_is_not_written_through_the_customer_or_an_import(self):
        """M06: neither by commands from a neighbour nor by load."""
        with freeze_time(OVERDUE):
            customer = self.customer.with_user(self.manager)
            with self.assertRaisesRegex(UserError, "Announce a delay"):
                customer.callback_ids = [(1, self.call.id, {"due_date": LATER})]
            result = self.calls.with_user(self.manager).load(
                [".id", "due_date"], [[str(self.call.id), LATER]]
            )
            self.assertIn("Announce a delay", result["messages"][0]["message"])
        self.assertEqual(self.call.due_date, date(2026, 11, 20))

    def test_overdue_call_stays_overdue_after_a_late_delay(self):
        """M06: marked, red in the lists, and counted by its first day."""
        with freeze_time(OVERDUE):
            self.call.action_announce_delay("call", LATER, "I was ill")
            self.assertTrue(self.is_overdue())
            self.assertEqual(self.call.overdue_since, date(2026, 11, 20))
            self.assertFalse(self.call.delay_ids.in_time)
        with freeze_time("2026-11-24 02:00:00"):
            self.call.action_announce_delay("call", "2026-12-03", "Still ill")
        self.assertEqual(self.call.overdue_since, date(2026, 11, 20))
        self.assertEqual(self.call.due_date_first, date(2026, 11, 20))

    def test_delay_in_time_is_no_mark(self):
        """M06: said on the last day, it is in time (三.8)."""
        with freeze_time("2026-11-20 02:00:00"):
            self.call.action_announce_delay("call", LATER, "The customer is on leave")
        with freeze_time(OVERDUE):
            self.assertFalse(self.is_overdue())
        self.assertFalse(self.call.overdue_since)

    def test_retry_after_unreachable_is_no_delay(self):
        """M06: the next attempt has a new day; the planner's own move is still to come."""
        with freeze_time(OVERDUE):
            self.call.action_record("unreachable")
            self.assertFalse(self.is_overdue())
            self.assertEqual(self.call.due_date, date(2026, 11, 24))
            self.assertFalse(self.call.delay_ids)
            self.call.due_date = LATER
        self.assertEqual(self.call.due_date_first, date(2026, 11, 20))

    def test_facts_of_the_day_are_not_written(self):
        """M06: neither the first day nor the marks."""
        for values in (
            {"due_date_first": LATER},
            {"is_moved": False},
            {"overdue_since": False},
            {"cancel_reason": "x"},
            {"cancelled_by_id": False},
        ):
            for user in (self.manager, self.env.ref("base.user_root")):
                with self.subTest(values=values), self.assertRaises(UserError):
                    self.call.with_user(user).write(values)
        with self.assertRaises(UserError):
            self.calls.with_user(self.callback).create(
                {"kind": "routine", "partner_id": self.customer.id, "due_date_first": LATER}
            )

    def test_report_counts_by_the_first_day(self):
        """M06: a call that was moved into the next month stays in the month in which it was due."""
        action = self.env.ref("jinyang_aftersales.aftersales_callback_action_report")
        self.assertIn("due_date_first", action.context)
        self.call.due_date = LATER
        groups = self.calls._read_group(
            [("id", "=", self.call.id)], ["due_date_first:month"], ["coverage:avg"]
        )
        self.assertEqual(groups, [(date(2026, 11, 1), 0.0)])

    # --- not called ---

    def test_no_call_is_deleted_by_anybody(self):
        """M48: whatever its state, by the manager, the director, the administrator and sudo."""
        calls = {"todo": self.call, "done": self.open_call(), "cancelled": self.open_call()}
        calls["done"].action_record("reached", note="All is well")
        calls["cancelled"].with_user(self.manager).action_cancel("The customer has closed down")
        self.manager.group_ids += self.env.ref("base.group_system")
        for state, call in calls.items():
            self.assertEqual(call.state, state)
            for user in (self.manager, self.director, self.callback):
                with self.assertRaises(AccessError):
                    call.with_user(user).unlink()
            with self.assertRaisesRegex(UserError, "are kept"):
                call.sudo().unlink()
        with self.assertRaisesRegex(UserError, "are kept"), self.cr.savepoint():
            self.customer.sudo().callback_ids = [(2, self.call.id)]
        self.assertTrue(self.call.exists())

    def test_cancelling_needs_a_reason_which_stays_with_the_call(self):
        """M48: asked for in the dialogue; the call stays in the lists."""
        call = self.call.with_user(self.manager)
        for reason in (False, "", "  ", 5):
            with self.assertRaisesRegex(UserError, "Say why"):
                call.action_cancel(reason)
        action = call.action_open_cancel()
        dialogue = self.env[action["res_model"]].with_user(self.manager)
        dialogue.with_context(**action["context"]).create(
            {"reason": "The customer has closed down"}
        ).action_confirm()
        self.assertRecordValues(
            call,
            [
                {
                    "state": "cancelled",
                    "cancel_reason": "The customer has closed down",
                    "cancelled_by_id": self.manager.id,
                }
            ],
        )
        self.assertIn(call, self.calls.search([("partner_id", "=", self.customer.id)]))
        self.assertIn(call, self.customer.callback_ids)
        report = self.env.ref("jinyang_aftersales.aftersales_callback_action_report")
        self.assertNotIn("not_cancelled", report.context)

    def test_who_did_the_work_does_not_cancel_the_question_about_it(self):
        """M48: a manager who worked on the ticket is not the one who leaves the customer unasked."""
        call = self.open_call(ticket=self.make_ticket(self.manager))
        with self.assertRaisesRegex(UserError, "somebody else cancels"):
            call.with_user(self.manager).action_cancel("no need")
        call.with_user(self.director).action_cancel("The customer has closed down")

    def test_call_that_its_document_cancels_says_why(self):
        """M48: the second call of a ticket that is reopened; closed again it is owed from then on."""
        call = self.escalate(self.call)
        ticket = call.with_user(self.manager).action_assign(self.colleague)
        stage = ticket.stage_id
        self.close(ticket)
        second = call.child_ids
        second.due_date = LATER
        ticket.sudo().stage_id = stage
        self.assertEqual(second.state, "cancelled")
        self.assertIn("was reopened", second.cancel_reason)
        with freeze_time(OVERDUE):
            self.close(ticket)
        self.assertRecordValues(
            second,
            [
                {
                    "state": "todo",
                    "due_date": date(2026, 11, 24),
                    "due_date_first": date(2026, 11, 24),
                    "is_moved": False,
                    "cancel_reason": False,
                }
            ],
        )

    def test_migration_takes_the_first_day_from_the_delays(self):
        """M06: no fact is invented; without a delay the present day is the first one known."""
        moved = self.open_call()
        with freeze_time("2026-11-20 02:00:00"):
            moved.action_announce_delay("call", LATER, "The customer is on leave")
        self.env.flush_all()
        self.cr.execute("UPDATE aftersales_callback SET due_date_first = NULL")
        spec = importlib.util.spec_from_file_location("pre_callback", file_path(MIGRATION))
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        module.migrate(self.cr, False)
        self.env.invalidate_all()
        self.assertFalse(moved.due_date_first)
        for _run in range(2):
            module.migrate(self.cr, "19.0.2.0.0")
        self.env.invalidate_all()
        self.assertEqual(moved.due_date_first, date(2026, 11, 20))
        self.assertEqual(self.call.due_date_first, self.call.due_date)


@tagged("post_install", "-at_install")
class TestCallbackDayRpc(RpcClient, CallbackCommon, HttpCase):
    def assertRefused(self, message, record, method, *args):
        self.assertRefusedCall(record, method, *args, error=message)

    def test_day_and_deletion_over_the_wire(self):
        """M06, M48: what forms refuse is refused to programs, too."""
        moved = self.open_call()
        moved.due_date = LATER
        for name in ("callback", "manager", "director"):
            self.come(getattr(self, name))
            self.assertRefused("UserError", moved, "write", {"due_date": "2027-01-04"})
            self.assertRefused("UserError", moved, "write", {"is_moved": False})
            self.assertRefused("AccessError", moved, "unlink")
        self.assertRefused("UserError", moved, "action_cancel")
        self.assertEqual(moved.due_date, date(2026, 12, 1))
