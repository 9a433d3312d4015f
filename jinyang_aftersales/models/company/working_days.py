from contextlib import contextmanager
from datetime import date, datetime, time, timedelta

import pytz

from odoo import models, tools
from odoo.fields import Domain

# A next working day is looked for in steps of WINDOW, and up to HORIZON days away.
WINDOW = timedelta(days=14)
HORIZON = timedelta(days=400)
# in the cache of the transaction: days already lost, by company whose weekly hours are being changed
CHANGING = "aftersales_changing_week"


class ResCompany(models.Model):
    """Working days: the company calendar less its public holidays, plus the make-up days.

    A year is known when its calendar has a public holiday, or a manager has confirmed that there is none. In all other
    years the first of January counts as a holiday.
    """

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
        made_up = set(
            makeup.search(
                [("company_id", "=", self.id), ("date", ">=", start), ("date", "<=", end)]
            ).mapped("date")
        )
        new_years = {day for day in days - made_up if (day.month, day.day) == (1, 1)}
        if new_years:
            known = self._aftersales_known_years(min(new_years).year, max(new_years).year)
            days -= {day for day in new_years if day.year not in known}
        return days | made_up

    def _aftersales_next_working_day(self, day, count=1):
        """The nth working day after a day (五.5.1: the next day, when somebody works).

        :param datetime.date day: the day itself does not count
        :param int count: how many working days later
        :return: that day; the calendar day that many days later, when the calendar knows no working days
        :rtype: datetime.date
        """
        return self._aftersales_find_next_day(day, count, self._aftersales_zone().zone)

    @tools.ormcache("self.id", "day", "count", "zone")
    def _aftersales_find_next_day(self, day, count, zone):
        """See :meth:`_aftersales_next_working_day`; kept, as each record, paper and approval asks for it, until a
        calendar changes (:meth:`_aftersales_forget_days`).

        :param str zone: name of the company's time zone
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
        return self._aftersales_find_previous_day(day, count, self._aftersales_zone().zone)

    @tools.ormcache("self.id", "day", "count", "zone")
    def _aftersales_find_previous_day(self, day, count, zone):
        """See :meth:`_aftersales_previous_working_day`; kept, as each list of forgotten tickets asks for it, until a
        calendar changes (:meth:`_aftersales_forget_days`).

        :param str zone: name of the company's time zone
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

    # === Years === #

    def _aftersales_known_years(self, first, last):
        """Years whose public holidays are entered, or of which a manager has confirmed that there are none.

        :param int first: first year
        :param int last: last year
        :rtype: set[int]
        """
        self.ensure_one()
        zone = self._aftersales_zone()

        def begin(year):
            moment = zone.localize(datetime(year, 1, 1))
            return moment.astimezone(pytz.utc).replace(tzinfo=None)

        # sudo: as for the calendar
        company = self.sudo()
        leaves = company.env["resource.calendar.leaves"].search_fetch(
            Domain("resource_id", "=", False)
            & Domain("time_type", "=", "leave")
            & Domain("company_id", "in", (self.id, False))
            & Domain("calendar_id", "in", (company.resource_calendar_id.id, False))
            & Domain("date_from", ">=", begin(first))
            & Domain("date_from", "<", begin(last + 1)),
            ["date_from"],
        )
        return {
            *(self._aftersales_day(leave.date_from).year for leave in leaves),
            *self._aftersales_years_without_holidays(first, last),
        }

    def _aftersales_years_without_holidays(self, first, last):
        """Years of which a manager has confirmed that they have no public holiday; filled by a subject above.

        :param int first: first year
        :param int last: last year
        :rtype: set[int]
        """
        return set()

    def _aftersales_ask_no_holidays(self):
        """:return: the question before a year counts as one without public holidays, in the language of the reader"""
        return self.env._("The company works on every weekday of the year, also on 1 January?")

    def _aftersales_confirm_no_holidays(self, year):
        """Store that a year has no public holiday; filled by a subject above, after the check of the role.

        :param int year: the year
        """

    # === Changes === #

    def write(self, vals):
        if "resource_calendar_id" not in vals:
            return super().write(vals)
        with self._aftersales_changing_week():
            return super().write(vals)

    @contextmanager
    def _aftersales_changing_days(self, first, last):
        """Around a change of public holidays or make-up days: tell what was lost to :meth:`_aftersales_lose_days`.

        :param datetime.date first: first day that may change
        :param datetime.date last: last day that may change
        """
        # Days that are not computed yet belong to the calendar as it was before.
        self.env.flush_all()
        # with the first of January, which is a holiday until the year is known
        start = date(first.year, 1, 1)
        before = {company: company._aftersales_working_days(start, last) for company in self}
        yield
        if before:
            self._aftersales_forget_days()
        for company, days in before.items():
            after = company._aftersales_working_days(start, last)
            if days - after:
                # the weekly hours that are being changed do not lose these days once more
                self.env.cr.cache.get(CHANGING, {}).get(company.id, set()).update(days - after)
                company._aftersales_lose_days(days - after, after - days)

    @contextmanager
    def _aftersales_changing_week(self):
        """Around a change of the weekly hours of these companies, or of their calendar.

        Weekly hours have no dates: a change holds from today on, and days that have passed stay as they were counted.
        A change inside of another one, such as lines that are deleted and made anew, is judged with the outer one.
        """
        # kept with the transaction, because values of the context could be sent by callers
        changing = self.env.cr.cache.setdefault(CHANGING, {})
        companies = self.filtered(lambda company: company.id not in changing)
        if companies:
            self.env.flush_all()
        spans = {company: company._aftersales_today() for company in companies}
        before = {
            company: company._aftersales_working_days(today, today + HORIZON)
            for company, today in spans.items()
        }
        changing.update({company.id: set() for company in companies})
        told = {}
        try:
            yield
        finally:
            for company in companies:
                told[company] = changing.pop(company.id)
        if spans:
            self._aftersales_forget_days()
        for company, today in spans.items():
            after = company._aftersales_working_days(today, today + HORIZON)
            lost = before[company] - after - told[company]
            if lost:
                company._aftersales_lose_days(lost, after - before[company])

    def _aftersales_forget_days(self):
        """Forget the working days that are kept in memory; called by whatever changes a calendar."""
        self.env.registry.clear_cache()

    def _aftersales_lose_days(self, lost, gained):
        """Called when working days have become holidays; subjects above move what is counted in working days.

        :param set[datetime.date] lost: days on which the company does not work any more
        :param set[datetime.date] gained: days on which it works now
        """
