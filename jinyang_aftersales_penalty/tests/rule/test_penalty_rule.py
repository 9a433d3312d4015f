from datetime import date, timedelta

from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger

from ..detection import detection_common

# code: clause, family, outcome, amount, minimum, maximum, how it is found, into the fund
TABLE = {
    "ATTITUDE_1": ("七.1", "ATTITUDE", "fine", 200, 0, 200, "event", True),
    "ATTITUDE_2": ("七.1", "ATTITUDE", "dismissal", 0, 0, 0, "event", True),
    "COMPLAINT_3": ("七.2", "COMPLAINT_3", "demotion", 0, 0, 0, "event", True),
    "LOST_FORM": ("七.3", "LOST_FORM", "fine", 50, 0, 50, "event", True),
    "VISIT_RECORD": ("七.4", "RECORD", "fine", 30, 0, 30, "scheduled", True),
    "REMOTE_RECORD": ("七.5", "RECORD", "fine", 50, 0, 50, "scheduled", True),
    "IMPL_FORM": ("七.6", "IMPL_FORM", "fine", 500, 0, 500, "scheduled", True),
    "LAST_OUT": ("三.5", "LAST_OUT", "fine", 20, 0, 20, "manager", True),
    "UNREACHABLE": ("三.7", "UNREACHABLE", "choice", 20, 20, 50, "manager", True),
    "LATE_MEETING": ("三.9", "MEETING", "fine", 20, 0, 20, "event", True),
    "ABSENT_MEETING": ("三.9", "MEETING", "fine_warning", 100, 0, 100, "event", True),
    "DAMAGE": ("三.5, 三.8, 三.13", "DAMAGE", "choice", 0, 0, 2000, "manager", False),
    "MISCONDUCT": ("三.11", "MISCONDUCT", "choice", 0, 0, 0, "manager", True),
}


@tagged("post_install", "-at_install")
class TestPenaltyRule(detection_common.DetectionCommon):
    """三, 七: the shipped rules, and the changes a manager may make."""

    def own_rule(self, instead="REMOTE_RECORD", **values):
        shared = self.penalty_rule(instead).with_user(self.manager)
        return shared.copy({"company_id": self.company.id, **values})

    def test_shipped_rules_say_what_the_regulation_says(self):
        self.limit_fine("MISCONDUCT", 0)
        rules = self.env["aftersales.penalty.rule"].search([("company_id", "=", False)])
        names = ("clause", "family", "outcome", "amount", "amount_min", "amount_max")
        names += ("found_by", "to_fund")
        shipped = {rule.code: tuple(rule[name] for name in names) for rule in rules}
        self.assertEqual(shipped, TABLE)
        # active and without grace, until a manager changes that
        self.assertTrue(all(rules.mapped("active")))
        self.assertEqual(set(rules.mapped("grace_days")), {0})

    def test_amount_lies_within_its_range_and_nothing_is_negative(self):
        rule = self.penalty_rule("UNREACHABLE")
        for amount in (19.99, 50.01):
            with self.assertRaisesRegex(ValidationError, "outside"), self.cr.savepoint():
                rule.amount = amount
        rule.amount = 35
        other = self.penalty_rule("LAST_OUT")
        with self.assertRaisesRegex(ValidationError, "outside"), self.cr.savepoint():
            other.amount = -1
        for name in ("amount_min", "grace_days"):
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaises(CheckViolation),
                self.cr.savepoint(),
            ):
                other[name] = -1
                other.flush_recordset()

    def test_own_rule_finds_the_cases_of_the_shared_one_and_no_case_twice(self):
        with self.assertRaisesRegex(ValidationError, "family RECORD"), self.cr.savepoint():
            self.own_rule(family="OTHER")
        with self.assertRaisesRegex(ValidationError, "family RECORD"), self.cr.savepoint():
            self.own_rule("LAST_OUT", code="VISIT_RECORD")
        # companies may use the same code for different rules of their own
        values = {"code": "OWN", "clause": "三", "name": "Own", "company_id": self.company.id}
        values["amount"] = 10
        rules = self.env["aftersales.penalty.rule"]
        rules.create({**values, "family": "OWN"})
        rules.create({**values, "family": "X", "company_id": self.make_company().id})

    def test_own_rule_begins_today_at_the_soonest(self):
        self.make_ticket(done=detection_common.THURSDAY - timedelta(days=30))
        with self.assertRaisesRegex(ValidationError, "reach back"), self.cr.savepoint():
            self.own_rule(date_from="2026-11-18")
        self.assertEqual(self.own_rule().date_from, date(2026, 11, 19))

    def test_own_rule_that_held_is_neither_deleted_nor_put_off(self):
        """The shared rule does not hold for past days on which the company's own rule was switched off."""
        own = self.own_rule(active=False)
        self.make_ticket()
        with freeze_time("2026-11-24 02:00:00"):
            for attempt in (own.unlink, lambda: own.write({"date_from": "2026-12-01"})):
                with self.assertRaisesRegex(UserError, "held instead"), self.cr.savepoint():
                    attempt()
        self.assertFalse(self.detect("2026-11-24"))
        # a rule entered by mistake can be deleted on the same day
        self.own_rule("LAST_OUT").unlink()
        alone = self.own_rule("LAST_OUT", code="OWN", family="OWN")
        with freeze_time("2026-11-24 02:00:00"):
            alone.unlink()

    def test_who_does_not_work_for_all_companies_makes_rules_of_his_own(self):
        form = Form(self.env["aftersales.penalty.rule"].with_user(self.manager))
        form.code = form.family = "OWN"
        form.clause, form.name, form.amount = "三", "Own", 10
        self.assertEqual(form.save().company_id, self.company)
        copied = self.penalty_rule("LAST_OUT").with_user(self.manager).copy()
        self.assertEqual(copied.company_id, self.company)
        with self.assertRaises(AccessError), self.cr.savepoint():
            copied.copy({"company_id": False, "code": "ALL", "family": "ALL"})

    def test_rule_of_another_company_punishes_nobody_here(self):
        other = self.make_company()
        theirs = self.penalty_rule("LAST_OUT").copy({"company_id": other.id})
        boss = self.make_user(
            "boss",
            "jinyang_aftersales.group_manager",
            company_ids=[(6, 0, (self.company | other).ids)],
        )
        cases = {
            "aftersales.penalty": {},
            "aftersales.sanction": {"kind": "warning", "reason": "x"},
        }
        for model, values in cases.items():
            rows = self.env[model].with_user(boss)
            rows = rows.with_context(allowed_company_ids=(self.company | other).ids)
            with self.assertRaisesRegex(UserError, "ompan"), self.cr.savepoint():
                rows.create(
                    {
                        **values,
                        "employee_id": self.worker.id,
                        "rule_id": theirs.id,
                        "company_id": self.company.id,
                    }
                )

    # === Entered without the wizard === #

    def test_entered_case_is_one_of_its_rule(self):
        self.begin_rules("2026-11-10")
        for values, message in (
            ({"date": "2026-11-20"}, "future"),
            ({"date": "2026-11-09"}, "in force"),
            ({"code": "DAMAGE", "amount": 800}, "proves it"),
            ({"code": "DAMAGE", "amount": 0, "scan": "JVBERi0xLjQKJSVFT0Y="}, "proves it"),
        ):
            penalty = self.make_penalty(confirmed=False, **values)
            with self.assertRaisesRegex(UserError, message), self.cr.savepoint():
                penalty.action_notify()
        penalty = self.make_penalty(confirmed=False, date="2026-11-10")
        self.penalty_rule("MISCONDUCT").active = False
        penalty.action_notify()
        self.assertEqual(penalty.state, "notified")
        today = self.make_penalty(confirmed=False)
        with self.assertRaisesRegex(UserError, "switched off"), self.cr.savepoint():
            today.action_notify()

    def test_case_entered_under_the_shared_rule_is_that_of_the_own_one(self):
        self.own_rule("LAST_OUT").with_user(self.director).write({"amount_max": 25, "amount": 25})
        case = {
            "company_id": self.company.id,
            "rule_id": self.penalty_rule("LAST_OUT").id,
            "employee_ids": [(6, 0, self.worker.ids)],
            "amount": 25,
            "description": "值班时发现",
        }
        wizard = self.env["aftersales.penalty.file"].with_user(self.manager)
        wizard.create(case).action_file()
        with self.assertRaisesRegex(UserError, "already"), self.cr.savepoint():
            wizard.create(case).action_file()
        self.assertEqual(self.penalties.search([]).rule_id.company_id, self.company)
