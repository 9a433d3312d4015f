from datetime import timedelta

from odoo import SUPERUSER_ID
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .. import penalty_common
from ..detection import detection_common

NOTICE = "jinyang_aftersales_penalty.mail_activity_penalty"
PROPOSAL = "jinyang_aftersales_penalty.mail_activity_proposal"
DECIDE = "jinyang_aftersales_penalty.mail_activity_decide"


@tagged("post_install", "-at_install")
class TestPenaltyLife(detection_common.DetectionCommon):
    """Notices of a penalty: to the employee, then to the managers who have to decide; no job decides."""

    def propose(self):
        penalty = self.make_penalty(confirmed=False)
        self.assertEqual(str(penalty.follow_up_date), "2026-11-19")
        return penalty

    def remind(self, day):
        with freeze_time(f"{day} 02:00:00"):
            self.env["aftersales.deadline.mixin"]._remind_all(
                self.company, self.company._aftersales_today()
            )

    def told(self, penalty, kind):
        return (
            penalty.sudo()
            .activity_ids.filtered(lambda row: row.activity_type_id == self.env.ref(kind))
            .user_id
        )

    def test_employee_gets_an_activity_and_one_mail_in_his_language(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.specialist.lang = "en_US"
        penalty = self.propose()
        before = self.env["mail.mail"].sudo().search([])
        penalty.action_notify()
        self.assertEqual(self.told(penalty, NOTICE), self.specialist)
        mail = self.env["mail.mail"].sudo().search([]) - before
        self.assertEqual(len(mail), 1)
        self.assertEqual(mail.recipient_ids, self.specialist.partner_id)
        said = f"{penalty.name} concerns you: read it and say if it is wrong"
        self.assertEqual(mail.subject, said)
        self.assertIn("2026", mail.body_html)
        self.assertIn(f"/odoo/my-penalties/{penalty.id}", mail.body_html)
        # the mail has no details of the case, which are only shown after the sign-in
        self.assertNotIn("50", mail.body_html.replace(penalty.name, ""))

    def test_employee_without_user_or_address_is_told_on_paper(self):
        employee = self.make_employee(name="No User")
        penalty = self.make_penalty(employee=employee, confirmed=False)
        penalty.action_notify()
        self.assertIn("on paper", penalty.sudo().activity_ids.note)
        self.assertEqual(penalty.sudo().activity_ids.user_id, self.manager)

    def test_managers_are_told_of_a_proposal_once(self):
        penalty = self.propose()
        self.remind("2026-11-19")
        self.assertEqual(self.told(penalty, PROPOSAL), self.manager)
        self.remind("2026-11-19")
        self.remind("2026-11-24")
        self.assertEqual(len(penalty.sudo().activity_ids), 1)
        penalty.action_notify()
        self.assertFalse(self.told(penalty, PROPOSAL))

    def test_time_to_object_over_the_manager_decides(self):
        penalty = self.propose()
        penalty.action_notify()
        self.assertEqual(str(penalty.objection_deadline), "2026-11-26")
        self.remind("2026-11-26")
        self.assertFalse(self.told(penalty, DECIDE))
        self.remind("2026-11-27")
        self.assertEqual(self.told(penalty, DECIDE), self.manager)
        self.assertIn("异议期已过", penalty.sudo().activity_ids.filtered("note").note)
        self.assertEqual(penalty.state, "notified")
        with freeze_time("2026-11-27 02:00:00"):
            penalty.action_confirm()
        self.assertFalse(penalty.sudo().activity_ids)

    def test_objection_that_waits_is_remembered(self):
        penalty = self.propose()
        penalty.action_notify()
        penalty.with_user(self.specialist).action_object("当天停电")
        self.assertFalse(self.told(penalty, NOTICE))
        penalty.sudo().activity_ids.unlink()
        self.remind("2026-11-20")
        self.assertFalse(self.told(penalty, DECIDE))
        self.remind("2026-11-21")
        self.assertEqual(self.told(penalty, DECIDE), self.manager)
        self.assertIn("提出异议", penalty.sudo().activity_ids.note)

    def test_person_concerned_is_not_asked_to_decide(self):
        boss = self.make_employee(self.manager)
        values = {
            "employee_id": boss.id,
            "rule_id": self.penalty_rule("LAST_OUT").id,
            "company_id": self.company.id,
            "evidence_copy": "值班时发现",
        }
        penalty = self.penalties.with_user(self.director).create(values).with_user(self.manager)
        self.remind("2026-11-19")
        self.assertEqual(self.told(penalty, PROPOSAL), self.director)
        penalty.with_user(self.director).action_notify()
        penalty.action_object("当天停电")
        objection = "jinyang_aftersales_penalty.mail_activity_objection"
        self.assertEqual(self.told(penalty, objection), self.director)
        with self.assertRaises(AccessError), self.cr.savepoint():
            penalty.action_announce_delay("decide", "2026-12-24", "以后再说")

    def test_decision_put_off_leaves_the_time_to_object_as_it_is(self):
        penalty = self.propose()
        penalty.action_notify()
        deadline = penalty.objection_deadline
        penalty.action_announce_delay("decide", deadline + timedelta(days=20), "等调查")
        self.assertEqual(penalty.objection_deadline, deadline)

    def test_no_job_tells_confirms_or_waives(self):
        penalty = self.propose()
        robot = penalty.with_user(SUPERUSER_ID)
        with self.assertRaises(AccessError), self.cr.savepoint():
            robot.action_notify()
        penalty.action_notify()
        with freeze_time("2026-12-24 02:00:00"):
            for attempt in (
                robot.action_confirm,
                lambda: robot.action_waive("x"),
                lambda: robot.action_cancel("x"),
            ):
                with self.assertRaises(AccessError), self.cr.savepoint():
                    attempt()
            for model, work in (
                ("aftersales.penalty.detection", "_detect_daily"),
                ("aftersales.deadline.mixin", "_remind_all"),
            ):
                getattr(self.env[model], work)(self.company, self.company._aftersales_today())
        self.assertEqual(penalty.state, "notified")

    def test_case_without_fine_ends_with_its_confirmation(self):
        penalty = self.make_penalty(0, code="ATTITUDE_2", confirmed=False, found_by="event")
        penalty.action_notify()
        with freeze_time("2026-12-24 02:00:00"):
            penalty.action_confirm()
        self.assertEqual((penalty.state, penalty.amount_open), ("confirmed", 0))

    def test_copy_is_a_new_proposal(self):
        penalty = self.propose()
        penalty.action_notify()
        copy = penalty.copy({"date": "2026-11-18", "evidence_copy": "又一次"})
        self.assertEqual((copy.state, str(copy.follow_up_date)), ("proposed", "2026-11-19"))
        with self.assertRaises(UserError):
            copy.write({"follow_up_date": "2030-01-01"})

    def test_terms_of_the_rule_are_not_entered(self):
        values = {
            "employee_id": self.worker.id,
            "rule_id": self.penalty_rule("DAMAGE").id,
            "company_id": self.company.id,
            "amount": 100,
            "scan": penalty_common.RECEIPT,
            "evidence_copy": "值班时发现",
        }
        for wrong in ({"to_fund": True}, {"outcome": "fine"}, {"clause": "x"}, {"family": "X"}):
            with self.assertRaisesRegex(UserError, "Use the buttons"), self.cr.savepoint():
                self.penalties.with_user(self.manager).create({**values, **wrong})
        self.assertFalse(self.penalties.with_user(self.manager).create(values).to_fund)

    def test_without_days_to_object_there_is_the_day_of_the_notice(self):
        self.company.aftersales_objection_days = 0
        penalty = self.propose()
        penalty.action_notify()
        self.assertEqual(str(penalty.objection_deadline), "2026-11-19")
        with self.assertRaisesRegex(UserError, "may object"), self.cr.savepoint():
            penalty.action_confirm()
        with freeze_time("2026-11-19 16:00:00"):
            penalty.action_confirm()
            # midnight in Shanghai
            self.assertEqual(str(penalty.confirmed_on), "2026-11-20")
