from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ...tools.dates import last_date_in_notice, notice_date

DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))


@tagged("post_install", "-at_install")
class TestDates(BaseCase):
    def test_notice_is_one_calendar_month_before_the_end(self):
        for end, expected in (
            ("2026-12-31", "2026-11-30"),
            ("2026-03-31", "2026-02-28"),
            ("2026-03-28", "2026-02-28"),
            ("2028-03-31", "2028-02-29"),
            ("2028-02-29", "2028-01-29"),
            ("2026-01-01", "2025-12-01"),
            ("2026-01-31", "2025-12-31"),
        ):
            self.assertEqual(
                notice_date(date.fromisoformat(end), 1), date.fromisoformat(expected), end
            )

    @settings(derandomize=True, deadline=None, max_examples=300)
    @given(today=DAYS, months=st.integers(1, 12))
    def test_last_date_in_notice_is_the_latest_end_whose_notice_day_has_come(self, today, months):
        last = last_date_in_notice(today, months)
        self.assertLessEqual(notice_date(last, months), today)
        for days in range(1, 5):
            self.assertGreater(notice_date(last + timedelta(days=days), months), today)
