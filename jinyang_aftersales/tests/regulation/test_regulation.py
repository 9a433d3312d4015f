import base64
from datetime import timedelta

from freezegun import freeze_time
from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from . import regulation_common


@tagged("post_install", "-at_install")
class TestRegulation(regulation_common.RegulationCommon):
    """八, 九, 十: versions of the regulation, acknowledged once by each employee in person; suggestions."""

    def asked(self, regulation):
        return regulation.sudo().activity_ids.user_id

    def test_version_in_force_is_the_latest_that_has_begun_on_the_companys_day(self):
        first, second = self.make_version("1.0"), self.make_version("2.0", days=3)
        draft = self.make_version("3.0", released=False)
        states = {"in_force": first, "announced": second, "draft": draft}
        for state, regulation in states.items():
            self.assertEqual(regulation.validity, state)
            self.assertEqual(
                regulation.search([("validity", "=", state), ("company_id", "=", self.company.id)]),
                regulation,
            )
        # 16:30 UTC is half past midnight of the next day in Shanghai
        day = (self.today + timedelta(days=2)).isoformat()
        self.env.invalidate_all()
        with freeze_time(f"{day} 15:30:00"):
            self.assertEqual(second.validity, "announced")
        self.env.invalidate_all()
        with freeze_time(f"{day} 16:30:00"):
            self.assertEqual(second.validity, "in_force")
            self.assertEqual(first.validity, "superseded")

    def test_release_is_the_directors_and_fixes_the_text(self):
        regulation = self.make_version(released=False)
        for user in (self.manager, self.specialist):
            with self.assertRaises(AccessError), self.cr.savepoint():
                regulation.with_user(user).action_release()
        with self.assertRaisesRegex(UserError, "Use the buttons"), self.cr.savepoint():
            regulation.write({"state": "released"})
        regulation.action_release()
        for vals in ({"text": "<p>x</p>"}, {"title": "x"}, {"date_effective": "2030-01-01"}):
            with self.assertRaisesRegex(UserError, "any more"), self.cr.savepoint():
                regulation.write(vals)
        with self.assertRaisesRegex(UserError, "only drafts"), self.cr.savepoint():
            regulation.unlink()

    def test_nothing_without_text_or_in_the_past_is_released(self):
        with self.assertRaisesRegex(UserError, "no text"), self.cr.savepoint():
            self.make_version(text="<p><br></p>")
        with self.assertRaisesRegex(UserError, "soonest"), self.cr.savepoint():
            self.make_version(days=-1)
        html = base64.b64encode(b"<html><script>alert(1)</script></html>")
        with self.assertRaisesRegex(ValidationError, "PDF"), self.cr.savepoint():
            self.make_version(scan=html, scan_name="regulation.pdf")

    def test_drafts_are_not_read_by_employees(self):
        regulation = self.make_version(released=False)
        self.assertFalse(regulation.with_user(self.specialist).search([]))
        with self.assertRaises(AccessError):
            regulation.with_user(self.specialist).read(["text"])

    def test_each_employee_acknowledges_a_version_once_by_himself(self):
        regulation = self.make_version()
        self.assertEqual(self.asked(regulation), self.specialist | self.colleague)
        own = regulation.with_user(self.specialist)
        own.action_acknowledge()
        self.assertTrue(own.acknowledged_on)
        self.assertEqual(self.asked(regulation), self.colleague)
        with self.assertRaisesRegex(UserError, "acknowledged already"), self.cr.savepoint():
            own.action_acknowledge()
        seen = regulation.with_user(self.manager)
        self.assertEqual(seen.missing_employee_ids.ids, self.other.ids)
        with self.assertRaisesRegex(UserError, "no employee"), self.cr.savepoint():
            seen.action_acknowledge()
        # the next version is acknowledged anew
        second = self.make_version("2.0", days=1)
        self.assertTrue(second.with_user(self.specialist).can_acknowledge)

    def test_manager_without_rights_on_personnel_sees_who_is_missing_by_name(self):
        regulation = self.make_version()
        regulation.with_user(self.specialist).action_acknowledge()
        self.assertFalse(self.manager.has_group("hr.group_hr_user"))
        self.env.invalidate_all()
        names = {"fields": {"display_name": {}}}
        [shown] = regulation.with_user(self.manager).web_read(
            {
                "missing_count": {},
                "missing_employee_ids": names,
                "acknowledgement_ids": {"fields": {"employee_id": names}},
            }
        )
        self.assertEqual(shown["missing_count"], 1)
        missing = [row["display_name"] for row in shown["missing_employee_ids"]]
        self.assertEqual(missing, [self.other.name])
        known = [row["employee_id"]["display_name"] for row in shown["acknowledgement_ids"]]
        self.assertEqual(known, [self.specialist.name])
        # an employee sees no list of colleagues
        with self.assertRaises(AccessError):
            regulation.with_user(self.specialist).read(["missing_employee_ids"])

    def test_acknowledgements_are_made_by_nobody_else_and_never_changed(self):
        regulation = self.make_version()
        regulation.with_user(self.specialist).action_acknowledge()
        rows = self.env["aftersales.regulation.acknowledgement"]
        vals = {
            "regulation_id": regulation.id,
            "employee_id": self.other.id,
            "acknowledged_on": "2026-01-01",
        }
        for user in (self.specialist, self.colleague, self.manager, self.director):
            with self.assertRaises(AccessError), self.cr.savepoint():
                rows.with_user(user).create(vals)
        row = rows.search([("regulation_id", "=", regulation.id)])
        for attempt in (lambda: row.write({"employee_id": self.other.id}), row.unlink):
            with self.assertRaises(AccessError), self.cr.savepoint():
                attempt()
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(UniqueViolation),
            self.cr.savepoint(),
        ):
            rows._create_unlocked({**vals, "employee_id": self.worker.id})
        self.assertFalse(rows.with_user(self.colleague).search([]))

    def test_job_reminds_once_a_day_and_new_colleagues_too(self):
        regulation = self.make_version()
        regulation.with_user(self.specialist).action_acknowledge()
        newcomer = self.make_employee(self.callback)
        self.assertEqual(self.asked(regulation), self.colleague)
        job = self.env["aftersales.job"]
        # the last step but the mails about all that was given
        last = [job._get_step_name(work) for work in job._ordered_steps()[-2:]]
        self.assertEqual(
            last, ["aftersales.regulation._remind_missing", "mail.activity._mail_digests"]
        )
        self.company._write_unlocked({"aftersales_last_run": self.today})
        self.env["aftersales.regulation"]._remind_missing(self.company, self.today)
        self.assertEqual(self.asked(regulation), self.colleague)
        self.company._write_unlocked({"aftersales_last_run": self.today - timedelta(days=1)})
        for _run in range(2):
            self.env["aftersales.regulation"]._remind_missing(self.company, self.today)
        self.assertEqual(self.asked(regulation), self.colleague | self.callback)
        self.assertEqual(len(regulation.sudo().activity_ids), 2)
        newcomer.department_id = False
        with self.assertRaises(AccessError), self.cr.savepoint():
            regulation.with_user(self.specialist).action_remind()

    def test_departments_limit_whom_it_concerns(self):
        elsewhere = self.env["hr.department"].create(
            {"name": "Sales", "company_id": self.company.id}
        )
        self.other.department_id = elsewhere
        regulation = self.make_version(department_ids=[(6, 0, self.department.ids)])
        self.assertEqual(self.asked(regulation), self.specialist)

    def test_text_is_cleaned(self):
        regulation = self.make_version(
            text='<p onclick="x()">Hi</p><script>alert(1)</script>', released=False
        )
        self.assertNotIn("script", regulation.text)
        self.assertNotIn("onclick", regulation.text)

    # === 九, 八: suggestions and objections === #

    def test_suggestion_is_answered_by_a_manager_and_the_answer_read(self):
        suggestion = self.suggest()
        self.assertEqual(suggestion.employee_id.id, self.worker.id)
        self.assertFalse(suggestion.with_user(self.manager).search([]))
        suggestion.action_submit()
        self.assertEqual(suggestion.sudo().activity_ids.user_id, self.manager)
        with self.assertRaises(AccessError), self.cr.savepoint():
            suggestion.with_user(self.colleague).action_answer("No")
        theirs = suggestion.with_user(self.manager)
        with self.assertRaisesRegex(UserError, "answer"), self.cr.savepoint():
            theirs.action_answer(" ")
        theirs.action_answer("From next week on", "adopted")
        self.assertEqual(suggestion.answer, "From next week on")
        self.assertEqual(suggestion.sudo().activity_ids.user_id, self.specialist)

    def test_nobody_writes_in_anothers_name_or_answers_himself(self):
        with self.assertRaises(AccessError), self.cr.savepoint():
            self.suggest(employee_id=self.other.id)
        with self.assertRaisesRegex(UserError, "Only employees"), self.cr.savepoint():
            self.suggest(self.employee)
        self.make_employee(self.manager)
        own = self.suggest(self.manager, kind="objection")
        own.action_submit()
        self.assertEqual(own.sudo().activity_ids.user_id, self.director)
        with self.assertRaisesRegex(UserError, "somebody else"), self.cr.savepoint():
            own.action_answer("Yes")
        with self.assertRaises(UserError), self.cr.savepoint():
            own.write({"state": "answered", "answer": "Yes"})

    def test_submitted_suggestion_is_fixed_until_taken_back(self):
        suggestion = self.suggest()
        suggestion.action_submit()
        for vals in ({"text": "x"}, {"employee_id": self.other.id}):
            with self.assertRaisesRegex(UserError, "any more"), self.cr.savepoint():
                suggestion.write(vals)
        with self.assertRaises(AccessError), self.cr.savepoint():
            suggestion.with_user(self.manager).action_withdraw()
        suggestion.action_withdraw()
        self.assertFalse(suggestion.sudo().activity_ids)
        suggestion.unlink()

    def test_shipped_regulation_is_a_draft_with_the_whole_text(self):
        regulation = self.env.ref("jinyang_aftersales.regulation_jinyang")
        self.assertEqual(regulation.state, "draft")
        for clause in ("一、总纲", "处以50元/张的罚款", "均作为售后服务部的基金", "下发之日起"):
            self.assertIn(clause, regulation.text)
