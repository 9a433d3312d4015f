"""Public holidays entered later move what is counted in working days; years without any are told (settled 25)."""

from datetime import date, datetime

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from ..callback.callback_common import CallbackCommon

MISSING = "jinyang_aftersales.mail_activity_holiday_year"


@tagged("post_install", "-at_install")
class TestHolidayLater(CallbackCommon):
    """The day is Thursday 19 November 2026; what is due then is due on Friday the 20th."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.call = cls.open_call()
        cls.application = (
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

    def make_up(self, day, company=None):
        return self.env["aftersales.makeup.day"].create(
            {"company_id": (company or self.company).id, "date": day, "name": "Outing"}
        )

    def close_years(self):
        """Forget the years that the tests have confirmed."""
        rows = self.env["aftersales.holiday.year"].search([("company_id", "=", self.company.id)])
        rows._write_unlocked({"no_holidays": False})
        return rows

    # === Open deadlines === #

    def test_holiday_on_the_last_day_moves_what_is_counted_in_working_days(self):
        """M18: a call with its first day, a ticket's record, an approval, an original."""
        self.ticket.action_service_done()
        self.application.action_submit()
        visit_paper = self.env["aftersales.archive.entry"].create(
            {
                "kind": "visit_application",
                "document_name": "x",
                "company_id": self.company.id,
                "holder_id": self.specialist.id,
                "date_deadline": "2026-11-20",
            }
        )
        paper = self.application.archive_entry_ids
        self.assertEqual(paper.date_deadline, date(2026, 11, 20))
        self.env.flush_all()
        # the clock of the database is not frozen
        self.env.cr.execute(
            "UPDATE aftersales_archive_entry SET create_date = '2026-11-19 02:00' WHERE id = %s",
            (paper.id,),
        )
        self.env.invalidate_all()
        self.add_holiday("2026-11-20", "2026-11-20")
        monday = date(2026, 11, 23)
        self.assertEqual((self.call.due_date, self.call.due_date_first), (monday, monday))
        self.assertEqual(paper.date_deadline, monday)
        self.assertEqual(self.ticket.record_due_date, monday)
        self.assertEqual(self.application.approval_due_date, monday)
        self.assertEqual(visit_paper.date_deadline, monday)

    def test_days_only_ever_move_later(self):
        """M18: neither a make-up day nor a deleted holiday makes anything due sooner."""
        holiday = self.add_holiday("2026-11-20", "2026-11-20")
        self.make_up("2026-11-21")
        self.assertEqual(self.call.due_date, date(2026, 11, 23))
        holiday.unlink()
        self.assertEqual(self.call.due_date, date(2026, 11, 23))

    def test_make_up_day_that_is_taken_back_moves_what_was_due_on_it(self):
        """M18: deleted, or entered for another day."""
        day = self.make_up("2026-11-21")
        self.make_up("2026-11-22")
        with freeze_time("2026-11-20 02:00:00"):
            call = self.open_call()
        self.assertEqual(call.due_date, date(2026, 11, 21))
        day.date = "2026-12-05"
        self.assertEqual(call.due_date, date(2026, 11, 22))
        day.search([("date", "=", "2026-11-22")]).unlink()
        self.assertEqual(call.due_date, date(2026, 11, 23))

    def test_longer_holiday_counts_by_the_days_it_takes(self):
        """M18: of a deadline of several working days only those after its beginning count."""
        self.company.aftersales_approval_days = 3
        self.application.action_submit()
        self.assertEqual(self.application.approval_due_date, date(2026, 11, 24))
        holiday = self.add_holiday("2026-11-18", "2026-11-20")
        self.assertEqual(self.application.approval_due_date, date(2026, 11, 25))
        holiday.write({"date_to": datetime(2026, 11, 23, 15, 59, 59)})
        self.assertEqual(self.application.approval_due_date, date(2026, 11, 26))

    def test_what_was_agreed_or_announced_stays(self):
        """M18: announced delays, days a planner chose, calls planned by hand; visits are decided before they begin."""
        moved, planned = (
            self.open_call(),
            self.calls.create(
                {"kind": "routine", "partner_id": self.customer.id, "due_date": "2026-11-26"}
            ),
        )
        moved.due_date = "2026-11-26"
        self.call.action_announce_delay("call", "2026-11-26", "The customer is on leave")
        visit = (
            self.env["aftersales.visit"]
            .with_user(self.specialist)
            .create(
                {
                    "partner_id": self.customer.id,
                    "contact_id": self.customer.software_contact_id.id,
                    "problem": "x",
                    "date_planned_start": "2026-11-23 01:00:00",
                    "date_planned_end": "2026-11-23 09:00:00",
                    "address": "Wuhan",
                    "arrival_agreed_with_id": self.customer.software_contact_id.id,
                    "technician_ids": [(6, 0, self.specialist.ids)],
                    "lead_technician_id": self.specialist.id,
                    "company_id": self.company.id,
                }
            )
        )
        visit.action_submit()
        self.add_holiday("2026-11-20", "2026-11-20")
        self.add_holiday("2026-11-26", "2026-11-27")
        for call in (moved, planned, self.call):
            self.assertEqual(call.due_date, date(2026, 11, 26))
        self.assertEqual(visit.approval_due_date, date(2026, 11, 20))

    def test_reminder_of_the_old_day_ends(self):
        """M18: entered when people have been reminded already; they are reminded of the new day."""
        remind = self.env["aftersales.deadline.mixin"]._remind_all
        remind(self.company, self.day("2026-11-23"))
        self.assertTrue(self.activities(self.call, "callback_due"))
        with freeze_time("2026-11-23 02:00:00"):
            self.add_holiday("2026-11-20", "2026-11-23")
        self.assertEqual(self.call.due_date, date(2026, 11, 24))
        self.assertFalse(self.activities(self.call, "callback_due"))
        remind(self.company, self.day("2026-11-25"))
        self.assertTrue(self.activities(self.call, "callback_due"))

    def test_holiday_of_another_company_or_a_person_moves_nothing(self):
        """M18: and nobody needs rights on the documents to enter one."""
        other = self.make_company()
        values = {"date_from": "2026-11-19 16:00:00", "date_to": "2026-11-20 15:59:59"}
        leaves = self.env["resource.calendar.leaves"]
        leaves.with_company(other).create({**values, "name": "x", "calendar_id": False})
        resource = self.env["resource.resource"].create(
            {"name": "x", "company_id": self.company.id}
        )
        leaves.create(
            {
                **values,
                "name": "x",
                "company_id": self.company.id,
                "calendar_id": self.company.resource_calendar_id.id,
                "resource_id": resource.id,
            }
        )
        self.assertEqual(self.call.due_date, date(2026, 11, 20))
        leaves.with_user(self.manager).create(
            {**values, "name": "x", "company_id": self.company.id, "calendar_id": False}
        )
        self.assertEqual(self.call.due_date, date(2026, 11, 23))

    # === The calendar itself === #

    def get_week(self, company=None):
        calendar = (company or self.company).resource_calendar_id
        friday = calendar.attendance_ids.filtered(lambda row: row.dayofweek == "4")
        self.assertTrue(friday)
        return calendar, friday

    def test_weekday_taken_out_of_the_calendar_moves_what_was_due_on_it(self):
        """M18: by its lines, by its form, and only ever later."""
        calendar, friday = self.get_week()
        lines = friday.copy_data()
        friday.unlink()
        self.assertEqual(self.call.due_date, date(2026, 11, 23))
        calendar.write({"attendance_ids": [(0, 0, line) for line in lines]})
        self.assertEqual(self.call.due_date, date(2026, 11, 23))
        call = self.open_call()
        self.assertEqual(call.due_date, date(2026, 11, 20))
        _calendar, friday = self.get_week()
        friday.write({"dayofweek": "5"})
        self.assertEqual(call.due_date, date(2026, 11, 21), "Saturday is worked instead")

    def test_lines_that_are_made_anew_move_nothing(self):
        """M18: a form that replaces all lines is judged as a whole, and so are Odoo's own buttons."""
        calendar, friday = self.get_week()
        for rows in (calendar.attendance_ids - friday, friday):
            lines = rows.copy_data()
            calendar.write(
                {
                    "attendance_ids": [
                        *((2, row.id) for row in rows),
                        *((0, 0, line) for line in lines),
                    ]
                }
            )
            self.assertEqual(self.call.due_date, date(2026, 11, 20))
        calendar.switch_calendar_type()
        self.assertTrue(calendar.two_weeks_calendar)
        self.assertEqual(self.call.due_date, date(2026, 11, 20))
        calendar.switch_calendar_type()
        self.assertEqual(self.call.due_date, date(2026, 11, 20))

    def test_holiday_entered_in_the_calendar_moves_once(self):
        """M18: in the form of the calendar, alone and together with the lines."""
        calendar, friday = self.get_week()
        self.application.action_submit()
        holiday = {
            "name": "x",
            "date_from": datetime(2026, 11, 19, 16),
            "date_to": datetime(2026, 11, 20, 15, 59, 59),
        }
        calendar.write(
            {
                "global_leave_ids": [(0, 0, holiday)],
                "attendance_ids": [(2, row.id) for row in friday],
            }
        )
        self.assertEqual(self.call.due_date, date(2026, 11, 23))
        self.assertEqual(self.application.approval_due_date, date(2026, 11, 23))
        with freeze_time("2026-11-20 02:00:00"):
            call = self.open_call()
        self.assertEqual(call.due_date, date(2026, 11, 23))
        monday = {
            "name": "x",
            "date_from": datetime(2026, 11, 22, 16),
            "date_to": datetime(2026, 11, 23, 15, 59, 59),
        }
        calendar.write({"global_leave_ids": [(0, 0, monday)]})
        self.assertEqual(call.due_date, date(2026, 11, 24))

    def test_another_calendar_of_the_company_moves_by_its_days(self):
        """M18: the company works by another calendar from today on."""
        calendar, _friday = self.get_week()
        other = calendar.copy()
        other.attendance_ids.filtered(lambda row: row.dayofweek == "4").unlink()
        self.assertEqual(self.call.due_date, date(2026, 11, 20), "nobody works by it")
        self.company.resource_calendar_id = other
        self.assertEqual(self.call.due_date, date(2026, 11, 23))
        self.company.resource_calendar_id = calendar
        self.assertEqual(self.call.due_date, date(2026, 11, 23))

    def test_change_of_the_week_gives_no_time_for_days_that_have_passed(self):
        """M18: what was overdue stays so; the week of the past is not rewritten."""
        _calendar, friday = self.get_week()
        with freeze_time("2026-11-23 02:00:00"):
            friday.unlink()
        self.assertEqual(self.call.due_date, date(2026, 11, 20))

    # === Years === #

    def test_year_is_known_by_a_holiday_or_by_the_managers_word(self):
        """M18: otherwise its first of January counts as a holiday."""
        self.close_years()
        company = self.company
        eve, new_year = self.day("2026-12-31"), date(2027, 1, 1)
        self.assertEqual(company._aftersales_next_working_day(eve), date(2027, 1, 4))
        self.env["aftersales.holiday.load"].with_user(self.manager).create(
            {"year": 2027, "company_id": company.id}
        ).action_confirm_none()
        self.assertEqual(company._aftersales_next_working_day(eve), new_year)
        row = self.env["aftersales.holiday.year"].search(
            [("company_id", "=", company.id), ("year", "=", 2027)]
        )
        row.with_user(self.manager).action_revoke_none()
        self.assertEqual(company._aftersales_next_working_day(eve), date(2027, 1, 4))
        self.add_holiday("2027-10-01", "2027-10-03")
        self.assertEqual(company._aftersales_known_years(2026, 2028), {2027})
        self.assertEqual(company._aftersales_next_working_day(eve), new_year)

    def test_managers_are_told_of_a_missing_year_from_october_on_once(self):
        """M18: by the job, and not again the next day; entering the holidays ends it."""
        rows = self.close_years()
        self.add_holiday("2026-01-01", "2026-01-03")
        year = rows.filtered(lambda row: row.year == 2027)
        model = self.env["aftersales.holiday.year"]

        def told(day):
            with freeze_time(f"{day} 02:00:00"):
                model._tell_unknown(self.company, self.day(day))
            return year.activity_ids

        self.assertFalse(told("2026-09-30"))
        first = told("2026-10-01")
        self.assertEqual(first.user_id, self.manager)
        self.assertEqual(first.activity_type_id, self.env.ref(MISSING))
        for day in ("2026-10-01", "2026-10-02", "2026-12-31"):
            self.assertEqual(told(day), first)
        first.unlink()
        self.assertFalse(told("2027-01-05"), "told once, whatever became of it")
        year._write_unlocked({"told_on": False})
        self.assertTrue(told("2026-10-02"))
        self.add_holiday("2027-01-01", "2027-01-01")
        self.assertFalse(told("2026-10-02"))

    def test_only_managers_say_that_there_are_none(self):
        """M18: by the button; nobody writes the list, whatever the role."""
        row = self.close_years()[:1]
        for user in (self.specialist, self.callback):
            with self.assertRaises(AccessError):
                row.with_user(user).action_confirm_none()
        for user in (self.manager, self.env.ref("base.user_root")):
            with self.assertRaises(UserError):
                row.with_user(user).write({"no_holidays": True})
        row.with_user(self.manager).action_confirm_none()
        self.assertTrue(row.is_known)

    def test_screen_of_settings_warns_of_missing_years(self):
        """M18: whoever looks there is told, too."""
        self.assertNotIn("public holidays", " ".join(self.company._aftersales_setup_warnings()))
        self.close_years()
        warnings = " ".join(self.company._aftersales_setup_warnings())
        self.assertIn("No public holidays of 2026", warnings)
        self.assertIn("No public holidays of 2027", warnings)

    def test_loading_a_year_moves_by_the_whole_year(self):
        """M18: make-up days of the same list count; 8 October 2026 is the first working day after National Day."""
        with freeze_time("2026-09-30 02:00:00"):
            call = self.open_call()
            self.assertEqual(call.due_date, date(2026, 10, 1))
            self.env["aftersales.holiday.load"].with_user(self.manager).create(
                {"year": 2026, "company_id": self.company.id}
            ).action_load()
        self.assertEqual(call.due_date, date(2026, 10, 8))
