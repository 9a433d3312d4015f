from datetime import datetime, time, timedelta

from odoo import models

# A next working day is looked for in steps of WINDOW, and up to HORIZON days away.
WINDOW = timedelta(days=14)
HORIZON = timedelta(days=400)


class ResCompany(models.Model):
    """Working days: the company calendar less its public holidays, plus the make-up days."""

    _inherit = "res.company"

    def _aftersales_working_days(self, start, end):
        """Days on which the company works, both ends included.

        A weekday of the calendar counts when some working time is left after the public holidays; a company
        without a calendar works from Monday to Friday. A make-up day always counts.

        :param datetime.date start: first day
        :param datetime.date end: last day
        :rtype: set[datetime.date]
        """
        self.ensure_one()
        # sudo: the calendar of the company, also for users who may not read working schedules
        calendar = self.sudo().resource_calendar_id
        if calendar and calendar.attendance_ids:
            zone = self._aftersales_zone()
            first = zone.localize(datetime.combine(start, time.min))
            last = zone.localize(datetime.combine(end, time.max))
            # Leaves without a calendar are the public holidays of their company.
            holidays = [("time_type", "=", "leave"), ("company_id", "in", (self.id, False))]
            intervals = calendar._work_intervals_batch(first, last, domain=holidays, tz=zone)[False]
            days = {begin.astimezone(zone).date() for begin, _end, _meta in intervals}
        else:
            span = range((end - start).days + 1)
            days = {start + timedelta(days=number) for number in span}
            days = {day for day in days if day.weekday() < 5}
        # sudo: as for the calendar
        makeup = self.env["aftersales.makeup.day"].sudo()
        return days | set(
            makeup.search(
                [("company_id", "=", self.id), ("date", ">=", start), ("date", "<=", end)]
            ).mapped("date")
        )

    def _aftersales_next_working_day(self, day, count=1):
        """The nth working day after a day (五.5.1: the next day, when somebody works).

        :param datetime.date day: the day itself does not count
        :param int count: how many working days later
        :return: that day; the calendar day that many days later, when the calendar knows no working days
        :rtype: datetime.date
        """
        start = day + timedelta(days=1)
        while start <= day + HORIZON:
            end = start + WINDOW
            days = sorted(self._aftersales_working_days(start, end))
            if len(days) >= count:
                return days[count - 1]
            count -= len(days)
            start = end + timedelta(days=1)
        return day + timedelta(days=count)

    def _aftersales_previous_working_day(self, day, count=1):
        """The nth working day before a day, for warnings ahead.

        :param datetime.date day: the day itself does not count
        :param int count: how many working days earlier
        :rtype: datetime.date
        """
        end = day - timedelta(days=1)
        while end >= day - HORIZON:
            start = end - WINDOW
            days = sorted(self._aftersales_working_days(start, end), reverse=True)
            if len(days) >= count:
                return days[count - 1]
            count -= len(days)
            end = start - timedelta(days=1)
        return day - timedelta(days=count)
