import base64
from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from odoo.addons.jinyang_aftersales.tests.shared.files_common import ReadCounter

from ..detection import detection_common

PDF = base64.b64encode(b"%PDF-1.4\nloss\n%%EOF\n")


@tagged("post_install", "-at_install")
class TestPenaltyFiling(detection_common.DetectionCommon):
    """三.5, 三.7, 三.9, 三.11, 三.13: cases that a manager enters."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.make_employee(cls.colleague)
        cls.event = cls.env["calendar.event"].create(
            {
                "name": "质量例会",
                "start": "2026-11-13 06:00:00",
                "stop": "2026-11-13 07:00:00",
            }
        )

    def case(self, code, employees=None, user=None, **values):
        return (
            self.env["aftersales.penalty.file"]
            .with_user(user or self.manager)
            .create(
                {
                    "company_id": self.company.id,
                    "rule_id": self.penalty_rule(code).id,
                    "employee_ids": [(6, 0, (employees or self.worker).ids)],
                    "date": date(2026, 11, 19),
                    "description": "值班时发现",
                    **values,
                }
            )
        )

    def file(self, code, employees=None, user=None, **values):
        before = self.penalties.search([])
        self.case(code, employees, user, **values).action_file()
        return self.penalties.search([], order="id") - before

    def sanctions(self):
        return self.env["aftersales.sanction"].search([], order="id")

    def test_entered_case_that_is_changed_is_checked_again(self):
        """M15: neither a second fine for one case, nor one without facts, by changing the proposal afterwards."""
        first = self.file("LAST_OUT", date=date(2026, 11, 18), notify=False)
        second = self.file("LAST_OUT", notify=False).with_user(self.manager)
        with self.assertRaisesRegex(UserError, "entered for"), self.cr.savepoint():
            second.date = date(2026, 11, 18)
        with self.assertRaisesRegex(UserError, "what happened"), self.cr.savepoint():
            second.evidence_copy = " "
        second.write({"date": date(2026, 11, 17), "evidence_copy": "值班时看见"})
        (first + second).with_user(self.manager).action_notify()
        self.assertEqual((first + second).mapped("state"), ["notified", "notified"])

    def test_proof_for_several_employees_is_decoded_and_looked_at_once(self):
        raw, counter = base64.b64decode(PDF), ReadCounter()
        with counter.watch():
            case = self.case("LAST_OUT", self.worker | self.other, scan=PDF, scan_name="loss.pdf")
        self.assertEqual(counter.of(raw), (1, 1))
        self.env.invalidate_all()
        before, counter = self.penalties.search([]), ReadCounter()
        with counter.watch():
            case.action_file()
        found = self.penalties.search([]) - before
        self.assertEqual(counter.of(raw), (0, 0))
        self.assertEqual([base64.b64decode(penalty.scan) for penalty in found], [raw, raw])

    def test_each_of_several_employees_gets_an_own_penalty_and_is_told(self):
        found = self.file("LAST_OUT", self.worker | self.other)
        self.assertRecordValues(
            found,
            [
                {
                    "employee_id": employee.id,
                    "amount": 20,
                    "clause": "三.5",
                    "state": "notified",
                    "found_by": "manager",
                }
                for employee in self.worker | self.other
            ],
        )
        self.assertIn("值班时发现", found[0].evidence_copy)
        self.assertIn(self.manager.name, found[0].evidence_copy)
        self.assertIn("Entered by: ", found[0].evidence_copy)

    def test_not_told_it_waits_as_a_proposal(self):
        self.assertEqual(self.file("LAST_OUT", notify=False).state, "proposed")

    def test_same_case_is_not_entered_twice(self):
        self.file("LAST_OUT")
        with self.assertRaisesRegex(UserError, "already"), self.cr.savepoint():
            self.file("LAST_OUT")
        # all or none
        with self.assertRaisesRegex(UserError, "already"), self.cr.savepoint():
            self.file("LAST_OUT", self.other | self.worker)
        self.assertFalse(self.penalties.search([("employee_id", "=", self.other.id)]))

    def test_late_and_absent_of_one_meeting_are_one_case(self):
        found = self.file("LATE_MEETING", event_id=self.event.id)
        self.assertEqual((found.amount, found.family), (20, "MEETING"))
        self.assertEqual(
            (found.evidence_model, found.evidence_id), ("calendar.event", self.event.id)
        )
        with self.assertRaisesRegex(UserError, "already"), self.cr.savepoint():
            self.file("ABSENT_MEETING", event_id=self.event.id)

    def test_absence_costs_a_hundred_and_a_written_warning(self):
        found = self.file("ABSENT_MEETING", event_id=self.event.id)
        self.assertEqual(found.amount, 100)
        self.assertRecordValues(
            self.sanctions(),
            [
                {
                    "kind": "warning",
                    "employee_id": self.worker.id,
                    "evidence_model": "calendar.event",
                    "evidence_id": self.event.id,
                    "state": "proposed",
                }
            ],
        )

    def test_absence_without_a_meeting_on_record_refers_to_its_penalty(self):
        found = self.file("ABSENT_MEETING")
        sanction = self.sanctions()
        self.assertEqual((sanction.evidence_model, sanction.evidence_id), (found._name, found.id))

    def test_unreachable_is_a_warning_or_twenty_to_fifty(self):
        for amount in (19, 51):
            with self.assertRaisesRegex(UserError, "三.7"), self.cr.savepoint():
                self.file("UNREACHABLE", amount=amount)
        self.assertEqual(self.file("UNREACHABLE", amount=50).amount, 50)
        self.assertFalse(self.file("UNREACHABLE", self.other, outcome="warning"))
        self.assertEqual(
            (self.sanctions().kind, self.sanctions().employee_id), ("warning", self.other)
        )
        with self.assertRaisesRegex(UserError, "provide"), self.cr.savepoint():
            self.file("UNREACHABLE", outcome="dismissal", date=date(2026, 11, 18))
        with self.assertRaisesRegex(UserError, "already"), self.cr.savepoint():
            self.file("UNREACHABLE", self.other, outcome="warning")

    def test_amount_outside_of_the_range_is_refused_even_when_not_told(self):
        with self.assertRaisesRegex(UserError, "三.7"), self.cr.savepoint():
            self.file("UNREACHABLE", amount=51, notify=False)

    def test_damage_needs_amount_and_proof_and_is_no_fund_money(self):
        for values in ({"amount": 800}, {"amount": 0, "scan": PDF}):
            with self.assertRaisesRegex(UserError, "proves"), self.cr.savepoint():
                self.file("DAMAGE", **values)
        found = self.file("DAMAGE", amount=800, scan=PDF, scan_name="发票.pdf")
        self.assertRecordValues(found, [{"amount": 800, "to_fund": False, "scan_name": "发票.pdf"}])
        own = found.with_user(self.specialist).with_context(bin_size=False)
        self.assertEqual(own.scan, PDF)
        with self.assertRaisesRegex(UserError, "PDF, JPEG or PNG"), self.cr.savepoint():
            self.file("DAMAGE", self.other, amount=1, scan=base64.b64encode(b"<html></html>"))

    def test_misconduct_is_what_the_manager_decides(self):
        outcomes = {
            "warning": "warning",
            "resign": "resignation_advice",
            "dismissal": "dismissal",
        }
        for outcome in outcomes:
            self.assertFalse(self.file("MISCONDUCT", outcome=outcome))
        self.assertEqual(self.sanctions().mapped("kind"), list(outcomes.values()))
        both = self.file("MISCONDUCT", self.other, outcome="fine_warning", amount=300)
        self.assertEqual((both.amount, both.outcome), (300, "fine_warning"))
        with self.assertRaisesRegex(UserError, "amount"), self.cr.savepoint():
            self.file("MISCONDUCT", outcome="fine", amount=0)

    def test_only_managers_enter_cases_and_none_about_themselves(self):
        for user in (self.specialist, self.callback, self.employee, self.payroll):
            with self.assertRaises(AccessError), self.cr.savepoint():
                self.file("LAST_OUT", self.other, user)
        boss = self.make_employee(self.manager)
        with self.assertRaisesRegex(AccessError, "concerns you"), self.cr.savepoint():
            self.file("LAST_OUT", self.other | boss)
        self.assertTrue(self.file("LAST_OUT", boss, self.director))

    def test_what_the_product_finds_is_not_entered(self):
        for code in ("VISIT_RECORD", "LOST_FORM", "ATTITUDE_1"):
            with self.assertRaisesRegex(UserError, "by the product"), self.cr.savepoint():
                self.file(code)

    def test_no_case_of_the_future_or_from_before_the_rule_or_of_strangers(self):
        with self.assertRaisesRegex(UserError, "future"), self.cr.savepoint():
            self.file("LAST_OUT", date=date(2026, 11, 20))
        with self.assertRaisesRegex(UserError, "in force"), self.cr.savepoint():
            self.file("LAST_OUT", date=date(2025, 12, 31))
        self.penalty_rule("LAST_OUT").active = False
        with self.assertRaisesRegex(UserError, "switched off"), self.cr.savepoint():
            self.file("LAST_OUT")
        stranger = self.make_employee(company_id=self.make_company().id, department_id=False)
        with self.assertRaises(UserError), self.cr.savepoint():
            self.file("LATE_MEETING", stranger)
        # not even by a user who manages both companies
        boss = self.make_user(
            "boss",
            "jinyang_aftersales.group_manager",
            company_ids=[(6, 0, (self.company | stranger.company_id).ids)],
        )
        case = self.case("LATE_MEETING", user=boss).with_context(
            allowed_company_ids=boss.company_ids.ids
        )
        case.employee_ids = stranger.ids
        with self.assertRaisesRegex(UserError, "another company"), self.cr.savepoint():
            case.action_file()

    def test_form_follows_the_rule(self):
        form = Form(self.env["aftersales.penalty.file"].with_user(self.manager))
        form.rule_id = self.penalty_rule("UNREACHABLE")
        self.assertEqual((form.outcome, form.amount), ("fine", 20))
        form.rule_id = self.penalty_rule("ABSENT_MEETING")
        self.assertEqual((form.outcome, form.amount), ("fine_warning", 100))
        form.event_id = self.event
        self.assertEqual(form.date, date(2026, 11, 13))
