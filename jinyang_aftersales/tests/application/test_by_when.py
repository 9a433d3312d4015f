"""By when a document is decided and carried out, who is reminded, and that the director is told (三.8)."""

from datetime import date, datetime

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .. import common

LATE = "jinyang_aftersales.mail_activity_approval_late"
EXECUTE = "jinyang_aftersales.mail_activity_application_execute"


@tagged("post_install", "-at_install")
class TestByWhen(common.AftersalesCommon):
    """The day is Thursday 19 November 2026, 10:00 in China."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        frozen = freeze_time("2026-11-19 02:00:00")
        frozen.start()
        cls.addClassCleanup(frozen.stop)
        cls.customer = cls.make_customer()
        cls.application = cls.make_application()

    @classmethod
    def make_application(cls):
        return (
            cls.env["aftersales.application"]
            .with_user(cls.specialist)
            .create(
                {
                    "kind": "data_clearing",
                    "partner_id": cls.customer.id,
                    "description": "Orders of 2019",
                    "original_holder_id": cls.specialist.id,
                    "company_id": cls.company.id,
                }
            )
        )

    def make_visit(self, start, **values):
        return (
            self.env["aftersales.visit"]
            .with_user(self.specialist)
            .create(
                {
                    "partner_id": self.customer.id,
                    "contact_id": self.customer.software_contact_id.id,
                    "problem": "The report is empty",
                    "date_planned_start": datetime.fromisoformat(start),
                    "date_planned_end": datetime.fromisoformat(start).replace(hour=9),
                    "address": "Wuhan",
                    "arrival_agreed_with_id": self.customer.software_contact_id.id,
                    "technician_ids": [(6, 0, self.specialist.ids)],
                    "lead_technician_id": self.specialist.id,
                    "company_id": self.company.id,
                    **values,
                }
            )
        )

    def remind(self, day):
        with freeze_time(f"{day} 02:00:00"):
            model = self.env["aftersales.deadline.mixin"]
            model.with_context(allowed_company_ids=self.company.ids)._remind_all(
                self.company, self.day(day)
            )

    def told(self, kind, document=None):
        """:return: users who have an activity of a type about a document"""
        document = (document or self.application).sudo()
        found = document.activity_ids.filtered(
            lambda row: row.activity_type_id == self.env.ref(kind)
        )
        self.assertEqual(len(found), len(found.user_id), "told once")
        return found.user_id

    # === Approvals === #

    def test_waiting_document_is_told_to_its_approver_and_then_to_the_director(self):
        """M58: one working day (setting), then the director after one more."""
        self.application.action_submit()
        self.assertEqual(self.application.approval_due_date, date(2026, 11, 20))
        self.assertEqual(self.application.approval_ids.due_date, date(2026, 11, 20))
        self.remind("2026-11-20")
        self.assertFalse(self.told(LATE))
        self.remind("2026-11-22")
        self.remind("2026-11-23")
        self.assertEqual(self.told(LATE), self.manager)
        self.remind("2026-11-24")
        self.remind("2026-11-25")
        self.assertEqual(self.told(LATE), self.manager | self.director)
        self.application.with_user(self.manager).action_approve()
        self.assertFalse(self.told(LATE))
        self.assertFalse(self.application.approval_due_date)
        self.assertEqual(self.application.approval_ids.due_date, date(2026, 11, 20), "a fact")

    def test_withdrawn_document_waits_for_nobody(self):
        """M58: and has a day of its own when it is submitted again."""
        self.application.action_submit()
        self.remind("2026-11-23")
        self.application.action_withdraw()
        self.assertFalse(self.told(LATE))
        self.remind("2026-11-24")
        self.assertFalse(self.told(LATE))
        with freeze_time("2026-11-24 02:00:00"):
            self.application.action_submit()
        self.assertEqual(self.application.approval_due_date, date(2026, 11, 25))

    def test_visit_is_decided_before_its_departure(self):
        """M58: at most one working day, and the working day before the work begins; never before today."""
        self.company.aftersales_approval_days = 5
        for start, due in (
            ("2026-11-30 01:00:00", date(2026, 11, 26)),
            ("2026-11-26 01:00:00", date(2026, 11, 25)),
            ("2026-11-23 01:00:00", date(2026, 11, 20)),
            ("2026-11-20 01:00:00", date(2026, 11, 19)),
            ("2026-11-19 03:00:00", date(2026, 11, 19)),
        ):
            with self.subTest(start=start):
                visit = self.make_visit(start)
                visit.action_submit()
                self.assertEqual(visit.approval_due_date, due)

    def test_days_are_settings_and_the_day_is_written_by_nobody(self):
        """M58: approvals, applications, questions, and when the director is told."""
        self.company.aftersales_approval_days = 2
        self.company.aftersales_director_days = 2
        self.application.action_submit()
        self.assertEqual(self.application.approval_due_date, date(2026, 11, 23))
        for user in (self.specialist, self.manager, self.env.ref("base.user_root")):
            for name in ("approval_due_date", "execution_due_date"):
                with self.assertRaises(UserError):
                    self.application.with_user(user).write({name: "2027-01-01"})
        self.remind("2026-11-25")
        self.assertEqual(self.told(LATE), self.manager)
        self.remind("2026-11-26")
        self.assertEqual(self.told(LATE), self.manager | self.director)
        names = self.env["aftersales.settings.mixin"]._get_aftersales_settings()
        shown = {setting.name for block in names for setting in block.settings}
        for name in ("approval", "execution", "question", "director"):
            self.assertIn(f"aftersales_{name}_days", shown)

    def test_who_decides_announces_a_delay_and_the_first_day_stays_known(self):
        """M58: with the reason; neither the applicant nor a manager who asked for it does (三.8)."""
        self.application.action_submit()
        for user in (self.specialist, self.colleague):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.application.with_user(user).action_announce_delay(
                    "approval", "2026-11-27", "no hurry"
                )
        action = self.application.with_user(self.manager).action_open_decision_delay()
        wizard = (
            self.env[action["res_model"]]
            .with_user(self.manager)
            .with_context(**action["context"])
            .create({"date_new": "2026-11-27", "reason": "The stamp is checked"})
        )
        self.assertEqual((wizard.kind, wizard.date_old), ("approval", date(2026, 11, 20)))
        wizard.action_announce()
        self.assertEqual(self.application.approval_due_date, date(2026, 11, 27))
        approval = {
            "due_date": date(2026, 11, 20),
            "delayed_to": date(2026, 11, 27),
            "delay_reason": "The stamp is checked",
            "delayed_late": False,
        }
        self.assertRecordValues(self.application.approval_ids, [approval])
        self.remind("2026-11-27")
        self.assertFalse(self.told(LATE))
        self.remind("2026-11-30")
        self.assertEqual(self.told(LATE), self.manager)
        with freeze_time("2026-11-30 02:00:00"):
            self.application.with_user(self.manager).action_announce_delay(
                "approval", "2026-12-01", "Still checked"
            )
        self.assertFalse(self.told(LATE))
        approval.update(
            delayed_to=date(2026, 12, 1), delay_reason="Still checked", delayed_late=True
        )
        self.assertRecordValues(self.application.approval_ids, [approval])
        with freeze_time("2026-12-01 02:00:00"):
            self.application.with_user(self.manager).action_announce_delay(
                "approval", "2026-12-02", "The director is asked"
            )
        self.assertTrue(self.application.approval_ids.delayed_late, "once too late stays marked")

    def test_applicant_who_is_a_manager_delays_no_own_document(self):
        """M58: the day of a decision is moved by who may decide."""
        application = self.make_application().with_user(self.manager)
        application.action_submit()
        with self.assertRaises(AccessError):
            application.action_announce_delay("approval", "2026-11-27", "no hurry")
        application.with_user(self.director).action_announce_delay("approval", "2026-11-27", "ill")
        application.action_withdraw()
        with self.assertRaises(UserError):
            application.with_user(self.director).action_announce_delay(
                "approval", "2026-11-30", "ill"
            )

    def test_decision_is_not_delayed_into_the_work(self):
        """M58: a visit is decided before its departure, whatever is announced."""
        visit = self.make_visit("2026-11-25 01:00:00")
        visit.action_submit()
        managed = visit.with_user(self.manager)
        with self.assertRaisesRegex(UserError, "begins"):
            managed.action_announce_delay("approval", "2026-11-25", "I am away")
        managed.action_announce_delay("approval", "2026-11-24", "I am away")
        self.assertEqual(visit.approval_due_date, date(2026, 11, 24))

    def test_delay_of_a_decision_is_written_by_nobody(self):
        """M58: announced by the step only."""
        self.application.action_submit()
        approval = self.application.approval_ids
        for name, value in (
            ("delayed_to", "2026-12-01"),
            ("delay_reason", "x"),
            ("delayed_late", True),
            ("due_date", "2026-12-01"),
        ):
            with self.subTest(name=name), self.assertRaises(AccessError):
                approval.sudo().write({name: value})

    # === Approved applications === #

    def approve(self):
        self.application.action_submit()
        self.application.with_user(self.manager).action_approve()

    def test_approved_application_is_carried_out_in_a_working_day(self):
        """M58: the specialist in charge is reminded, then the director is told."""
        self.approve()
        self.assertEqual(self.application.execution_due_date, date(2026, 11, 20))
        self.remind("2026-11-20")
        self.assertFalse(self.told(EXECUTE))
        self.remind("2026-11-23")
        self.assertEqual(self.told(EXECUTE), self.specialist)
        self.remind("2026-11-24")
        self.assertEqual(self.told(EXECUTE), self.specialist | self.director)
        self.application.write({"tool_used": "Cleaner", "backup_taken": True})
        self.application.action_execute()
        self.assertFalse(self.told(EXECUTE))

    def test_application_that_changes_hands_keeps_its_day_and_its_reminder(self):
        """M58: handing it on takes no duty away."""
        self.approve()
        self.remind("2026-11-23")
        self.application.sudo().user_id = self.colleague
        self.assertEqual(self.application.execution_due_date, date(2026, 11, 20))
        self.assertEqual(self.told(EXECUTE), self.colleague)

    def test_cancelled_application_is_owed_by_nobody(self):
        """M58: neither the day nor the reminder stays in force."""
        self.approve()
        self.remind("2026-11-23")
        self.application.action_cancel()
        self.assertFalse(self.told(EXECUTE))
        self.remind("2026-11-25")
        self.assertFalse(self.told(EXECUTE))

    def test_applications_approved_before_the_update_are_not_reminded(self):
        """M58: what was approved before has no day (settled 15)."""
        self.approve()
        self.application.sudo()._write_unlocked({"execution_due_date": False})
        self.remind("2026-12-01")
        self.assertFalse(self.told(EXECUTE))
