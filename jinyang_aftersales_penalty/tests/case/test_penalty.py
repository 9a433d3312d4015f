from freezegun import freeze_time
from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .. import penalty_common


@tagged("post_install", "-at_install")
class TestPenalty(penalty_common.PenaltyCommon):
    """The steps of a penalty from proposal to decision, never taken by the person concerned or by a job."""

    def test_employee_is_told_and_reads_it_from_then_on(self):
        penalty = self.make_penalty(confirmed=False)
        own = penalty.with_user(self.specialist)
        self.assertFalse(own.search([("id", "=", penalty.id)]))
        penalty.action_notify()
        self.assertEqual(own.search([("is_mine", "=", True)]), penalty)
        self.assertEqual(penalty.sudo().activity_ids.user_id, self.specialist)
        self.assertFalse(penalty.with_user(self.colleague).search([]))
        with self.assertRaises(AccessError):
            penalty.with_user(self.colleague).read(["amount"])
        with self.assertRaises(AccessError):
            penalty.with_user(self.payroll).read(["evidence_copy"])

    def test_objection_is_possible_for_five_working_days(self):
        with freeze_time("2026-11-20 02:00:00"):
            penalty = self.make_penalty(confirmed=False)
            penalty.action_notify()
            self.assertEqual(str(penalty.objection_deadline), "2026-11-27")
            with self.assertRaisesRegex(UserError, "may object"), self.cr.savepoint():
                penalty.action_confirm()
        with freeze_time("2026-11-27 15:00:00"):
            own = penalty.with_user(self.specialist)
            with self.assertRaisesRegex(UserError, "why"), self.cr.savepoint():
                own.action_object(" ")
            own.action_object("I was ill")
            self.assertEqual(penalty.state, "objected")
        # 16:30 UTC is half past midnight of the next day in Shanghai
        with freeze_time("2026-11-27 16:30:00"):
            late = self.make_penalty(confirmed=False)
            late.action_notify()
            late.sudo()._write_unlocked({"objection_deadline": "2026-11-27"})
            with self.assertRaisesRegex(UserError, "ended"), self.cr.savepoint():
                late.with_user(self.specialist).action_object("Too late")
            late.action_confirm()

    def test_only_the_employee_concerned_objects(self):
        penalty = self.make_penalty(confirmed=False)
        penalty.action_notify()
        for user in (self.manager, self.director):
            with self.assertRaises(AccessError), self.cr.savepoint():
                penalty.with_user(user).action_object("For him")

    def test_objection_is_decided_with_reasons(self):
        penalty = self.make_penalty(confirmed=False)
        penalty.action_notify()
        penalty.with_user(self.specialist).action_object("I was ill")
        with self.assertRaisesRegex(UserError, "reason"), self.cr.savepoint():
            penalty.action_confirm()
        penalty.action_waive("He was ill")
        self.assertRecordValues(
            penalty,
            [
                {
                    "state": "waived",
                    "amount_open": 0,
                    "decided_by_id": self.manager.id,
                    "decision_reason": "He was ill",
                }
            ],
        )
        self.assertFalse(penalty.sudo().activity_ids)

    def test_person_concerned_decides_nothing(self):
        boss = self.make_employee(self.manager)
        with self.assertRaises(AccessError), self.cr.savepoint():
            self.make_penalty(employee=boss, confirmed=False)
        penalty = self.make_penalty(employee=boss, confirmed=False, by=self.director)
        own = penalty.with_user(self.manager)
        with self.assertRaises(AccessError), self.cr.savepoint():
            own.action_notify()
        penalty.action_notify()
        with self.assertRaisesRegex(UserError, "somebody else"), self.cr.savepoint():
            own.action_waive("No")

    def test_no_job_confirms(self):
        penalty = self.make_penalty(confirmed=False)
        penalty.action_notify()
        for user in (self.specialist, self.payroll, self.callback, self.employee):
            with self.assertRaises(UserError), self.cr.savepoint():
                penalty.with_user(user).action_confirm()

    def test_states_and_decisions_are_not_written(self):
        penalty = self.make_penalty(confirmed=False)
        for vals in (
            {"state": "confirmed"},
            {"amount_waived": 1},
            {"confirmed_on": "2020-01-01"},
            {"objection_deadline": "2099-01-01"},
        ):
            with self.assertRaisesRegex(UserError, "Use the buttons"), self.cr.savepoint():
                penalty.write(vals)
        with self.assertRaises(UserError), self.cr.savepoint():
            penalty.copy({"state": "confirmed"})
        penalty.action_notify()
        for vals in ({"amount": 1}, {"employee_id": self.make_employee().id}, {"note": "x"}):
            with self.assertRaisesRegex(UserError, "any more"), self.cr.savepoint():
                penalty.write(vals)

    def test_one_case_one_penalty(self):
        ticket = self.env["helpdesk.ticket"].create({"name": "T", "description": "D"})
        penalties = self.env["aftersales.penalty"]
        first = penalties._propose("VISIT_RECORD", self.worker, ticket, self.company)
        self.assertEqual(first.amount, 30)
        # the same case under another rule of the family
        self.assertFalse(penalties._propose("REMOTE_RECORD", self.worker, ticket, self.company))
        self.assertTrue(penalties._propose("DAMAGE", self.worker, ticket, self.company))

    def test_rule_switched_off_proposes_nothing_and_a_company_may_have_its_own(self):
        ticket = self.env["helpdesk.ticket"].create({"name": "T", "description": "D"})
        rule = self.env.ref("jinyang_aftersales_penalty.penalty_rule_lost_form")
        own = rule.copy({"company_id": self.company.id, "amount": 80, "amount_max": 80})
        penalties = self.env["aftersales.penalty"]
        found = penalties._propose("LOST_FORM", self.worker, ticket, self.company)
        self.assertEqual((found.rule_id, found.amount), (own, 80))
        own.active = False
        other = self.env["helpdesk.ticket"].create({"name": "U", "description": "D"})
        self.assertFalse(penalties._propose("LOST_FORM", self.worker, other, self.company))

    def test_amount_stays_within_the_regulation(self):
        penalty = self.make_penalty(60, code="UNREACHABLE", confirmed=False)
        with self.assertRaisesRegex(UserError, "三.7"), self.cr.savepoint():
            penalty.action_notify()
        penalty.amount = 50
        penalty.action_notify()
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(CheckViolation),
            self.cr.savepoint(),
        ):
            self.make_penalty(-1, confirmed=False)

    def test_amount_that_the_regulation_names_is_neither_more_nor_less(self):
        for amount in (19.99, 20.01, 5000):
            penalty = self.make_penalty(amount, code="LAST_OUT", confirmed=False)
            with self.assertRaisesRegex(UserError, "asks for .*20"), self.cr.savepoint():
                penalty.action_notify()
        self.make_penalty(20, code="LAST_OUT", confirmed=False).action_notify()
        # the amount is that of the day of the case
        rule = self.env.ref("jinyang_aftersales_penalty.penalty_rule_last_out")
        rule.write({"amount": 30, "amount_max": 30})
        self.make_penalty(30, code="LAST_OUT", confirmed=False).action_notify()
        before = self.make_penalty(20, code="LAST_OUT", confirmed=False, date="2020-02-03")
        before.action_notify()

    def test_what_follows_from_the_ledger_is_not_entered(self):
        penalty = self.make_penalty(50)
        for name, value in (
            ("amount_open", 0),
            ("amount_deducted", 50),
            ("department_id", False),
        ):
            for user in (self.manager, self.director):
                with self.assertRaisesRegex(UserError, "Use the buttons"), self.cr.savepoint():
                    penalty.with_user(user).write({name: value})
            values = {
                "employee_id": self.worker.id,
                "rule_id": penalty.rule_id.id,
                "company_id": self.company.id,
                name: value,
            }
            with self.assertRaisesRegex(UserError, "Use the buttons"), self.cr.savepoint():
                self.env["aftersales.penalty"].with_user(self.manager).create(values)
        self.assertEqual((penalty.amount_open, penalty.department_id), (50, self.department))
        other = self.department.copy({"name": "Sales"})
        forged = (
            self.env["aftersales.penalty"]
            .with_user(self.manager)
            .with_context(default_amount_deducted=50, default_department_id=other.id)
        )
        made = forged.create(
            {
                **{name: values[name] for name in ("employee_id", "rule_id", "company_id")},
                "amount": 20,
                "date": "2020-02-03",
                "evidence_copy": "Seen by the manager",
            }
        )
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual((made.amount_deducted, made.department_id), (0, self.department))

    def test_rule_of_all_companies_is_changed_by_who_works_for_all(self):
        rule = self.env.ref("jinyang_aftersales_penalty.penalty_rule_last_out")
        mine = rule.with_user(self.manager)
        values = {
            "code": "OWN",
            "family": "OWN",
            "clause": "三",
            "name": "Own",
            "amount": 10,
            "company_id": self.company.id,
        }
        for attempt in (
            lambda: mine.write({"amount": 1}),
            lambda: mine.write({"active": False}),
            mine.unlink,
            lambda: mine.create({**values, "company_id": False}),
        ):
            with self.assertRaisesRegex(AccessError, "other companies"), self.cr.savepoint():
                attempt()
        own = mine.create(values)
        own.amount = 5
        for company in (False, self.env.ref("base.main_company").id):
            with self.assertRaisesRegex(ValidationError, "fixed"), self.cr.savepoint():
                own.write({"company_id": company})
        self.manager.company_ids = self.env["res.company"].search([])
        mine.write({"amount": 15})
        self.assertEqual(rule.amount, 15)

    def test_other_company_sees_nothing(self):
        penalty = self.make_penalty(confirmed=False)
        other = self.make_company()
        stranger = self.make_user(
            "stranger",
            "jinyang_aftersales.group_director",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        theirs = penalty.with_user(stranger).with_context(allowed_company_ids=other.ids)
        self.assertFalse(theirs.search([]))
        with self.assertRaises(AccessError):
            theirs.read(["amount"])
