from odoo import models

# fields that change on which days people work
WEEK = frozenset(
    {
        "attendance_ids",
        "attendance_ids_1st_week",
        "attendance_ids_2nd_week",
        "company_id",
        "duration_based",
        "flexible_hours",
        "global_leave_ids",
        "leave_ids",
        "schedule_type",
        "two_weeks_calendar",
    }
)


class ResourceCalendar(models.Model):
    """The calendar of a company: days that are lost by changing it move what is counted in working days."""

    _inherit = "resource.calendar"

    def write(self, vals):
        if vals.keys().isdisjoint(WEEK):
            return super().write(vals)
        with self._aftersales_changing_week():
            return super().write(vals)

    def switch_calendar_type(self):
        with self._aftersales_changing_week():
            return super().switch_calendar_type()

    def switch_based_on_duration(self):
        with self._aftersales_changing_week():
            return super().switch_based_on_duration()

    def _aftersales_changing_week(self):
        """Around a change of these calendars: see ``_aftersales_changing_week`` of the companies that work by them.

        :return: a context manager
        """
        # sudo: a calendar may be that of several companies, also of those the user does not see
        companies = self.env["res.company"].sudo()
        return companies.search(
            [("resource_calendar_id", "in", self.ids)]
        )._aftersales_changing_week()
