from datetime import date
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from odoo.addons.jinyang_aftersales.groups import MANAGERS

from . import detection_common


@tagged("post_install", "-at_install")
class TestDetectionFound(detection_common.DetectionCommon):
    """七.4, 七.5: what the search has found is found once and stays, and waits where no employee is known."""

    # --- once ---

    def test_case_is_found_once_whatever_became_of_it(self):
        ticket = self.make_ticket()
        found = self.detect("2026-11-23")
        self.assertFalse(self.detect("2026-11-23"))
        found.with_user(self.manager).action_cancel("已口头说明")
        self.assertFalse(self.detect("2026-11-24"))
        # another assigned user makes no other case
        self.make_employee(self.colleague)
        ticket.user_id = self.colleague
        self.assertFalse(self.detect("2026-11-25"))

    def test_found_case_is_cancelled_not_deleted(self):
        self.make_ticket()
        found = self.detect("2026-11-23").with_user(self.manager)
        with self.assertRaisesRegex(UserError, "cancel it"):
            found.unlink()

    def test_search_runs_once_a_day(self):
        self.make_ticket()
        with freeze_time("2026-11-23 02:00:00"):
            today = self.company._aftersales_today()
            self.search_model._detect_daily(self.company, today)
            self.assertEqual(self.company.aftersales_detected_on, today)
            self.make_ticket()
            self.search_model._detect_daily(self.company, today)
        self.assertEqual(self.penalties.search_count([]), 1)
        with freeze_time("2026-11-24 02:00:00"):
            self.search_model._detect_daily(self.company, self.company._aftersales_today())
        self.assertEqual(self.penalties.search_count([]), 2)

    def test_hourly_job_searches_before_it_tells_the_managers(self):
        steps = self.env["aftersales.job"]._ordered_steps()
        names = [work.__name__ for work in steps]
        own = [(45, "_warn_of_none"), (50, "_detect_daily")]
        listed = sorted([*self.list_job_steps(), *own])
        self.assertEqual(names, [name for _number, name in listed])
        search = names.index("_detect_daily")
        self.make_ticket()
        with freeze_time("2026-11-23 02:00:00"):
            for work in steps[search:]:
                work(self.company, self.company._aftersales_today())
        found = self.penalties.search([])
        self.assertEqual(len(found), 1)
        self.assertEqual(found.sudo().activity_ids.user_id, self.manager)

    def test_other_company_finds_its_own_only(self):
        self.make_ticket()
        other = self.make_company()
        source = self.search_model._get_sources()[1]
        self.search_model._detect(other, date(2026, 11, 23), source, [])
        self.assertFalse(self.penalties.sudo().search([("company_id", "=", other.id)]))

    # --- one bad record ---

    def test_one_bad_record_stops_no_other_and_is_visible(self):
        good, bad = self.make_ticket(), self.make_ticket()
        model = type(self.search_model)
        describe = model._describe

        def broken(records, document, *args):
            if document == bad.sudo():
                raise ValueError("unreadable")
            return describe(records, document, *args)

        with (
            freeze_time("2026-11-23 02:00:00"),
            patch.object(model, "_describe", broken),
            self.assertRaisesRegex(
                UserError, f"REMOTE_RECORD helpdesk.ticket {bad.id}: unreadable"
            ),
        ):
            self.search_model._detect_daily(self.company, self.company._aftersales_today())
        self.assertEqual(self.penalties.search([]).evidence_id, good.id)
        # the day is not marked as searched: the failed document is searched again
        self.assertFalse(self.company.aftersales_detected_on)
        self.assertEqual(self.detect("2026-11-23").evidence_id, bad.id)

    # --- frozen ---

    def test_what_was_found_is_written_in_the_style_of_its_language(self):
        facts = [("截止日", date(2026, 11, 20)), ("客户", ""), ("联系人", "何艳")]
        chinese = self.penalties.with_context(lang="zh_CN")
        self.assertEqual(chinese._say_facts(facts), "截止日：2026/11/20\n联系人：何艳")

    def test_what_was_found_stays_as_it_was(self):
        ticket = self.make_ticket()
        self.env["ir.model"]._get("helpdesk.ticket").name = "Record"
        penalty = self.detect("2026-11-23")
        day = penalty._say_day(date(2026, 11, 20))
        for text in (self.customer.name, day, ticket.number, "Record: "):
            self.assertIn(text, f"{penalty.evidence_name}\n{penalty.evidence_copy}")
        copy = penalty.evidence_copy
        ticket.write({"name": "Renamed", "user_id": self.colleague.id})
        self.customer.name = "Renamed, too"
        rule = self.penalty_rule("REMOTE_RECORD")
        rule.write({"clause": "X", "outcome": "warning", "to_fund": False, "amount": 1})
        self.env.flush_all()
        penalty.invalidate_recordset()
        self.assertEqual(penalty.evidence_copy, copy)
        self.assertEqual(
            (penalty.clause, penalty.outcome, penalty.to_fund, penalty.amount),
            ("七.5", "fine", True, 50),
        )
        ticket.sudo().unlink()
        self.assertEqual(penalty.evidence_copy, copy)
        self.assertFalse(penalty.has_evidence)
        with self.assertRaisesRegex(UserError, "not there"):
            penalty.action_open_evidence()

    def test_what_was_found_is_not_rewritten(self):
        self.make_ticket()
        penalty = self.detect("2026-11-23").with_user(self.manager)
        for vals in (
            {"evidence_copy": "x"},
            {"evidence_id": 1},
            {"evidence_name": "x"},
            {"outcome": "warning"},
            {"to_fund": False},
            {"clause": "x"},
            {"follow_up_date": "2030-01-01"},
            {"found_by": "manager"},
            {"date": "2026-01-01"},
        ):
            refusal = self.assertRaisesRegex(UserError, "Use the buttons|found, not entered")
            with refusal, self.cr.savepoint():
                penalty.write(vals)

    def test_evidence_is_opened_by_who_may_read_it(self):
        ticket = self.make_ticket()
        penalty = self.detect("2026-11-23")
        penalty.with_user(self.manager).action_notify()
        action = penalty.with_user(self.specialist).action_open_evidence()
        self.assertEqual((action["res_model"], action["res_id"]), (ticket._name, ticket.id))

    # --- cases without an employee ---

    def test_user_without_employee_is_an_exception_once(self):
        ticket = self.make_ticket(user=self.colleague)
        nobody = self.make_ticket(user_id=False)
        self.assertFalse(self.detect("2026-11-23"))
        self.assertFalse(self.detect("2026-11-24"))
        cases = self.env["aftersales.penalty.exception"].search([], order="evidence_id")
        self.assertRecordValues(
            cases,
            [
                {
                    "evidence_id": row.id,
                    "user_id": user,
                    "amount": 50,
                    "date": date(2026, 11, 20),
                    "state": "open",
                }
                for row, user in ((ticket, self.colleague.id), (nobody, False))
            ],
        )
        with freeze_time("2026-11-24 02:00:00"):
            for _run in range(2):
                self.env["aftersales.deadline.mixin"]._remind_all(
                    self.company, self.company._aftersales_today()
                )
        for case in cases.sudo():
            self.assertEqual(case.activity_ids.user_id, self.manager)

    def test_exception_becomes_a_penalty_when_the_employee_is_known(self):
        ticket = self.make_ticket(user=self.colleague)
        self.detect("2026-11-23")
        case = self.env["aftersales.penalty.exception"].search([]).with_user(self.manager)
        with self.assertRaisesRegex(UserError, "name the employee"), self.cr.savepoint():
            case.action_propose()
        employee = self.make_employee(self.colleague)
        # the exception is left to the manager: the search does not find the case again
        self.assertFalse(self.detect("2026-11-24"))
        case.action_propose()
        self.assertRecordValues(
            case.penalty_id,
            [
                {
                    "employee_id": employee.id,
                    "amount": 50,
                    "date": date(2026, 11, 20),
                    "evidence_id": ticket.id,
                    "evidence_copy": case.evidence_copy,
                }
            ],
        )
        self.assertEqual(case.state, "proposed")
        with self.assertRaisesRegex(UserError, "already"), self.cr.savepoint():
            case.action_close()

    def test_exception_is_closed_with_a_reason_by_managers_only(self):
        self.make_ticket(user=self.colleague)
        self.detect("2026-11-23")
        case = self.env["aftersales.penalty.exception"].search([])
        with self.assertRaises(UserError), self.cr.savepoint():
            case.with_user(self.specialist).read(["evidence_copy"])
        case = case.with_user(self.manager)
        with self.assertRaisesRegex(UserError, "reason"), self.cr.savepoint():
            case.action_close()
        for vals in ({"state": "closed"}, {"evidence_copy": "x"}, {"amount": 1}):
            with self.assertRaisesRegex(UserError, "Use the buttons"), self.cr.savepoint():
                case.write(vals)
        case.reason = "外包人员"
        case.action_close()
        self.assertEqual(case.state, "closed")

    def test_manager_without_employee_never_deals_with_his_own_case(self):
        other = self.make_user("other.manager", MANAGERS)
        self.make_ticket(user=self.manager)
        self.detect("2026-11-23")
        case = self.env["aftersales.penalty.exception"].search([])
        self.assertEqual(case.user_id, self.manager)
        self.assertFalse(case.with_user(self.manager).search([]))
        with self.assertRaises(AccessError), self.cr.savepoint():
            case.with_user(self.manager).read(["evidence_copy"])
        self.assertEqual(case.with_user(other).search([]), case)
        deadline = case._find_deadline("exception", self.company)
        self.assertEqual(deadline.users(case.sudo()), other)

    def test_employee_of_another_company_or_who_left_is_none(self):
        self.make_employee(self.colleague, company_id=self.make_company().id, department_id=False)
        self.worker.active = False
        self.make_ticket(user=self.colleague)
        self.make_ticket()
        self.assertFalse(self.detect("2026-11-23"))
        self.assertEqual(self.env["aftersales.penalty.exception"].search_count([]), 2)

    # --- cost ---

    def test_queries_do_not_follow_the_number_of_tickets(self):
        source = self.search_model._get_sources()[1]
        today = date(2026, 11, 23)

        def queries(count):
            for _number in range(count):
                self.make_ticket()
            self.env.flush_all()
            # what is tracked of new tickets is written at the end of their transaction
            self.cr.precommit.run()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.search_model._detect(self.company, today, source, [])
            return self.cr.sql_log_count - before

        queries(1)
        self.assertEqual(queries(5), queries(25))
        self.assertEqual(self.penalties.search_count([]), 31)
        self.env.flush_all()
        # two of them find the years whose holidays are known
        with self.assertQueryCount(13):
            self.search_model._detect(self.company, today, source, [])
