from datetime import date, datetime

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from ..detection import detection_common


@tagged("post_install", "-at_install")
class TestPenaltyRegulation(detection_common.DetectionCommon):
    """十: a rule holds while a released version with its clause is in force, for whom it is for and who knew it."""

    def withdraw(self):
        """As if the director had never released the version."""
        self.regulation._write_unlocked({"state": "draft"})

    def forget(self, reminded=None):
        """The specialist has acknowledged nothing.

        :param str reminded: day of a reminder
        """
        self.regulation.acknowledgement_ids.filtered(
            lambda row: row.employee_id == self.worker
        )._unlink_unlocked()
        if reminded:
            self.env["aftersales.regulation.reminder"]._create_unlocked(
                {
                    "regulation_id": self.regulation.id,
                    "employee_id": self.worker.id,
                    "reminded_on": reminded,
                }
            )

    def warnings(self):
        return "\n".join(self.company._aftersales_setup_warnings())

    def enter(self, user=None, **values):
        before = self.penalties.search([])
        self.env["aftersales.penalty.file"].with_user(user or self.manager).create(
            {
                "company_id": self.company.id,
                "rule_id": self.penalty_rule("LAST_OUT").id,
                "employee_ids": [Command.set(self.worker.ids)],
                "date": "2026-11-19",
                "description": "值班时发现",
                **values,
            }
        ).action_file()
        return self.penalties.search([]) - before

    def test_nothing_is_found_or_entered_without_a_released_version(self):
        """M17: by the search, at an event, and by a manager; those who set up the product are warned."""
        self.withdraw()
        self.make_ticket()
        self.make_ticket(user=self.colleague)
        self.assertFalse(self.detect("2026-11-23"))
        self.assertFalse(self.env["aftersales.penalty.exception"].search([]))
        self.assertFalse(
            self.penalties._propose("LOST_FORM", self.worker, self.customer, self.company)
        )
        with self.assertRaisesRegex(UserError, "no released regulation"), self.cr.savepoint():
            self.enter()
        with self.assertRaisesRegex(UserError, "does not hold"), self.cr.savepoint():
            self.env["aftersales.sanction"].with_user(self.manager).create(
                {
                    "employee_id": self.worker.id,
                    "kind": "warning",
                    "rule_id": self.penalty_rule("MISCONDUCT").id,
                    "reason": "x",
                    "company_id": self.company.id,
                }
            )
        self.assertIn("no version of the regulation is in force", self.warnings())

    def test_rule_needs_its_clause_in_the_version(self):
        """M17: each day is judged by the version in force on it."""
        self.assertNotIn("lacks the clauses", self.warnings())
        clauses = self.regulation.clause_ids.filtered(lambda row: row.number != "七.5")
        with freeze_time("2026-11-19 04:00:00"):
            second = self.regulation.with_user(self.director).copy(
                {"version": "2", "date_effective": "2026-11-23"}
            )
            second.clause_ids.filtered(lambda row: row.number == "七.5").unlink()
            self.assertEqual(second.clause_ids.mapped("number"), clauses.mapped("number"))
            second.action_release()
        # due on Friday and on Monday
        before, after = self.make_ticket(), self.make_ticket(done=datetime(2026, 11, 20, 2))
        self.assertEqual(after.record_due_date, date(2026, 11, 23))
        found = self.detect("2026-11-26")
        self.assertEqual(found.evidence_id, before.id)
        self.assertEqual(found.regulation_id, self.regulation)
        with freeze_time("2026-11-26 04:00:00"):
            self.assertIn("七.5", self.warnings())

    def test_clause_that_a_new_version_numbers_anew_stays_that_of_its_rule(self):
        """M17: the case names the clause as the version in force has it."""
        with freeze_time("2026-11-19 04:00:00"):
            second = self.regulation.with_user(self.director).copy(
                {"version": "2", "date_effective": "2026-11-20"}
            )
            clause = second.clause_ids.filtered(lambda row: row.number == "七.5")
            clause.write({"number": "八.5", "text": "新条款"})
            second.action_release()
        self.make_ticket()
        found = self.detect("2026-11-23")
        self.assertEqual((found.regulation_id, found.clause), (second, "八.5"))
        self.assertEqual(found.clause_text, "八.5: 新条款")

    def test_case_file_says_by_which_version_and_since_when_it_was_known(self):
        """M17: for cases that are found, entered, or lead to a sanction."""
        self.make_ticket()
        found = self.detect("2026-11-23")
        entered = self.enter()
        sanction = self.env["aftersales.sanction"]._propose_sanction(
            self.worker,
            "warning",
            self.penalty_rule("MISCONDUCT"),
            self.customer,
            "x",
            self.company,
            date=date(2026, 11, 19),
        )
        for case in (found, entered, sanction):
            self.assertRecordValues(
                case,
                [
                    {
                        "regulation_id": self.regulation.id,
                        "regulation_known": "acknowledged",
                        "regulation_known_on": date(2020, 1, 2),
                    }
                ],
            )
        self.assertEqual(found.clause_text, "七.5: Clause 七.5")

    def test_reminded_a_working_day_before_is_enough(self):
        """M17: the case of Friday the 20th; a reminder of the same day comes too late."""
        self.forget(reminded="2026-11-19")
        self.make_ticket()
        found = self.detect("2026-11-23").with_user(self.manager)
        self.assertEqual(found.regulation_known, "reminded")
        found.action_notify()

    def test_who_was_not_told_yet_is_for_the_director(self):
        """M17: shown on the case, and no manager goes on."""
        self.forget(reminded="2026-11-20")
        self.make_ticket()
        found = self.detect("2026-11-23").with_user(self.manager)
        self.assertEqual((found.regulation_known, found.regulation_known_on), ("not_told", False))
        self.assertEqual(found._get_deciding_users(), self.director)
        with self.assertRaisesRegex(UserError, "only a director"), self.cr.savepoint():
            found.action_notify()
        self.company.aftersales_objection_days = 0
        found.with_user(self.director).action_notify()
        with freeze_time("2026-11-25 04:00:00"):
            with self.assertRaisesRegex(UserError, "only a director"), self.cr.savepoint():
                found.action_confirm()
            found.with_user(self.director).action_confirm()
        # entered by a manager it waits as a proposal
        self.assertEqual(self.enter(date="2026-11-18").state, "proposed")
        for name in ("regulation_known", "regulation_id", "clause_text"):
            with self.assertRaises(UserError), self.cr.savepoint():
                found.sudo().write({name: False})

    def test_knowledge_is_that_of_the_person_who_is_charged(self):
        """M17: an entered proposal that is given to another employee; one that came with a warning is not given."""
        other = self.make_employee(self.colleague)
        case = self.enter(employee_ids=[Command.set(other.ids)], notify=False)
        self.assertEqual(case.regulation_known, "acknowledged")
        self.forget()
        case.with_user(self.manager).employee_id = self.worker
        self.assertEqual((case.regulation_known, case.regulation_known_on), ("not_told", False))
        with self.assertRaisesRegex(UserError, "only a director"), self.cr.savepoint():
            case.with_user(self.manager).action_notify()
        absent = self.enter(
            rule_id=self.penalty_rule("ABSENT_MEETING").id,
            employee_ids=[Command.set(other.ids)],
            notify=False,
        ).with_user(self.manager)
        with self.assertRaisesRegex(UserError, "Wrong Person"), self.cr.savepoint():
            absent.employee_id = self.worker
        absent.action_wrong_person(self.worker.id, "认错人")
        sanctions = self.env["aftersales.sanction"].search([], order="id")
        self.assertEqual(sanctions.mapped("state"), ["withdrawn", "proposed"])
        self.assertEqual(sanctions[-1].employee_id, self.worker)
        self.assertEqual(sanctions[-1].regulation_known, "not_told")

    def test_employees_of_other_departments_are_not_concerned(self):
        """M17: neither found nor entered; whoever sets up the product reads their names."""
        self.assertNotIn(self.worker.name, self.warnings())
        self.worker.department_id = self.department.copy({"name": "Sales"})
        self.assertIn(self.worker.name, self.warnings())
        self.make_ticket()
        self.assertFalse(self.detect("2026-11-23"))
        self.assertFalse(self.env["aftersales.penalty.exception"].search([]))
        with self.assertRaisesRegex(UserError, "department"), self.cr.savepoint():
            self.enter()
        self.assertFalse(
            self.penalties._propose("LOST_FORM", self.worker, self.customer, self.company)
        )

    def test_managers_are_told_while_no_version_is_in_force(self):
        """M17: once, until one is released."""
        self.withdraw()
        today = self.company._aftersales_today()
        for _run in range(2):
            self.env["aftersales.regulation"]._warn_of_none(self.company, today)
        kind = self.env.ref("jinyang_aftersales_penalty.mail_activity_release")
        asked = self.regulation.activity_ids.filtered(lambda row: row.activity_type_id == kind)
        self.assertEqual(asked.user_id, self.manager | self.director)
        self.assertEqual(len(asked), len(asked.user_id))
        self.regulation.date_effective = False
        self.regulation.with_user(self.director).action_release()
        self.assertFalse(asked.exists())

    def test_nobody_but_the_director_puts_a_version_in_force(self):
        """M17: a manager cannot help themselves."""
        self.withdraw()
        with self.assertRaises(AccessError), self.cr.savepoint():
            self.regulation.with_user(self.manager).action_release()
        own = self.penalty_rule("LAST_OUT").with_user(self.manager).copy()
        with self.assertRaisesRegex(AccessError, "director"), self.cr.savepoint():
            own.clause_ids = self.regulation.clause_ids
        own.with_user(self.director).clause_ids = self.regulation.clause_ids
        clause = self.regulation.clause_ids[:1].with_user(self.manager)
        with self.assertRaises(AccessError), self.cr.savepoint():
            clause.write({"penalty_rule_ids": [Command.clear()]})
