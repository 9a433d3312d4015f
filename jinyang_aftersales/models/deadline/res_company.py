from odoo import models
from odoo.fields import Domain


class ResCompany(models.Model):
    """Public holidays that are entered later, and years of which none are entered."""

    _inherit = "res.company"

    def _aftersales_years_without_holidays(self, first, last):
        # sudo: also for users who may not read the list
        rows = self.env["aftersales.holiday.year"].sudo()
        confirmed = rows.search_fetch(
            Domain("company_id", "=", self.id)
            & Domain("no_holidays", "=", True)
            & Domain("year", ">=", first)
            & Domain("year", "<=", last),
            ["year"],
        )
        return super()._aftersales_years_without_holidays(first, last) | set(
            confirmed.mapped("year")
        )

    def _aftersales_confirm_no_holidays(self, year):
        result = super()._aftersales_confirm_no_holidays(year)
        # sudo: the role was checked; nobody writes these rows otherwise
        self.env["aftersales.holiday.year"].sudo()._confirm_none(self, year)
        return result

    def _aftersales_lose_days(self, lost, gained):
        result = super()._aftersales_lose_days(lost, gained)
        self.env["aftersales.deadline.mixin"]._move_all_counted(self, lost, gained)
        return result

    def _aftersales_setup_warnings(self):
        years = self._aftersales_unknown_years()
        found = [
            self.env._(
                "No public holidays of %s are entered: load them, or confirm that there are none.",
                year,
            )
            for year in map(str, years)
        ]
        return super()._aftersales_setup_warnings() + found

    def _aftersales_unknown_years(self):
        """Years whose public holidays should be entered by now: the present one, and from October on the next one.

        :rtype: list[int]
        """
        self.ensure_one()
        today = self._aftersales_today()
        last = today.year + (today.month >= 10)
        known = self._aftersales_known_years(today.year, last)
        return [year for year in range(today.year, last + 1) if year not in known]
