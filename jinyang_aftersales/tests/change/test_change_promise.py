"""The promised date: warnings before it, escalation, and moving it with a reason and a mail at once (五.4.5)."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .change_common import ChangeCommon

PROMISE = "jinyang_aftersales.mail_activity_change_promise"


@tagged("post_install", "-at_install")
class TestChangePromise(ChangeCommon):
    """The days are in March 2026: the 12th is a Thursday. Times are UTC, 02:00 is ten o'clock in Shanghai."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with freeze_time("2026-03-02 02:00:00"):
            cls.today = cls.day("2026-02-28")
            cls.change = cls.make_change(state="confirmed")
            cls.change.with_user(cls.manager).action_approve(
                "OK", {"date_promised": "2026-03-12", "developer_id": cls.developer.id}
            )

    def remind(self, moment):
        with freeze_time(moment):
            model = self.env["aftersales.deadline.mixin"]
            return model._remind_all(self.company, self.company._aftersales_today())

    def told(self):
        activities = self.change.sudo().activity_ids.filtered(
            lambda row: row.activity_type_id == self.env.ref(PROMISE)
        )
        return sorted(
            login.removeprefix("aftersales_") for login in activities.user_id.mapped("login")
        )

    def test_developer_and_specialist_are_warned_working_days_ahead(self):
        # three working days before Thursday the 12th: Monday the 9th
        self.remind("2026-03-06 02:00:00")
        self.assertFalse(self.told())
        self.remind("2026-03-09 02:00:00")
        self.assertEqual(self.told(), ["developer", "specialist"])

    def test_days_of_the_warning_are_the_companys_and_make_up_days_count(self):
        self.company.aftersales_change_warn_days = 4
        self.env["aftersales.makeup.day"].create(
            {"name": "Make-up", "company_id": self.company.id, "date": "2026-03-07"}
        )
        # the Saturday is a working day: four days before are 11, 10, 9 and 7
        self.remind("2026-03-06 02:00:00")
        self.assertFalse(self.told())
        self.remind("2026-03-07 02:00:00")
        self.assertEqual(self.told(), ["developer", "specialist"])

    def test_manager_is_told_when_the_date_has_passed_without_a_word(self):
        self.remind("2026-03-12 02:00:00")
        self.assertEqual(self.told(), ["developer", "specialist"])
        self.remind("2026-03-13 02:00:00")
        self.assertEqual(self.told(), ["developer", "manager", "specialist"])
        with freeze_time("2026-03-13 02:00:00"):
            self.env.invalidate_all()
            self.assertTrue(self.change.is_overdue)
            self.assertIn(self.change, self.change.search([("is_overdue", "=", True)]))

    def test_nobody_is_told_of_what_the_customer_has(self):
        with freeze_time("2026-03-05 02:00:00"):
            self.change.with_user(self.developer).action_start_development()
            self.change.with_user(self.developer).action_to_testing()
            self.change.action_record_test("pass")
            self.change.action_deploy()
        self.remind("2026-03-13 02:00:00")
        self.assertFalse(self.told())
        with freeze_time("2026-03-13 02:00:00"):
            self.assertFalse(self.change.is_overdue)

    def test_move_keeps_its_history_and_tells_the_customer_at_once(self):
        self.remind("2026-03-10 02:00:00")
        with freeze_time("2026-03-11 02:00:00"):
            self.change.action_announce_delay("promise", "2026-03-20", "A report is concerned")
        self.assertEqual(self.change.date_promised, self.day("2026-03-20"))
        self.assertFalse(self.told())
        self.assertRecordValues(
            self.change.promise_ids,
            [
                {
                    "date_old": self.day("2026-03-12"),
                    "date_new": self.day("2026-03-20"),
                    "reason": "A report is concerned",
                    "announced_by_id": self.specialist.id,
                    "in_time": True,
                }
            ],
        )
        self.assertFalse(self.change.has_late_move)
        mail = self.mails(self.change)[0]
        self.assertEqual(mail.partner_ids, self.contact)
        self.assertIn("A report is concerned", mail.body)
        self.remind("2026-03-17 02:00:00")
        self.assertEqual(self.told(), ["developer", "specialist"])

    def test_move_after_the_date_is_marked_as_too_late(self):
        with freeze_time("2026-03-13 02:00:00"):
            self.change.action_announce_delay("promise", "2026-03-20", "Ill")
        self.assertTrue(self.change.has_late_move)
        self.assertFalse(self.change.promise_ids.in_time)

    def test_who_moves_it(self):
        for user in (self.developer, self.colleague, self.callback):
            with self.assertRaises(AccessError):
                self.change.with_user(user).action_announce_delay("promise", "2030-01-01", "X")
        with freeze_time("2026-03-11 02:00:00"):
            self.change.with_user(self.manager).action_announce_delay("promise", "2026-03-19", "X")
        self.assertEqual(self.change.promise_ids.announced_by_id, self.manager)

    def test_move_needs_a_reason_and_a_day_to_come(self):
        with freeze_time("2026-03-11 02:00:00"):
            for day, reason in (
                ("2026-03-20", " "),
                ("2026-03-01", "X"),
                ("2026-03-12", "X"),
                ("soon", "X"),
                (False, "X"),
            ):
                with self.assertRaises(UserError):
                    self.change.action_announce_delay("promise", day, reason)
        self.assertFalse(self.change.promise_ids)
        with self.assertRaises(UserError):
            self.make_change(state="confirmed").action_announce_delay("promise", "2030-01-01", "X")

    def test_history_is_written_by_nobody(self):
        with freeze_time("2026-03-11 02:00:00"):
            self.change.action_announce_delay("promise", "2026-03-20", "Ill")
        row = self.change.promise_ids.with_user(self.director)
        for forge in (lambda: row.write({"in_time": False}), row.unlink):
            with self.assertRaises(AccessError):
                forge()

    def test_window_moves_the_promise(self):
        with freeze_time("2026-03-11 02:00:00"):
            action = self.change.action_open_delay()
            wizard = (
                self.env[action["res_model"]]
                .with_user(self.specialist)
                .with_context(**action["context"])
                .create({"date_new": "2026-03-20", "reason": "Ill"})
            )
            self.assertEqual(wizard.date_old, self.day("2026-03-12"))
            wizard.action_announce()
        self.assertEqual(self.change.date_promised, self.day("2026-03-20"))
