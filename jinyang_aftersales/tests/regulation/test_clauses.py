import base64
from datetime import timedelta

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from . import regulation_common

PDF = base64.b64encode(b"%PDF-1.4\nminutes\n%%EOF\n")


@tagged("post_install", "-at_install")
class TestClauses(regulation_common.RegulationCommon):
    """八, 十; 劳动合同法 4: clauses of a version, for whom it is, how it came about, and who was reminded of it."""

    CLAUSE = {"number": "七.1", "text": "初次予以200元的罚款"}

    def make(self, **values):
        return self.make_version(clause_ids=[Command.create(self.CLAUSE)], **values)

    def test_version_names_the_departments_it_is_for(self):
        """M17: nothing is released for nobody in particular, and what was released stays."""
        draft = self.make_version(released=False, department_ids=False)
        with self.assertRaisesRegex(UserError, "Departments"), self.cr.savepoint():
            draft.action_release()
        draft.department_ids = self.department
        draft.action_release()
        with self.assertRaisesRegex(UserError, "any more"), self.cr.savepoint():
            draft.department_ids = False

    def test_shipped_version_is_released_by_nobody_and_has_its_clauses(self):
        """M17: the director says for which departments it is, and releases it."""
        shipped = self.env.ref("jinyang_aftersales.regulation_jinyang")
        self.assertEqual((shipped.state, len(shipped.department_ids)), ("draft", 0))
        clauses = {clause.number: clause.text for clause in shipped.clause_ids}
        self.assertIn("初次予以200元的罚款", clauses["七.1"])
        self.assertIn("50元/张", clauses["七.3"])
        self.assertTrue({"三.5", "三.14", "五.3.3", "五.1.4.5", "四.回访专员.4"} <= clauses.keys())
        # each clause is a part of the text
        text = "".join(str(shipped.text).split())
        for number, words in clauses.items():
            self.assertIn("".join(words.split()).replace("&", "&amp;")[:12], text, number)

    def test_clauses_are_fixed_with_their_version(self):
        """M17: for the director, for import and for sudo."""
        version = self.make()
        clause = version.clause_ids
        for way in (clause, clause.sudo()):
            for attempt in (
                lambda way=way: way.write({"number": "七.9"}),
                lambda way=way: way.write({"text": "五百元"}),
                lambda way=way: way.unlink(),
                lambda way=way: way.create(
                    {"regulation_id": version.id, "number": "七.2", "text": "x"}
                ),
                lambda way=way: way.with_context(install_mode=True).write({"text": "五百元"}),
            ):
                with self.assertRaisesRegex(UserError, "clauses are fixed"), self.cr.savepoint():
                    attempt()
        answer = clause.load([".id", "text"], [[str(clause.id), "五百元"]])
        self.assertIn("clauses are fixed", answer["messages"][0]["message"])
        with self.assertRaisesRegex(UserError, "clauses are fixed"), self.cr.savepoint():
            version.clause_ids = [Command.create({"number": "七.2", "text": "x"})]
        with self.assertRaisesRegex(UserError, "clauses are fixed"), self.cr.savepoint():
            clause.with_context(install_mode=True).create(
                {"regulation_id": version.id, "number": "七.2", "text": "x"}
            )
        # the next version begins with them
        copied = version.copy({"version": "2.0"})
        self.assertEqual(copied.clause_ids.mapped("number"), ["七.1"])
        copied.clause_ids.number = "八.1"

    def test_clauses_of_a_version_from_before_the_update_are_added(self):
        """M17: a version that was released before the product knew clauses."""
        version = self.make_version()
        self.company._write_unlocked({"aftersales_duties_since": self.today + timedelta(days=1)})
        version.clause_ids = [Command.create(self.CLAUSE)]
        with self.assertRaisesRegex(UserError, "clauses are fixed"), self.cr.savepoint():
            version.clause_ids.text = "五百元"

    def test_missing_proof_is_told_and_given_proof_is_fixed(self):
        """M17: meeting, comments and announcement, each with its day and file."""
        version = self.make()
        self.assertIn("announcement", version.missing_proof)
        self.assertTrue(
            any("劳动合同法" in row for row in self.company._aftersales_setup_warnings())
        )
        for day, file in (
            ("meeting_on", "meeting_scan"),
            ("comments_until", "comments_scan"),
            ("announced_on", "announced_scan"),
        ):
            version.write({day: self.today})
            self.assertTrue(version.missing_proof)
            version.write({file: PDF})
        self.assertFalse(version.missing_proof)
        self.assertFalse(
            any("劳动合同法" in row for row in self.company._aftersales_setup_warnings())
        )
        for vals in ({"meeting_on": False}, {"announced_scan": False}):
            for way in (version, version.sudo()):
                with self.assertRaisesRegex(UserError, "any more"), self.cr.savepoint():
                    way.write(vals)

    def test_first_reminder_is_recorded_once(self):
        """M17: the day on which an employee was first asked stays."""
        version = self.make()
        rows = self.env["aftersales.regulation.reminder"].search(
            [("regulation_id", "=", version.id)]
        )
        self.assertEqual(rows.employee_id, self.worker | self.other)
        self.assertEqual(set(rows.mapped("reminded_on")), {self.today})
        with freeze_time(f"{self.today + timedelta(days=3)} 04:00:00"):
            newcomer = self.make_employee(self.callback)
            version.with_user(self.manager).action_remind()
        rows = rows.search([("regulation_id", "=", version.id)], order="reminded_on")
        self.assertEqual(len(rows), 3)
        self.assertEqual(rows[-1].employee_id, newcomer)
        for user in (self.manager, self.director, self.env.user):
            with self.assertRaises(UserError), self.cr.savepoint():
                rows[0].with_user(user).write({"reminded_on": "2020-01-01"})

    def test_version_holds_from_its_day_to_that_of_the_next(self):
        """M17: a case takes the version in force on its day, and the knowledge of its employee on that day."""
        first, second = self.make(), self.make_version("2.0", days=3)
        self.make_version("3.0", days=5, released=False)
        periods = self.env["aftersales.regulation"]._get_periods(self.company)
        self.assertEqual(
            [(row.version.id, row.first, row.last) for row in periods],
            [
                (first.id, self.today, self.today + timedelta(days=2)),
                (second.id, self.today + timedelta(days=3), None),
            ],
        )

    def test_department_is_that_of_the_day(self):
        """M17: an employee who came to the department later was not concerned before; sub-departments are."""
        version = self.make()
        part = self.department.copy({"name": "Hotline", "parent_id": self.department.id})
        elsewhere = self.department.copy({"name": "Sales"})
        self.other.department_id = part
        self.assertTrue(version._is_for(self.other, self.today))
        self.other.department_id = elsewhere
        self.assertFalse(version._is_for(self.other, self.today))
        later = self.today + timedelta(days=10)
        self.other.create_version({"date_version": later, "department_id": self.department.id})
        self.assertFalse(version._is_for(self.other, self.today))
        self.assertTrue(version._is_for(self.other, later))

    def test_reminder_counts_from_the_next_working_day_on(self):
        """M17: acknowledged by the day, or reminded a working day before."""
        version = self.make()
        day = self.company._aftersales_next_working_day(self.today)
        before = self.today - timedelta(days=1)
        for known, asked, on, wanted in (
            (self.today, None, self.today, ("acknowledged", self.today)),
            (self.today, None, before, ("not_told", False)),
            (None, self.today, self.today, ("not_told", False)),
            (None, self.today, day, ("reminded", self.today)),
            (day, self.today, day, ("acknowledged", day)),
            (None, None, day, ("not_told", False)),
        ):
            self.assertEqual(version._get_knowledge(known, asked, on), wanted)
