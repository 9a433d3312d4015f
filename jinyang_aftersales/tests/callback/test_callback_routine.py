"""Regular calls to customers (四 专员.2)."""

from datetime import date
from unittest.mock import patch

from psycopg2.errors import CheckViolation

from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from . import callback_common


@tagged("post_install", "-at_install")
class TestCallbackRoutine(callback_common.CallbackCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.aftersales_callback_interval_days = 90
        cls.installation.installation_date = date(2026, 1, 5)

    def run_step(self, day="2026-11-19"):
        self.calls._create_routine(self.company, self.day(day))
        return self.routine()

    def routine(self, customer=None):
        return self.calls.search(
            [("kind", "=", "routine"), ("partner_id", "=", (customer or self.customer).id)],
            order="id",
        )

    def test_specialist_in_charge_calls_when_the_interval_has_passed(self):
        call = self.run_step()
        self.assertRecordValues(
            call,
            [
                {
                    "kind": "routine",
                    "user_id": self.specialist.id,
                    "due_date": date(2026, 11, 19),
                    "cycle_date": date(2026, 4, 5),
                    "contact_id": self.customer.software_contact_id.id,
                    "company_id": self.company.id,
                }
            ],
        )
        self.assertEqual(call.installation_ids, self.installation)

    def test_it_is_due_on_a_working_day(self):
        self.assertEqual(self.run_step("2026-11-21").due_date, date(2026, 11, 23))

    def test_five_runs_make_one_call(self):
        for _run in range(5):
            self.run_step()
        self.assertEqual(len(self.routine()), 1)

    def test_next_call_is_an_interval_after_the_last(self):
        call = self.run_step().with_user(self.specialist)
        with freeze_time("2026-11-19 17:00:00"):
            # 20 November in China
            call.action_record("reached", note="x")
        self.assertEqual(len(self.run_step("2027-02-17")), 1)
        calls = self.run_step("2027-02-18")
        self.assertEqual(len(calls), 2)
        self.assertEqual(calls[-1].cycle_date, date(2027, 2, 18))

    def test_customer_with_an_open_call_or_question_gets_no_other(self):
        call = self.run_step().with_user(self.specialist)
        self.assertEqual(len(self.run_step("2028-01-03")), 1)
        call.action_record("reached", open_question="Why?")
        self.assertEqual(len(self.run_step("2028-01-03")), 1)

    def test_cancelled_call_is_not_made_again_before_the_interval(self):
        self.run_step().with_user(self.manager).action_cancel("on holiday")
        self.assertEqual(len(self.run_step()), 1)
        self.assertEqual(len(self.run_step("2027-03-01")), 2)

    def test_interval_of_the_customer_wins(self):
        self.installation.installation_date = date(2026, 11, 1)
        self.assertFalse(self.run_step())
        self.customer.callback_interval_days = 10
        self.assertTrue(self.run_step())

    def test_no_interval_no_call(self):
        self.company.aftersales_callback_interval_days = 0
        self.assertFalse(self.run_step())
        self.customer.callback_interval_days = 30
        self.assertTrue(self.run_step())

    def test_customers_who_are_left_out(self):
        self.customer.no_routine_callback = True
        self.assertFalse(self.run_step())
        self.customer.no_routine_callback = False
        self.customer.active = False
        self.assertFalse(self.run_step())
        self.customer.active = True
        self.installation.active = False
        self.assertFalse(self.run_step())
        self.installation.active = True
        self.assertTrue(self.run_step())

    def test_customer_without_specialist_is_called_by_a_callback_specialist(self):
        self.customer.service_user_id = False
        self.assertEqual(self.run_step().user_id, self.callback)

    def test_open_call_follows_the_specialist_in_charge(self):
        call = self.run_step()
        self.customer.with_user(self.manager).sudo().service_user_id = self.colleague
        self.assertEqual(call.user_id, self.colleague)

    def test_one_broken_customer_stops_no_other(self):
        other = self.make_installation(installation_date=date(2026, 1, 5)).partner_id
        original = type(self.calls)._prepare_routine_vals

        def broken(calls, company, day, batch):
            if any(number == self.customer.id for number, _cycle in batch):
                raise ValueError("broken")
            return original(calls, company, day, batch)

        with (
            patch.object(type(self.calls), "_prepare_routine_vals", broken),
            self.assertRaisesRegex(UserError, "broken"),
        ):
            self.run_step()
        self.assertFalse(self.routine())
        self.assertEqual(len(self.routine(other)), 1)

    def test_queries_do_not_grow_with_the_customers(self):
        def count(number):
            for _customer in range(number):
                self.make_installation(installation_date=date(2026, 1, 5))
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.run_step()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        count(1)
        few, many = count(5), count(25)
        self.assertLessEqual(many, few + 2)

    def test_negative_interval_is_refused(self):
        for record, name in (
            (self.customer, "callback_interval_days"),
            (self.company, "aftersales_callback_interval_days"),
        ):
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaises(CheckViolation),
                self.env.cr.savepoint(),
            ):
                record[name] = -1
                record.flush_recordset()

    def test_interval_is_read_by_service_roles_only(self):
        found = self.customer.with_user(self.employee).fields_get()
        self.assertNotIn("callback_interval_days", found)
        self.assertNotIn("callback_ids", found)
