"""Holidays entered after a case was found, and years of which none are entered (settled 25)."""

from datetime import date, datetime

from freezegun import freeze_time

from odoo.tests import tagged

from . import detection_common

DECIDE = "jinyang_aftersales_penalty.mail_activity_penalty_decide"


@tagged("post_install", "-at_install")
class TestDetectionHolidays(detection_common.DetectionCommon):
    """The service was done on Thursday 19 November 2026, its record is due on Friday the 20th."""

    def add_holiday(self, first, last, moment):
        """Enter a public holiday of whole days in Shanghai, at a moment."""
        with freeze_time(moment):
            return self.env["resource.calendar.leaves"].create(
                {
                    "name": "放假",
                    "company_id": self.company.id,
                    "calendar_id": False,
                    "date_from": datetime.fromisoformat(f"{first} 00:00:00") - self.zone,
                    "date_to": datetime.fromisoformat(f"{last} 23:59:59") - self.zone,
                }
            )

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.zone = datetime(2026, 1, 1, 8) - datetime(2026, 1, 1)

    def tasks(self, penalty):
        return penalty.activity_ids.filtered(lambda row: "later" in (row.note or ""))

    def test_proposal_whose_new_day_has_not_passed_is_withdrawn_and_found_again(self):
        """M18: the record may still be made in time; when it is not, the case is a new one."""
        ticket = self.make_ticket()
        first = self.detect("2026-11-21")
        self.add_holiday("2026-11-20", "2026-11-20", "2026-11-21 02:00:00")
        self.assertEqual(ticket.record_due_date, date(2026, 11, 23))
        self.assertEqual((first.state, first.is_withdrawn), ("cancelled", True))
        self.assertIn(first._say_day(date(2026, 11, 23)), first.decision_reason)
        self.assertFalse(self.detect("2026-11-23"))
        second = self.detect("2026-11-24")
        self.assertEqual((second.evidence_id, second.date), (ticket.id, date(2026, 11, 23)))

    def test_record_that_was_in_time_after_all_is_no_case(self):
        """M18: completed late by the calendar without the holiday, in time by the one with it."""
        ticket = self.make_ticket(complete=datetime(2026, 11, 23, 2, 0))
        penalty = self.detect("2026-11-24")
        self.assertEqual(penalty.evidence_id, ticket.id)
        self.add_holiday("2026-11-20", "2026-11-20", "2026-11-25 02:00:00")
        self.assertEqual(penalty.state, "cancelled")
        self.assertEqual(ticket.record_due_date, date(2026, 11, 23))
        self.assertFalse(self.detect("2026-11-26"))

    def test_proposal_whose_new_day_has_passed_stays(self):
        """M18: one day of holiday does not excuse a week."""
        self.make_ticket()
        penalty = self.detect("2026-11-30")
        self.add_holiday("2026-11-20", "2026-11-20", "2026-11-30 02:00:00")
        self.assertEqual(penalty.state, "proposed")

    def test_told_penalty_is_a_task_for_the_managers(self):
        """M18: what employees were told is taken back by a person, with a reason."""
        self.make_ticket(complete=datetime(2026, 11, 23, 2, 0))
        penalty = self.detect("2026-11-24")
        with freeze_time("2026-11-24 02:00:00"):
            penalty.with_user(self.manager).action_notify()
        self.assertFalse(self.tasks(penalty))
        self.add_holiday("2026-11-20", "2026-11-20", "2026-11-25 02:00:00")
        self.assertEqual(penalty.state, "notified")
        self.assertEqual(self.tasks(penalty).user_id, self.manager)

    def test_time_to_object_grows_with_the_holiday(self):
        """M18: employees keep the working days they were given."""
        self.make_ticket()
        penalty = self.detect("2026-11-30")
        with freeze_time("2026-11-30 02:00:00"):
            penalty.with_user(self.manager).action_notify()
            self.company.aftersales_objection_days = 3
        until = penalty.objection_deadline
        self.add_holiday("2026-12-01", "2026-12-01", "2026-11-30 03:00:00")
        new = self.company._aftersales_next_working_day(until)
        self.assertEqual((penalty.objection_deadline, penalty.follow_up_date), (new, new))

    def test_delay_that_was_announced_is_not_moved(self):
        """M18: settled: an announced day stays."""
        ticket = self.make_ticket()
        with freeze_time("2026-11-20 02:00:00"):
            ticket.with_user(self.specialist).action_announce_delay("record", "2026-11-25", "ill")
        self.add_holiday("2026-11-25", "2026-11-25", "2026-11-20 03:00:00")
        self.assertEqual(ticket.record_due_date, date(2026, 11, 25))

    def test_implementation_forms_are_counted_in_calendar_days(self):
        """M18: 七.6 is not touched."""
        project = self.finished_project()
        due = project.forms_due_date
        # the clock of the database is not frozen
        self.env.cr.execute(
            "UPDATE aftersales_archive_entry SET create_date = '2026-11-19 04:00' WHERE id IN %s",
            (project.archive_entry_ids._ids,),
        )
        self.env.invalidate_all()
        self.add_holiday("2026-11-20", "2026-11-24", "2026-11-20 03:00:00")
        self.assertEqual(project.forms_due_date, due)
        self.assertEqual(set(project.archive_entry_ids.mapped("date_deadline")), {due})

    def test_found_case_of_implementation_forms_stays(self):
        """M18: 七.6 is counted in calendar days, so that no holiday takes its case back."""
        project = self.finished_project()
        penalty = self.detect("2026-11-30")
        self.assertEqual(penalty.evidence_id, project.id)
        self.add_holiday("2026-11-20", "2026-11-29", "2026-11-30 05:00:00")
        self.assertEqual((penalty.state, penalty.is_withdrawn), ("proposed", False))

    def test_days_of_an_unknown_year_are_not_judged(self):
        """M18: cases wait until a manager has entered its holidays, and are found then."""
        years = self.env["aftersales.holiday.year"].search(
            [("company_id", "=", self.company.id), ("year", "=", 2026)]
        )
        years._write_unlocked({"no_holidays": False})
        ticket = self.make_ticket()
        self.assertFalse(self.detect("2026-11-24"))
        self.add_holiday("2026-10-01", "2026-10-03", "2026-11-24 02:00:00")
        self.assertEqual(self.detect("2026-11-25").evidence_id, ticket.id)

    def test_case_of_a_known_year_is_found_in_an_unknown_one(self):
        """M18: the day of the case decides; one of the new year waits."""
        self.env["aftersales.holiday.year"].search(
            [("company_id", "=", self.company.id), ("year", "=", 2027)]
        )._write_unlocked({"no_holidays": False})
        old = self.make_ticket(done=datetime(2026, 12, 29, 2, 0))
        new = self.make_ticket(done=datetime(2026, 12, 31, 2, 0))
        self.assertEqual(old.record_due_date, date(2026, 12, 30))
        self.assertEqual(new.record_due_date, date(2027, 1, 4), "1 January counts as a holiday")
        self.assertEqual(self.detect("2027-01-20").evidence_id, old.id)

    def test_case_without_an_employee_is_closed_and_found_again(self):
        """M18: the same for cases the managers look at."""
        ticket = self.make_ticket(user=self.colleague)
        self.detect("2026-11-21")
        exceptions = self.env["aftersales.penalty.exception"]
        found = [("evidence_model", "=", ticket._name), ("evidence_id", "=", ticket.id)]
        first = exceptions.search(found)
        self.assertEqual(first.state, "open")
        self.add_holiday("2026-11-20", "2026-11-20", "2026-11-21 02:00:00")
        self.assertEqual(first.state, "closed")
        self.detect("2026-11-24")
        self.assertEqual((exceptions.search(found) - first).state, "open")
