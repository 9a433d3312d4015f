"""Which events open a call-back, its due date and its caller."""

from datetime import date

from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from . import callback_common


@tagged("post_install", "-at_install")
class TestCallbackOpening(callback_common.CallbackCommon):
    def test_call_is_about_its_document_and_due_the_next_working_day(self):
        call = self.calls._open_for(self.ticket, "visit")
        self.assertRecordValues(
            call,
            [
                {
                    "kind": "visit",
                    "res_model": "helpdesk.ticket",
                    "res_id": self.ticket.id,
                    "round": 1,
                    "state": "todo",
                    "company_id": self.company.id,
                    "partner_id": self.customer.id,
                    "installation_id": self.installation.id,
                    "about_ticket_id": self.ticket.id,
                    "worker_ids": self.specialist.ids,
                    "user_id": self.callback.id,
                    "due_date": date(2026, 11, 20),
                }
            ],
        )
        self.assertEqual(call.document_name, self.ticket.display_name)
        self.assertEqual(call.contact_id, self.customer.software_contact_id)

    def test_each_document_has_one_call_of_a_kind(self):
        call = self.calls._open_for(self.ticket, "visit")
        again = self.calls.with_user(self.specialist)._open_for(self.ticket, "visit")
        self.assertEqual(again, call)
        self.assertNotEqual(self.calls._open_for(self.ticket, "change"), call)
        vals = self.calls._prepare_document_vals(self.ticket, "visit")
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"):
            self.calls._create_unlocked(vals)
        key = {"res_id": self.ticket.id, "kind": "visit"}
        self.assertEqual(self.calls._create_once(key, vals), call)

    def test_day_may_be_given(self):
        call = self.calls._open_for(self.ticket, "visit", due_date=date(2026, 12, 1))
        self.assertEqual(call.due_date, date(2026, 12, 1))

    def test_calls_are_due_on_working_days_around_national_day(self):
        self.add_holiday("2026-10-01", "2026-10-07")
        self.env["aftersales.makeup.day"].create(
            [
                {"company_id": self.company.id, "date": day, "name": "National Day"}
                for day in ("2026-09-20", "2026-10-10")
            ]
        )
        for today, due in (
            ("2026-09-18", "2026-09-20"),
            ("2026-09-19", "2026-09-20"),
            ("2026-09-20", "2026-09-21"),
            ("2026-09-30", "2026-10-08"),
            ("2026-10-03", "2026-10-08"),
            ("2026-10-09", "2026-10-10"),
            ("2026-10-10", "2026-10-12"),
        ):
            with self.subTest(today=today), freeze_time(f"{today} 02:00:00"):
                call = self.open_call()
                self.assertEqual(str(call.due_date), due)
                call.action_record("unreachable")
                expected = self.company._aftersales_next_working_day(self.day(due))
                self.assertEqual(call.due_date, expected)

    # --- who calls ---

    def test_caller_is_nobody_who_did_the_work(self):
        ticket = self.make_ticket(self.callback)
        call = self.calls._open_for(ticket, "visit")
        self.assertEqual(call.user_id, self.manager, "no other call-back specialist is there")
        second = self.make_user("callback2", "jinyang_aftersales.group_callback")
        call = self.calls._open_for(self.make_ticket(self.callback), "complaint")
        self.assertEqual(call.user_id, second)

    def test_call_without_anybody_uninvolved_waits_without_caller(self):
        (self.callback | self.director).active = False
        call = self.calls._open_for(self.make_ticket(self.manager), "change")
        self.assertFalse(call.user_id - self.env.ref("base.user_admin") & self.manager)
        self.assertNotEqual(call.user_id, self.manager)

    def test_worker_is_refused_as_caller_for_everybody_who_assigns(self):
        call = self.open_call()
        for user in (self.callback, self.manager, self.director):
            with self.subTest(user=user.name), self.assertRaisesRegex(ValidationError, "worked on"):
                call.with_user(user).user_id = self.specialist
        with self.assertRaisesRegex(ValidationError, "worked on"):
            call.sudo().user_id = self.specialist
        call.user_id = self.colleague

    def test_worker_does_not_record_whatever_the_role(self):
        call = self.open_call(ticket=self.make_ticket(self.manager))
        with self.assertRaisesRegex(UserError, "somebody else calls"):
            call.with_user(self.manager).action_record("reached", note="All is well")
        self.assertFalse(call.with_user(self.manager).can_record)
        self.assertTrue(call.can_record)

    def test_who_becomes_a_worker_later_loses_the_call(self):
        call = self.open_call()
        self.ticket.browse(call.res_id).user_id = self.callback
        self.calls._sync_workers(self.ticket.browse(call.res_id))
        self.assertEqual(call.worker_ids, self.callback)
        self.assertEqual(call.user_id, self.manager)

    def test_who_becomes_a_worker_later_does_not_record(self):
        call = self.open_call()
        self.ticket.browse(call.res_id).user_id = self.callback
        with self.assertRaisesRegex(UserError, "somebody else calls"):
            call.action_record("reached", note="All is well")

    def test_handing_the_ticket_on_afterwards_does_not_undo_the_work(self):
        self.specialist.group_ids += self.env.ref("jinyang_aftersales.group_callback")
        ticket = self.make_ticket(self.specialist)
        call = self.open_call(ticket=ticket)
        ticket.user_id = self.colleague
        with self.assertRaisesRegex(UserError, "You worked on"):
            call.with_user(self.specialist).action_record("reached", note="All is well")
        with self.assertRaisesRegex(ValidationError, "somebody else calls"), self.cr.savepoint():
            call.user_id = self.specialist
        self.callback.active = False
        self.assertNotIn(call.sudo().user_id, self.specialist | self.colleague | self.callback)

    def test_calls_of_who_leaves_go_to_others(self):
        call = self.open_call()
        self.callback.active = False
        self.assertEqual(call.sudo().user_id, self.manager)

    # --- who plans ---

    def test_calls_about_documents_are_not_made_by_hand(self):
        for kind in ("visit", "change", "complaint"):
            for user in (self.callback, self.manager):
                with self.subTest(kind=kind, user=user.name), self.assertRaises(UserError):
                    self.calls.with_user(user).create(
                        {"kind": kind, "partner_id": self.customer.id}
                    )
        planned = self.calls.with_user(self.callback).create(
            {"kind": "routine", "partner_id": self.customer.id}
        )
        with self.assertRaises(UserError):
            planned.kind = "visit"

    def test_what_the_document_says_stays(self):
        call = self.open_call()
        other = self.make_customer()
        for vals in ({"partner_id": other.id}, {"kind": "routine"}, {"res_id": 1}, {"round": 2}):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                call.write(vals)
        call.contact_id = self.customer.child_ids[:1]

    def test_recorded_call_is_fixed(self):
        call = self.open_call()
        call.action_record("reached", note="All is well")
        for vals in ({"user_id": self.colleague.id}, {"due_date": "2026-12-24"}):
            with self.subTest(vals=vals), self.assertRaisesRegex(UserError, "cannot be changed"):
                call.write(vals)
        call.note = "Asked for a calendar, too"

    def test_rights_of_every_role(self):
        may_write = {"director", "manager", "callback"}
        others = {"specialist", "colleague", "archivist", "developer", "employee"}
        for name in sorted(may_write | others):
            user = getattr(self, name)
            call = self.open_call().with_user(user)
            with self.subTest(user=name):
                readable = name != "employee"
                self.assertEqual(call.has_access("read"), readable)
                self.assertEqual(call.has_access("write"), name in may_write)
                self.assertFalse(call.has_access("unlink"))
                self.assertEqual(self.calls.with_user(user).has_access("create"), name in may_write)
                if name not in may_write:
                    for attempt in (
                        lambda call=call: call.action_record("reached", note="x"),
                        lambda call=call: call.write({"note": "x"}),
                        lambda call=call: call.action_cancel("no longer needed"),
                        lambda call=call: call.action_assign(self.specialist),
                    ):
                        with self.assertRaises(AccessError):
                            attempt()

    def test_callback_specialist_reads_but_does_not_change_the_ticket(self):
        ticket = self.ticket.with_user(self.callback)
        self.assertTrue(ticket.has_access("read"))
        self.assertFalse(ticket.has_access("write"))

    def test_specialist_neither_moves_nor_hands_on_own_calls(self):
        call = self.open_call()
        call.user_id = self.colleague
        own = call.with_user(self.colleague)
        for vals in ({"due_date": "2026-12-24"}, {"user_id": self.callback.id}):
            with self.subTest(vals=vals), self.assertRaises(AccessError):
                own.write(vals)
        own.note = "Not before noon"

    def test_only_managers_cancel(self):
        call = self.open_call()
        with self.assertRaisesRegex(UserError, "service manager"):
            call.action_cancel("no longer needed")
        call.with_user(self.manager).action_cancel("no longer needed")
        self.assertEqual(call.state, "cancelled")
        with self.assertRaises(UserError):
            call.action_record("reached", note="x")

    def test_two_companies_keep_their_calls(self):
        other = self.make_company()
        ticket = self.make_ticket(company_id=other.id, installation_id=False, user_id=False)
        call = self.calls.sudo()._open_for(ticket, "visit")
        self.assertEqual(call.company_id, other)
        self.assertFalse(call.user_id & self.callback)
        self.assertNotIn(call, self.calls.with_user(self.callback).search([]))
