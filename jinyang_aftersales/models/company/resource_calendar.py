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
        with self._get_aftersales_companies()._aftersales_changing_week():
            return super().write(vals)

    def switch_calendar_type(self):
        with self._get_aftersales_companies()._aftersales_changing_week():
            return super().switch_calendar_type()

    def switch_based_on_duration(self):
        with self._get_aftersales_companies()._aftersales_changing_week():
            return super().switch_based_on_duration()

    def _get_aftersales_companies(self):
        """:return: companies that work by these calendars, also those the user does not see, res.company"""
        # sudo: a calendar may be that of several companies
        companies = self.env["res.company"].sudo()
        return companies.search([("resource_calendar_id", "in", self.ids)])
