from datetime import date

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, freeze_time, tagged

from .. import penalty_common
from ..detection import detection_common
from ..upgrading import upgrade


@tagged("post_install", "-at_install")
class TestPenaltyLimits(detection_common.DetectionCommon):
    """One way in: cases that are entered, and how much they may cost."""

    def values(self, code="LAST_OUT", **values):
        return {
            "employee_id": self.worker.id,
            "rule_id": self.penalty_rule(code).id,
            "company_id": self.company.id,
            "date": "2026-11-19",
            "evidence_copy": "值班时发现",
            **values,
        }

    def enter(self, code="LAST_OUT", user=None, **values):
        """By RPC or import, without the dialogue."""
        return self.penalties.with_user(user or self.manager).create(self.values(code, **values))

    def file(self, code, user=None, **values):
        before = self.penalties.search([])
        self.env["aftersales.penalty.file"].with_user(user or self.manager).create(
            {
                "company_id": self.company.id,
                "rule_id": self.penalty_rule(code).id,
                "employee_ids": [Command.set(self.worker.ids)],
                "date": "2026-11-19",
                "description": "值班时发现",
                **values,
            }
        ).action_file()
        return self.penalties.search([]) - before

    def test_what_the_dialogue_refuses_is_refused_by_create(self):
        """M16: also to sudo, to an import, and to a copy."""
        for code, values, message in (
            ("VISIT_RECORD", {}, "by the product"),
            ("LAST_OUT", {"date": "2026-11-20"}, "future"),
            ("LAST_OUT", {"date": "2025-12-31"}, "not in force"),
            ("LAST_OUT", {"amount": 19.99}, "asks for .*20"),
            ("LAST_OUT", {"evidence_copy": " "}, "what happened"),
            ("UNREACHABLE", {"amount": 51}, "20.00.* to .*50.00"),
            ("DAMAGE", {"amount": 100}, "proves it"),
            ("MISCONDUCT", {"amount": 0.5}, "at least 1.00"),
        ):
            for user in (self.manager, self.env.user):
                with (
                    self.subTest(code=code, values=values, user=user.login),
                    self.assertRaisesRegex(UserError, message),
                    self.cr.savepoint(),
                ):
                    self.enter(code, user, **values)
        case = self.enter()
        for attempt in (self.enter, case.copy):
            with self.assertRaisesRegex(UserError, "already"), self.cr.savepoint():
                attempt()
        answer = self.penalties.with_user(self.manager).load(
            ["employee_id/.id", "rule_id/.id", "company_id/.id", "date", "evidence_copy"],
            [
                [
                    str(self.worker.id),
                    str(case.rule_id.id),
                    str(self.company.id),
                    "2026-11-19",
                    "又一次",
                ]
            ],
        )
        self.assertIn("already", answer["messages"][0]["message"])

    def test_absence_brings_its_warning_by_any_way(self):
        """M16: 三.9, a hundred and a written warning."""
        case = self.enter("ABSENT_MEETING")
        self.assertEqual((case.amount, case.regulation_id), (100, self.regulation))
        self.assertRecordValues(
            self.env["aftersales.sanction"].search([]),
            [{"kind": "warning", "employee_id": self.worker.id, "evidence_id": case.id}],
        )

    def test_list_makes_no_raw_cases(self):
        """M16: the dialogue is the way in that is shown."""
        for kind in ("list", "form", "kanban"):
            view = self.env.ref(f"jinyang_aftersales_penalty.aftersales_penalty_view_{kind}")
            self.assertRegex(view.arch, rf"<{kind}\s[^>]*create=\"0\"")

    def test_range_is_that_of_the_day_of_the_case(self):
        """M16: a changed range holds for cases from the day of the change on."""
        rule = self.penalty_rule("UNREACHABLE").with_user(self.director)
        self.manager.company_ids = self.director.company_ids = self.env["res.company"].search([])
        rule.write({"amount_min": 30, "amount": 30, "amount_max": 60})
        self.assertEqual(
            (rule.change_ids.amount_min, rule.change_ids.amount_max, rule.change_ids.amount),
            (20, 50, 20),
        )
        for day, amount in (("2026-11-18", 20), ("2026-11-19", 60)):
            self.assertEqual(self.file("UNREACHABLE", date=day, amount=amount).amount, amount)
        for day, amount in (("2026-11-17", 60), ("2026-11-19", 20)):
            with self.assertRaisesRegex(UserError, "三.7"), self.cr.savepoint():
                self.enter("UNREACHABLE", date=day, amount=amount)

    def test_highest_amount_is_set_by_the_director(self):
        """M16: neither changed nor made by a manager; a copy of a rule keeps that of the rule."""
        own = self.penalty_rule("LAST_OUT").with_user(self.manager).copy()
        self.assertEqual((own.company_id, own.amount_max), (self.company, 20))
        with self.assertRaisesRegex(ValidationError, "range"), self.cr.savepoint():
            own.amount = 25
        with self.assertRaisesRegex(AccessError, "director"), self.cr.savepoint():
            own.write({"amount_max": 25, "amount": 25})
        with self.assertRaisesRegex(AccessError, "director"), self.cr.savepoint():
            self.penalty_rule("LATE_MEETING").with_user(self.manager).copy({"amount_max": 90})
        own.with_user(self.director).write({"amount_max": 25, "amount": 25})
        new = own.create(
            {
                "code": "OWN",
                "family": "OWN",
                "clause": "三.4",
                "name": "私人电话",
                "amount": 10,
                "clause_ids": [Command.set(self.regulation.clause_ids[:1].ids)],
            }
        )
        with self.assertRaisesRegex(UserError, "before its first fine"), self.cr.savepoint():
            self.penalties.with_user(self.manager).create(self.values(rule_id=new.id, amount=10))
        new.with_user(self.director).amount_max = 10
        self.penalties.with_user(self.manager).create(self.values(rule_id=new.id, amount=10))

    def test_misconduct_asks_for_its_highest_fine_at_its_first_use(self):
        """M16: 三.11 names no amount; the director is asked in the dialogue."""
        self.limit_fine("MISCONDUCT", 0)
        with self.assertRaisesRegex(UserError, "before its first fine"), self.cr.savepoint():
            self.file("MISCONDUCT", amount=300, limit=1000)
        self.assertFalse(self.file("MISCONDUCT", outcome="warning", date="2026-11-18"))
        self.director.company_ids = self.env["res.company"].search([])
        form = Form(self.env["aftersales.penalty.file"].with_user(self.director))
        form.rule_id = self.penalty_rule("MISCONDUCT")
        self.assertTrue(form.needs_limit)
        found = self.file("MISCONDUCT", self.director, amount=300, limit=500)
        self.assertEqual((found.amount, found.rule_id.amount_max), (300, 500))
        with self.assertRaisesRegex(UserError, "to .*500"), self.cr.savepoint():
            self.file("MISCONDUCT", amount=501, date="2026-11-17")

    def test_damage_above_its_limit_is_confirmed_by_the_director(self):
        """M16: 2,000 until the director sets another one."""
        for amount, day in ((2000, "2026-11-18"), (2000.01, "2026-11-19")):
            case = self.enter(
                "DAMAGE", amount=amount, date=day, scan=penalty_common.RECEIPT, scan_name="a.pdf"
            )
            case.action_notify()
            with freeze_time("2026-12-10 04:00:00"):
                if amount > 2000:
                    with self.assertRaisesRegex(UserError, "director"), self.cr.savepoint():
                        case.action_confirm()
                    case = case.with_user(self.director)
                case.action_confirm()
            self.assertEqual(case.state, "confirmed")

    def test_rule_takes_at_least_one_yuan(self):
        """M16: a fine of 0.00 cannot be."""
        own = self.penalty_rule("LAST_OUT").with_user(self.manager).copy()
        for amount in (0, 0.99):
            with self.assertRaisesRegex(ValidationError, "at least"), self.cr.savepoint():
                own.amount = amount
        own.amount = 1
        self.assertEqual(self.file("LAST_OUT", amount=1).amount, 1)

    def test_update_gives_former_terms_the_amount_of_the_regulation(self):
        """M16: limits of rules and of their former terms after the update."""
        rule = self.penalty_rule("LAST_OUT")
        rule.write({"amount": 15})
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE aftersales_penalty_rule SET amount_max = 0 WHERE code IN ('LAST_OUT', 'DAMAGE')"
        )
        self.env.cr.execute(
            "UPDATE aftersales_penalty_rule_change SET amount_min = NULL, amount_max = NULL"
        )
        upgrade(self.env, "post-cases")
        self.assertEqual((rule.amount_max, rule.change_ids.amount_max), (15, 20))
        self.assertEqual(self.penalty_rule("DAMAGE").amount_max, 2000)
        self.assertEqual(rule.change_ids.date_to, date(2026, 11, 18))
