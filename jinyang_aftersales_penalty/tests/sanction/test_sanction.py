import runpy
from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools.misc import file_path

from .. import penalty_common


@tagged("post_install", "-at_install")
class TestSanction(penalty_common.PenaltyCommon):
    """三.7, 三.9, 三.11, 七.1, 七.2: proposed, decided by the director, handed to HR, without further effects."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.hr = cls.make_user("hr", "hr.group_hr_manager")
        cls.penalty_rule = cls.env.ref("jinyang_aftersales_penalty.penalty_rule_misconduct")

    def make_sanction(self, kind="warning", employee=None, by=None, **values):
        return (
            self.env["aftersales.sanction"]
            .with_user(by or self.manager)
            .create(
                {
                    "employee_id": (employee or self.worker).id,
                    "kind": kind,
                    "rule_id": self.penalty_rule.id,
                    "reason": "Left the customer alone",
                    "company_id": self.company.id,
                    **values,
                }
            )
        )

    def propose(self, kind="warning", evidence=None, rule=None):
        return self.env["aftersales.sanction"]._propose_sanction(
            self.worker,
            kind,
            rule or self.penalty_rule,
            evidence or self.company,
            "Seen by the manager",
            self.company,
            evidence_copy="As it was",
        )

    def sees(self, user, sanction):
        return bool(sanction.with_user(user).search([("id", "=", sanction.id)]))

    def test_case_gives_each_kind_of_sanction_once(self):
        first = self.propose()
        self.assertEqual((first.state, first.evidence_copy), ("proposed", "As it was"))
        self.assertFalse(self.propose())
        self.assertTrue(self.propose("demotion"))
        self.assertTrue(self.propose(evidence=self.company.partner_id))
        other = self.env.ref("jinyang_aftersales_penalty.penalty_rule_absent_meeting")
        self.assertTrue(self.propose(rule=other))

    def test_case_that_is_moved_into_the_future_is_not_decided(self):
        sanction = self.make_sanction()
        today = sanction.date
        sanction.date = today + timedelta(days=1)
        with self.assertRaisesRegex(UserError, "future"), self.cr.savepoint():
            sanction.with_user(self.director).action_decide("So be it")
        sanction.date = today
        sanction.with_user(self.director).action_decide("So be it")
        self.assertEqual(sanction.state, "decided")

    def test_directors_are_asked_and_decide_with_reasons(self):
        sanction = self.propose()
        asked = sanction.sudo().activity_ids.user_id
        self.assertIn(self.director, asked)
        self.assertNotIn(self.manager, asked)
        with self.assertRaises(AccessError), self.cr.savepoint():
            sanction.with_user(self.manager).action_decide("Yes")
        mine = sanction.with_user(self.director)
        with self.assertRaisesRegex(UserError, "reason"), self.cr.savepoint():
            mine.action_decide(" ")
        mine.action_decide("It is true")
        self.assertEqual(sanction.state, "decided")
        self.assertEqual(sanction.decided_by_id, self.director)
        with self.assertRaisesRegex(UserError, "already"), self.cr.savepoint():
            mine.action_decide("Again")

    def test_warning_is_read_when_decided_and_acknowledged_by_the_employee_alone(self):
        sanction = self.make_sanction()
        self.assertFalse(self.sees(self.specialist, sanction))
        sanction.with_user(self.director).action_decide("It is true")
        self.assertTrue(self.sees(self.specialist, sanction))
        self.assertEqual(sanction.sudo().activity_ids.user_id, self.specialist)
        for user in (self.director, self.manager):
            with self.assertRaises(AccessError), self.cr.savepoint():
                sanction.with_user(user).action_acknowledge()
        own = sanction.with_user(self.specialist)
        self.assertTrue(own.can_acknowledge)
        own.action_acknowledge()
        self.assertTrue(own.acknowledged_on)
        self.assertFalse(sanction.sudo().activity_ids)
        with self.assertRaisesRegex(UserError, "already"), self.cr.savepoint():
            own.action_acknowledge()

    def test_dismissal_is_read_by_the_employee_when_hr_has_it(self):
        sanction = self.make_sanction("dismissal")
        employment = self.worker.version_id.read()
        sanction.with_user(self.director).action_decide("It is true")
        self.assertFalse(self.sees(self.specialist, sanction))
        self.assertFalse(self.sees(self.hr, sanction))
        sanction.with_user(self.director).action_hand_over(self.hr.id)
        self.assertTrue(self.sees(self.specialist, sanction))
        self.assertTrue(self.sees(self.hr, sanction))
        self.assertFalse(self.sees(self.payroll, sanction))
        self.assertIn(self.hr, sanction.sudo().activity_ids.user_id)
        # the employment is not changed
        self.assertEqual(self.worker.version_id.read(), employment)
        self.assertTrue(self.worker.active)

    def test_nobody_of_hr_no_hand_over(self):
        sanction = self.make_sanction("dismissal", by=self.director)
        sanction.with_user(self.director).action_decide("It is true")
        for wrong in (self.specialist, self.manager):
            with self.assertRaisesRegex(UserError, "HR manager"), self.cr.savepoint():
                sanction.with_user(self.director).action_hand_over(wrong.id)

    def test_hr_manager_does_not_get_an_own_case(self):
        worker = self.make_employee(self.hr)
        sanction = self.make_sanction("demotion", employee=worker, by=self.director)
        self.assertNotIn(self.hr, sanction._get_hr_users())

    def test_person_concerned_decides_nothing_and_reads_no_proposal(self):
        boss = self.make_employee(self.director)
        sanction = self.make_sanction(employee=boss)
        self.assertFalse(self.sees(self.director, sanction))
        self.assertNotIn(self.director, sanction.sudo().activity_ids.user_id)
        with self.assertRaises(AccessError), self.cr.savepoint():
            sanction.with_user(self.director).action_reject("No")
        with self.assertRaises(AccessError), self.cr.savepoint():
            self.make_sanction(employee=boss, by=self.director)
        second = self.make_user("second", "jinyang_aftersales.group_director")
        sanction.with_user(second).action_decide("It is true")
        with self.assertRaisesRegex(UserError, "somebody else"), self.cr.savepoint():
            sanction.with_user(self.director).action_withdraw("No")

    def test_manager_withdraws_proposals_and_the_director_what_was_decided(self):
        sanction = self.make_sanction()
        sanction.action_withdraw("A mistake")
        self.assertEqual(sanction.state, "withdrawn")
        sanction = self.make_sanction()
        sanction.with_user(self.director).action_decide("It is true")
        with self.assertRaises(AccessError), self.cr.savepoint():
            sanction.action_withdraw("A mistake")
        sanction.with_user(self.director).action_withdraw("A mistake")
        self.assertEqual(sanction.sudo().activity_ids.user_id, self.specialist, "told before")

    def test_director_withdraws_what_was_handed_over_and_hr_is_told(self):
        """M20: nothing becomes final by being handed to HR while its case is still examined."""
        sanction = self.make_sanction("dismissal")
        sanction.with_user(self.director).action_decide("It is true")
        sanction.with_user(self.director).action_hand_over(self.hr.id)
        with self.assertRaises(AccessError), self.cr.savepoint():
            sanction.action_withdraw("Refuted")
        with self.assertRaises(UserError), self.cr.savepoint():
            sanction.with_user(self.director).action_withdraw(" ")
        sanction.with_user(self.director).action_withdraw("Refuted")
        self.assertEqual(sanction.state, "withdrawn")
        told = sanction.sudo().activity_ids
        self.assertEqual(told.user_id, self.hr | self.specialist)
        self.assertIn("Refuted", told[:1].note)

    def test_states_and_decided_cases_are_not_written(self):
        sanction = self.make_sanction()
        for vals in ({"state": "decided"}, {"told_on": "2020-01-01"}, {"hr_user_id": 1}):
            with self.assertRaisesRegex(UserError, "Use the buttons"), self.cr.savepoint():
                sanction.write(vals)
        sanction.with_user(self.director).action_decide("It is true")
        with self.assertRaisesRegex(UserError, "any more"), self.cr.savepoint():
            sanction.write({"reason": "Something else"})
        with self.assertRaisesRegex(UserError, "only drafts"), self.cr.savepoint():
            sanction.unlink()

    def test_letter_is_printed_in_chinese_by_who_reads_it_once_decided(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.company.partner_id.lang = "zh_CN"
        sanction = self.make_sanction()
        reports = self.env["ir.actions.report"]
        name = "jinyang_aftersales_penalty.report_sanction"
        with self.assertRaisesRegex(UserError, "no letter"), self.cr.savepoint():
            sanction._for_paper()
        sanction.with_user(self.director).action_decide("It is <b>true</b>")
        html = reports.with_user(self.specialist)._render_qweb_html(name, sanction.ids)[0].decode()
        for text in (sanction.name, self.worker.name, "三.11", "It is &lt;b&gt;true"):
            self.assertIn(text, html)
        with self.assertRaises(AccessError), self.cr.savepoint():
            reports.with_user(self.colleague)._render_qweb_html(name, sanction.ids)

    def test_the_letter_names_the_version_that_was_in_force_on_the_day_of_the_case(self):
        """M17"""
        self.env["res.lang"]._activate_lang("zh_CN")
        self.company.partner_id.lang = "zh_CN"
        sanction = self.make_sanction()
        version = sanction.regulation_id.sudo()
        self.assertTrue(version)
        sanction.with_user(self.director).action_decide("It is true")
        # what the rule, or a later version, says afterwards changes no letter
        self.penalty_rule.clause = "三.99"
        today = self.company._aftersales_today()
        newer = version.with_user(self.director).copy({"version": "77"}).sudo()
        newer._write_unlocked({"state": "released", "date_effective": today + timedelta(days=1)})
        html = self.print_letter(sanction)
        day = version.date_effective
        begin = f"{day.year}年{day.month}月{day.day}日"
        self.assertIn(f"《{version.title}》三.11（版本 {version.version}，{begin}起施行）", html)
        self.assertIn("Clause 三.11", html)
        for text in ("77", "三.99"):
            self.assertNotIn(text, html)

    def test_letters_of_the_past_keep_the_clause_that_they_printed(self):
        """M17"""
        path = "jinyang_aftersales_penalty/migrations/19.0.3.0.0/post-sanction.py"
        migrate = runpy.run_path(file_path(path))["migrate"]
        sanction = self.make_sanction()
        sanction.with_user(self.director).action_decide("It is true")
        sanction._write_unlocked({"clause": False, "regulation_id": False, "clause_text": False})
        self.env.flush_all()
        for version, clause in ((None, False), ("19.0.2.0.0", "三.11"), ("19.0.2.0.0", "三.11")):
            migrate(self.env.cr, version)
            self.env.invalidate_all()
            self.assertEqual(sanction.clause, clause)
        self.assertIn("三.11", self.print_letter(sanction))

    def print_letter(self, sanction):
        reports = self.env["ir.actions.report"].with_user(self.specialist)
        name = "jinyang_aftersales_penalty.report_sanction"
        return reports._render_qweb_html(name, sanction.ids)[0].decode()

    def test_mark_done_in_the_inbox_works_for_who_may_not_write(self):
        sanction = self.make_sanction("dismissal")
        sanction.with_user(self.director).action_decide("It is true")
        sanction.with_user(self.director).action_hand_over(self.hr.id)
        for user in (self.hr, self.specialist):
            activity = (
                self.env["mail.activity"]
                .with_user(user)
                .search([("res_model", "=", sanction._name), ("user_id", "=", user.id)])
            )
            self.assertEqual(len(activity), 1)
            activity.action_done()
