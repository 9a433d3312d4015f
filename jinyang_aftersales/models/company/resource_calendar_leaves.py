from datetime import timedelta

from odoo import api, models
from odoo.fields import Datetime

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
        given = {vals.get("company_id") for vals in public}
        with self._get_touched_companies(given)._aftersales_changing_days(*span):
            return super().create(vals_list)

    def write(self, vals):
        public = self.filtered(lambda leave: not leave.resource_id)
        if vals.keys().isdisjoint(PLAN) or not (public or "resource_id" in vals):
            return super().write(vals)
        given = {*(leave.company_id.id for leave in self)}
        if "company_id" in vals or "calendar_id" in vals:
            given.add(vals.get("company_id"))
        span = self._get_span([vals], self)
        with self._get_touched_companies(given)._aftersales_changing_days(*span):
            return super().write(vals)

    def unlink(self):
        public = self.filtered(lambda leave: not leave.resource_id)
        if not public:
            return super().unlink()
        given = {leave.company_id.id for leave in public}
        span = self._get_span([], public)
        with self._get_touched_companies(given)._aftersales_changing_days(*span):
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
    def _get_touched_companies(self, ids):
        """:return: the companies with these ids; all companies where one of them is not given"""
        # sudo: a holiday without a company is one of all companies, also of those the user does not see
        companies = self.env["res.company"].sudo()
        return companies.browse(ids) if all(ids) else companies.search([])
