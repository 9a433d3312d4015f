from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ...groups import MANAGERS

DAY = timedelta(days=1)


class AftersalesHolidayLoad(models.TransientModel):
    """Loads China's public holidays and make-up days of a year into the company calendar.

    The days come from the package ``chinesecalendar``, which is needed only here. Loading a year again adds
    the missing days and changes none that are there.
    """

    _name = "aftersales.holiday.load"
    _description = "Load Holidays of a Year"
    _inherit = "aftersales.reason.mixin"

    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        default=lambda self: self.env.company,
        domain="[('id', 'in', allowed_company_ids)]",
    )
    year = fields.Integer(
        required=True,
        default=lambda self: self._get_default_year(),
        help="The days of a year are announced in autumn of the year before.",
    )

    def _get_default_year(self):
        """:return: this year, or the next one when the holidays of this year are known"""
        company = self.env.company
        year = company._aftersales_today().year
        return year + (year in company._aftersales_known_years(year, year))

    def action_load(self):
        """Add the public holidays and make-up days of the year that are not there yet.

        :raises AccessError: for users other than service managers of the company
        :raises UserError: when the package is not installed, does not know the year, or the company is abroad
        """
        company = self._check_manager()
        country = company.country_id
        if country and country.code != "CN":
            raise UserError(
                self.env._(
                    "Only the public holidays of China can be loaded; enter those of %s by hand.",
                    country.name,
                )
            )
        holidays, makeup = self._get_days(self.year)
        # Make-up days first: what a holiday moves is then counted with them.
        days = self._add_makeup_days(makeup)
        leaves = self._add_holidays(holidays)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "%(year)s: %(leaves)s public holidays and %(days)s make-up working days added.",
                    year=self.year,
                    leaves=len(leaves),
                    days=len(days),
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    @api.model
    def _get_asked_steps(self):
        return {**super()._get_asked_steps(), "action_confirm_none": self.env._("There Are None")}

    def _check_before_asking(self, step):
        self._check_manager()
        return super()._check_before_asking(step)

    def action_ask_none(self):
        """Ask once more before a year counts as one without public holidays."""
        return self._ask_first("action_confirm_none", self.company_id._aftersales_ask_no_holidays())

    def action_confirm_none(self):
        """Confirm that the year has no public holiday.

        :raises AccessError: for users other than service managers of the company
        """
        self._check_manager()._aftersales_confirm_no_holidays(self.year)
        return {"type": "ir.actions.act_window_close"}

    def _check_manager(self):
        """:return: the company of the dialogue
        :raises AccessError: for users other than service managers of the company
        """
        self.ensure_one()
        company = self.company_id
        if not self.env.user.has_group(MANAGERS) or company not in self.env.companies:
            raise AccessError(
                self.env._("A service manager of the company keeps its working days.")
            )
        return company

    def _get_days(self, year):
        """Public holidays and make-up days of a year.

        :param int year: the year
        :return: two dictionaries, name of the holiday by day
        :rtype: tuple[dict, dict]
        :raises UserError: when the package is not installed or does not know the year
        """
        try:
            # imported here since the package is optional: days can be entered by hand
            from chinese_calendar import constants
        except ImportError as error:
            raise UserError(
                self.env._(
                    "The Python package chinesecalendar is not installed on the server. Have it installed"
                    " (pip install chinesecalendar), or enter the days by hand."
                )
            ) from error
        years = {day.year for day in constants.holidays}
        if year not in years:
            raise UserError(
                self.env._(
                    "The installed package chinesecalendar knows the years %(first)s to %(last)s, not %(year)s."
                    " Have it updated once the days of the year are announced, or enter them by hand.",
                    first=str(min(years)),
                    last=str(max(years)),
                    year=str(year),
                )
            )
        chinese = (self.env.lang or "").startswith("zh")

        def named(days):
            return {
                day: constants.Holiday(name).chinese if chinese else name
                for day, name in sorted(days.items())
                if day.year == year
            }

        return named(constants.holidays), named(constants.workdays)

    def _add_holidays(self, days):
        """Enter public holidays that are not entered yet, days in a row as one.

        :param dict days: name of the holiday by day
        :return: resource.calendar.leaves, the new ones
        """
        company, zone = self.company_id, self.company_id._aftersales_zone()

        def moment(day, clock):
            local = zone.localize(datetime.combine(day, clock))
            return local.astimezone(pytz.utc).replace(tzinfo=None)

        leaves = self.env["resource.calendar.leaves"].with_company(company)
        first, last = moment(min(days), time.min), moment(max(days), time.max)
        # of the holidays that are limited to a calendar, those of the company's calendar count
        present = leaves.search(
            Domain("resource_id", "=", False)
            & Domain("company_id", "in", (company.id, False))
            & Domain("calendar_id", "in", (company.resource_calendar_id.id, False))
            & Domain("date_from", "<=", last)
            & Domain("date_to", ">=", first)
        )
        whole = [(leave.date_from, leave.date_to) for leave in present]
        runs = []
        for day, name in days.items():
            # a holiday that ends at 23:59 covers the whole day
            begin, end = moment(day, time.min), moment(day, time(23, 59))
            if any(start <= begin and stop >= end for start, stop in whole):
                continue
            if runs and runs[-1][1] + DAY == day and runs[-1][2] == name:
                runs[-1][1] = day
            else:
                runs.append([day, day, name])
        return leaves.create(
            [
                {
                    "name": name,
                    "company_id": company.id,
                    "calendar_id": False,
                    "resource_id": False,
                    "time_type": "leave",
                    "date_from": moment(start, time.min),
                    "date_to": moment(stop, time(23, 59, 59)),
                }
                for start, stop, name in runs
            ]
        )

    def _add_makeup_days(self, days):
        """Enter make-up working days that are not entered yet.

        :param dict days: name of the holiday by day
        :return: aftersales.makeup.day, the new ones
        """
        rows = self.env["aftersales.makeup.day"]
        present = rows.search(
            [("company_id", "=", self.company_id.id), ("date", "in", list(days))]
        ).mapped("date")
        return rows.create(
            [
                {"company_id": self.company_id.id, "date": day, "name": name}
                for day, name in days.items()
                if day not in present
            ]
        )
