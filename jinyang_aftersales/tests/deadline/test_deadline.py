from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .. import common

ORIGINAL = "jinyang_aftersales.mail_activity_original"


@tagged("post_install", "-at_install")
class TestDeadline(common.AftersalesCommon):
    """Reminded once, escalated once, moved with a reason; tested with originals that are not filed in time.

    The days are in March 2026: the 12th is a Thursday. Times are UTC, 02:00 is ten o'clock in Shanghai.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.entry = cls.make_entry()

    @classmethod
    def make_entry(cls, **values):
        return cls.env["aftersales.archive.entry"].create(
            {
                "kind": "change_request",
                "document_name": "Request 1",
                "holder_id": cls.specialist.id,
                "company_id": cls.company.id,
                "date_deadline": "2026-03-12",
                **values,
            }
        )

    def remind(self, moment, company=None):
        """Run the step as the job does, at a moment in UTC."""
        company = company or self.company
        with freeze_time(moment):
            model = self.env["aftersales.deadline.mixin"].with_context(
                allowed_company_ids=company.ids
            )
            return model._remind_all(company, company._aftersales_today())

    def told(self, entry=None):
        """:return: logins of those who have an activity about an entry, one for each"""
        activities = (entry or self.entry).activity_ids
        return sorted(
            login.removeprefix("aftersales_") for login in activities.user_id.mapped("login")
        ) + ["twice"] * (len(activities) - len(activities.user_id))

    @contextmanager
    def deadlines(self, **values):
        """Context manager: an additional deadline of originals."""
        model = self.registry["aftersales.archive.entry"]
        original = model._get_deadlines(self.env["aftersales.archive.entry"], self.company)[0]
        with patch.object(
            model, "_get_deadlines", lambda self, company: [replace(original, **values)]
        ):
            yield

    # === Telling === #

    def test_nobody_is_told_before_the_day_has_passed(self):
        self.remind("2026-03-12 15:30:00")
        self.assertFalse(self.told())

    def test_who_owes_it_is_told_when_the_day_has_passed_in_the_company(self):
        # half past midnight of the 13th in Shanghai
        self.remind("2026-03-12 16:30:00")
        self.assertEqual(self.told(), ["specialist"])
        activity = self.entry.activity_ids
        self.assertEqual(activity.activity_type_id, self.env.ref(ORIGINAL))
        self.assertEqual(activity.date_deadline, self.day("2026-03-12"))

    def test_told_once_however_often_it_runs(self):
        for hour in range(5):
            self.remind(f"2026-03-13 0{hour}:00:00")
        self.assertEqual(self.told(), ["specialist"])
        row = self.env["aftersales.reminder"].search([("res_id", "=", self.entry.id)])
        self.assertEqual(len(row), 1)
        self.assertEqual(row.told_on, self.day("2026-03-13"))
        self.assertFalse(row.escalated_on)

    def test_told_once_when_the_activity_was_done_without_the_paper(self):
        self.remind("2026-03-13 02:00:00")
        self.entry.activity_ids.with_user(self.specialist).action_done()
        self.remind("2026-03-13 03:00:00")
        self.assertFalse(self.told())

    def test_missed_days_are_caught_up_at_once(self):
        self.remind("2026-03-23 02:00:00")
        self.assertEqual(self.told(), ["manager", "specialist"])
        self.remind("2026-03-23 03:00:00")
        self.assertEqual(self.told(), ["manager", "specialist"])

    def test_warned_ahead_by_working_days(self):
        entry = self.make_entry(date_deadline="2026-03-16")
        with self.deadlines(warn_days=2):
            # Monday the 16th is two working days after Thursday the 12th
            self.remind("2026-03-11 02:00:00")
            self.assertFalse(self.told(entry))
            self.remind("2026-03-12 02:00:00")
            self.assertEqual(self.told(entry), ["specialist"])
            self.remind("2026-03-17 02:00:00")
            self.assertEqual(self.told(entry), ["specialist"])
            self.remind("2026-03-18 02:00:00")
            self.assertEqual(self.told(entry), ["manager", "specialist"])

    # === Escalating === #

    def test_managers_are_told_after_a_full_working_day(self):
        for moment, told in (
            ("2026-03-13 02:00:00", ["specialist"]),
            ("2026-03-14 02:00:00", ["manager", "specialist"]),
        ):
            self.remind(moment)
            self.assertEqual(self.told(), told, moment)

    def test_weekends_and_holidays_are_no_working_days(self):
        friday = self.make_entry(date_deadline="2026-03-13")
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "company_id": self.company.id,
                "calendar_id": self.company.resource_calendar_id.id,
                "date_from": "2026-03-15 16:00:00",
                "date_to": "2026-03-16 15:59:59",
            }
        )
        for moment, told in (
            ("2026-03-14 02:00:00", ["specialist"]),
            ("2026-03-15 02:00:00", ["specialist"]),
            ("2026-03-17 02:00:00", ["specialist"]),
            ("2026-03-18 02:00:00", ["manager", "specialist"]),
        ):
            self.remind(moment)
            self.assertEqual(self.told(friday), told, moment)

    def test_escalated_after_as_many_working_days_as_the_deadline_says(self):
        with self.deadlines(escalate_days=3):
            for moment, told in (
                ("2026-03-13 02:00:00", ["specialist"]),
                ("2026-03-17 02:00:00", ["specialist"]),
                ("2026-03-18 02:00:00", ["manager", "specialist"]),
            ):
                self.remind(moment)
                self.assertEqual(self.told(), told, moment)

    def test_escalated_with_the_first_telling_or_never(self):
        second = self.make_entry()
        with self.deadlines(escalate_days=0):
            self.remind("2026-03-13 02:00:00")
        self.assertEqual(self.told(), ["manager", "specialist"])
        self.env["aftersales.reminder"].search([("res_id", "=", second.id)]).unlink()
        second.activity_ids.unlink()
        with self.deadlines(escalate_days=None):
            self.remind("2026-04-30 02:00:00")
        self.assertEqual(self.told(second), ["specialist"])

    def test_what_nobody_owes_goes_to_the_managers(self):
        nobody = self.make_entry(holder_id=False)
        left = self.make_entry(holder_id=self.colleague.id)
        # a colleague without a leader who would take over
        self.colleague.write({"active": False})
        self.remind("2026-03-13 02:00:00")
        self.assertEqual(self.told(nobody), ["manager"])
        self.assertEqual(self.told(left), ["manager"])
        self.remind("2026-03-16 02:00:00")
        self.assertEqual(self.told(nobody), ["manager"])

    def test_manager_who_owes_it_is_not_told_twice(self):
        entry = self.make_entry(holder_id=self.manager.id)
        for moment in ("2026-03-13 02:00:00", "2026-03-16 02:00:00", "2026-03-17 02:00:00"):
            self.remind(moment)
            self.assertEqual(self.told(entry), ["manager"], moment)

    def test_what_nobody_could_be_told_of_is_told_when_there_is_somebody(self):
        entry = self.make_entry(holder_id=False)
        (self.manager | self.director).action_archive()
        managers = self.env["res.users"]
        with self.deadlines(managers=lambda entry: managers):
            self.remind("2026-03-13 02:00:00")
        self.assertFalse(self.told(entry))
        self.manager.action_unarchive()
        self.remind("2026-03-13 03:00:00")
        self.assertEqual(self.told(entry), ["manager"])

    def test_hand_over_takes_the_reminder_along(self):
        self.remind("2026-03-13 02:00:00")
        self.entry.with_user(self.specialist).action_hand_over(self.colleague.id)
        # the other task says that the original is said to be with them
        self.assertEqual(self.told(), ["colleague", "twice"])
        late = self.entry.activity_ids.filtered(lambda task: task.date_deadline < date(2026, 3, 13))
        self.assertEqual(late.user_id, self.colleague)

    # === Met === #

    def test_closed_when_met_and_never_told_again(self):
        self.remind("2026-03-23 02:00:00")
        self.entry.place = "Cabinet A"
        self.entry.action_file()
        self.assertFalse(self.told())
        self.remind("2026-03-24 02:00:00")
        self.assertFalse(self.told())

    def test_loan_is_told_to_who_borrowed_it(self):
        self.entry.place = "Cabinet A"
        with freeze_time("2026-03-10 02:00:00"):
            self.entry.action_file()
            self.entry.action_lend(self.colleague.id, "2026-03-12")
        self.remind("2026-03-13 02:00:00")
        self.assertEqual(self.told(), ["colleague"])
        self.entry.action_return()
        self.assertFalse(self.told())

    # === Delays === #

    def announce(self, user, day, moment="2026-03-12 02:00:00", kind="original_overdue"):
        with freeze_time(moment):
            self.entry.with_user(user).action_announce_delay(kind, day, " the customer is away ")

    def test_delay_announced_in_time(self):
        self.announce(self.specialist, "2026-03-16")
        self.assertEqual(self.entry.date_deadline, self.day("2026-03-16"))
        self.assertRecordValues(
            self.entry.delay_ids,
            [
                {
                    "date_old": self.day("2026-03-12"),
                    "date_new": self.day("2026-03-16"),
                    "reason": "the customer is away",
                    "announced_by_id": self.specialist.id,
                    "in_time": True,
                }
            ],
        )
        self.assertIn("the customer is away", self.entry.message_ids[0].body)
        self.remind("2026-03-14 02:00:00")
        self.assertFalse(self.told())

    def test_delay_announced_late_is_marked(self):
        self.announce(self.specialist, "2026-03-16", "2026-03-12 16:30:00")
        self.assertFalse(self.entry.delay_ids.in_time)

    def test_moved_date_is_told_anew(self):
        self.remind("2026-03-13 02:00:00")
        self.announce(self.specialist, "2026-03-16", "2026-03-13 03:00:00")
        self.assertFalse(self.told())
        self.remind("2026-03-16 02:00:00")
        self.assertFalse(self.told())
        self.remind("2026-03-17 02:00:00")
        self.assertEqual(self.told(), ["specialist"])

    def test_stranger_announces_nothing(self):
        for user in (self.colleague, self.archivist, self.callback, self.developer, self.employee):
            with self.assertRaises(AccessError):
                self.announce(user, "2026-03-16")
        self.announce(self.manager, "2026-03-16")
        self.assertEqual(self.entry.delay_ids.announced_by_id, self.manager)

    def test_delay_needs_a_reason_and_a_day_to_come(self):
        entry = self.entry.with_user(self.specialist)
        with freeze_time("2026-03-12 02:00:00"):
            for kind, day, reason in (
                ("original_overdue", "2026-03-16", "  "),
                ("original_overdue", "2026-03-16", False),
                ("original_overdue", "2026-03-11", "late"),
                ("original_overdue", "2026-03-12", "late"),
                ("original_overdue", False, "late"),
                ("loan_overdue", "2026-03-16", "late"),
                ("nonsense", "2026-03-16", "late"),
            ):
                with self.assertRaises(UserError):
                    entry.action_announce_delay(kind, day, reason)
        self.assertFalse(self.entry.delay_ids)

    def test_delays_are_changed_by_nobody(self):
        self.announce(self.specialist, "2026-03-16")
        for user in (self.specialist, self.manager, self.director):
            delay = self.entry.delay_ids.with_user(user)
            for attempt in (lambda d=delay: d.write({"in_time": False}), delay.unlink, delay.copy):
                with self.assertRaises(AccessError):
                    attempt()

    def test_dialog_moves_the_deadline_that_is_open(self):
        action = self.entry.with_user(self.specialist).action_open_delay()
        with freeze_time("2026-03-12 02:00:00"):
            dialog = (
                self.env[action["res_model"]]
                .with_user(self.specialist)
                .with_context(**action["context"])
                .create({"date_new": "2026-03-16", "reason": "late"})
            )
            self.assertEqual(dialog.kind, "original_overdue")
            self.assertEqual(dialog.date_old, self.day("2026-03-12"))
            dialog.action_announce()
        self.assertEqual(self.entry.date_deadline, self.day("2026-03-16"))

    # === The job === #

    def test_one_broken_document_stops_no_other(self):
        others = self.make_entry(), self.make_entry()

        def broken(entry):
            if entry == others[0]:
                raise ValueError("broken")
            return entry.holder_id

        with (
            self.deadlines(users=broken),
            self.assertRaisesRegex(UserError, f"{others[0].id} original_overdue: broken"),
        ):
            # not assertRaises of Odoo, which would also roll back the successful reminders
            try:
                self.remind("2026-03-13 02:00:00")
            finally:
                told = [self.told(entry) for entry in (self.entry, *others)]
        self.assertEqual(told, [["specialist"], [], ["specialist"]])

    def test_each_company_has_its_own_day(self):
        pago = self.make_company("Pago Pago Branch", tz="Pacific/Pago_Pago")
        holder = self.make_user(
            "pago",
            "jinyang_aftersales.group_user",
            company_id=pago.id,
            company_ids=[(6, 0, pago.ids)],
        )
        far = self.make_entry(company_id=pago.id, holder_id=holder.id)
        # the 13th in Shanghai, still the 12th in Pago Pago
        for company in self.company | pago:
            self.remind("2026-03-13 02:00:00", company)
        self.assertEqual((self.told(), self.told(far)), (["specialist"], []))
        for company in self.company | pago:
            self.remind("2026-03-13 11:30:00", company)
        self.assertEqual((self.told(), self.told(far)), (["specialist"], ["pago"]))

    def test_work_is_done_in_batches_and_goes_on_next_time(self):
        entries = self.entry | self.make_entry() | self.make_entry()
        progress = []

        def no_time(self, processed, left):
            progress.append((processed, left))
            return False

        module = "odoo.addons.jinyang_aftersales.models.deadline.aftersales_deadline_mixin.BATCH"
        job = self.registry["aftersales.job"]
        with patch(module, 2), patch.object(job, "_checkpoint", no_time):
            self.assertEqual(self.remind("2026-03-13 02:00:00"), 1)
            self.assertEqual(len(entries.activity_ids), 2)
            self.assertEqual(self.remind("2026-03-13 03:00:00"), 0)
        self.assertEqual(len(entries.activity_ids), 3)
        self.assertEqual(progress, [(2, 1), (1, 0)])

    def test_reminding_costs_the_same_for_each_document(self):
        def cost(number):
            for _each in range(number):
                self.make_entry()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.remind("2026-03-13 02:00:00")
            self.env.flush_all()
            return self.cr.sql_log_count - before

        cost(1)
        few, more = cost(5), cost(25)
        # the number of queries for each further document is constant
        self.assertLess((more - few) / 20, 30)
        self.assertLess(more / 25, few / 5 + 1)

    def test_nothing_to_tell_costs_one_query_for_each_deadline(self):
        self.remind("2026-03-13 02:00:00")
        self.env.flush_all()
        before = self.cr.sql_log_count
        self.remind("2026-03-13 03:00:00")
        idle = self.cr.sql_log_count - before
        for _each in range(10):
            self.make_entry(date_deadline="2026-03-30")
        self.env.flush_all()
        before = self.cr.sql_log_count
        self.remind("2026-03-13 03:00:00")
        self.assertLessEqual(self.cr.sql_log_count - before, idle)
