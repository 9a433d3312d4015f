from datetime import datetime

from odoo.tests import tagged

from .. import common


@tagged("post_install", "-at_install")
class TestWorkingDays(common.AftersalesCommon):
    def next(self, day, count=1):
        return str(self.company._aftersales_next_working_day(self.day(day), count))

    def test_weekend_is_skipped(self):
        self.assertEqual(self.next("2026-11-19"), "2026-11-20")
        self.assertEqual(self.next("2026-11-20"), "2026-11-23")
        self.assertEqual(self.next("2026-11-20", 3), "2026-11-25")

    def test_public_holiday_is_skipped_and_make_up_day_counts(self):
        self.assertEqual(self.next("2026-09-30"), "2026-10-01", "kept in memory until it changes")
        # Shanghai's 1 to 7 October
        self.env["resource.calendar.leaves"].create(
            {
                "name": "National Day",
                "company_id": self.company.id,
                "calendar_id": self.company.resource_calendar_id.id,
                "date_from": datetime(2026, 9, 30, 16),
                "date_to": datetime(2026, 10, 7, 15, 59, 59),
            }
        )
        self.assertEqual(self.next("2026-09-30"), "2026-10-08")
        self.assertEqual(self.next("2026-10-09"), "2026-10-12")
        with self.assertQueryCount(0):
            self.next("2026-10-09")
        self.env["aftersales.makeup.day"].create(
            {"company_id": self.company.id, "date": self.day("2026-10-10"), "name": "National Day"}
        )
        self.assertEqual(self.next("2026-10-09"), "2026-10-10")

    def test_holiday_of_another_company_does_not_count(self):
        other = self.make_company()
        leave = (
            self.env["resource.calendar.leaves"]
            .with_company(other)
            .create(
                {
                    "name": "Outing",
                    "calendar_id": False,
                    "date_from": datetime(2026, 11, 22, 16),
                    "date_to": datetime(2026, 11, 23, 15),
                }
            )
        )
        leave.flush_recordset()
        self.assertEqual(leave.company_id, other)
        self.assertEqual(self.next("2026-11-20"), "2026-11-23")

    def test_previous_working_day(self):
        day = self.company._aftersales_previous_working_day(self.day("2026-11-23"), 2)
        self.assertEqual(str(day), "2026-11-19")

    def test_company_without_calendar_works_monday_to_friday(self):
        self.company.resource_calendar_id = False
        self.assertEqual(self.next("2026-11-20"), "2026-11-23")
