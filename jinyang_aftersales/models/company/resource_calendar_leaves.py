from datetime import timedelta

from odoo import api, models
from odoo.fields import Datetime, Domain

PLAN = {"date_from", "date_to", "resource_id", "calendar_id", "company_id", "time_type"}
# a day in UTC touches the days beside it in the time zone of a company
MARGIN = timedelta(days=1)


class ResourceCalendarLeaves(models.Model):
    """Public holidays: those entered later move what is counted in working days."""

    _inherit = "resource.calendar.leaves"

    @api.model_create_multi
    def create(self, vals_list):
        public = [vals for vals in vals_list if not vals.get("resource_id")]
        span = self._get_span(public, self.browse())
        if not span:
            return super().create(vals_list)
        with self._get_touched_companies(public, self.browse())._aftersales_changing_days(*span):
            return super().create(vals_list)

    def write(self, vals):
        public = self.filtered(lambda leave: not leave.resource_id)
        if vals.keys().isdisjoint(PLAN) or not (public or "resource_id" in vals):
            return super().write(vals)
        span = self._get_span([vals], self)
        with self._get_touched_companies([vals], self)._aftersales_changing_days(*span):
            return super().write(vals)

    def unlink(self):
        public = self.filtered(lambda leave: not leave.resource_id)
        if not public:
            return super().unlink()
        span = self._get_span([], public)
        with self._get_touched_companies([], public)._aftersales_changing_days(*span):
            return super().unlink()

    @api.model
    def _get_span(self, vals_list, leaves):
        """The first and the last day that these values and rows may touch.

        :return: two days, None where there is none
        :rtype: tuple[datetime.date, datetime.date] | None
        """
        moments = [
            Datetime.to_datetime(vals[name])
            for vals in vals_list
            for name in ("date_from", "date_to")
            if vals.get(name)
        ]
        moments += [*leaves.mapped("date_from"), *leaves.mapped("date_to")]
        if not moments:
            return None
        return (min(moments) - MARGIN).date(), (max(moments) + MARGIN).date()

    @api.model
    def _get_touched_companies(self, vals_list, leaves):
        """Companies whose public holidays these values and rows may be; all of them for a row without a company.

        Odoo computes the company of a row from its calendar, or takes the one at work, whatever the values say.

        :rtype: res.company
        """
        # sudo: a holiday without a company is one of all companies, also of those the user does not see
        companies = self.env["res.company"].sudo()
        if any(not leave.company_id for leave in leaves):
            return companies.search(Domain.TRUE)
        given = {vals.get("company_id") or self.env.company.id for vals in vals_list}
        calendars = {vals["calendar_id"] for vals in vals_list if vals.get("calendar_id")}
        calendars = self.env["resource.calendar"].sudo().browse(calendars)
        touched = companies.browse(given) | calendars.company_id | leaves.company_id.sudo()
        return touched | self.env.company.sudo() if vals_list else touched
