import re
from datetime import date

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from ...groups import MANAGERS
from ...tools.keys import fold

ACTIVITY = "jinyang_aftersales.mail_activity_holiday_year"


class AftersalesHolidayYear(models.Model):
    """A year of a company whose public holidays were missed, or of which a manager says that there are none.

    ====================  =====================================================================
    Who                   May
    ====================  =====================================================================
    service roles         read
    service manager       confirm that a year has no public holiday, and take that back
    the job               tell the managers, from 1 October of the year before, once a year
    ====================  =====================================================================
    """

    _name = "aftersales.holiday.year"
    _description = "Year of Public Holidays"
    _inherit = [
        "aftersales.guard.mixin",
        "aftersales.search.mixin",
        "aftersales.reason.mixin",
        "mail.thread",
        "mail.activity.mixin",
        "aftersales.job.mixin",
    ]
    _order = "year desc, company_id"

    company_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True, index=True
    )
    year = fields.Integer(required=True, readonly=True, aggregator=None)
    no_holidays = fields.Boolean(
        string="There Are None",
        readonly=True,
        tracking=True,
        help="The company works on every weekday of the year, also on 1 January.",
    )
    is_known = fields.Boolean(string="Entered", compute="_compute_is_known")
    told_on = fields.Date(readonly=True)

    _once = models.UniqueIndex("(company_id, year)")

    @api.depends("year", "company_id", "no_holidays")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for row in self:
            row.display_name = self.env._("Public holidays of %s", str(row.year))

    @api.model
    def _get_word_domains(self, word, text):
        label = fold(self.env._("Public holidays of %s", ""))
        years = [int(digits) for digits in re.findall("[0-9]{1,4}", word)]
        return [Domain("year", "in", years) if years else Domain(word in label)]

    @api.depends("year", "company_id", "no_holidays")
    def _compute_is_known(self):
        for row in self:
            row.is_known = row.year in row.company_id._aftersales_known_years(row.year, row.year)

    # === The managers === #

    @api.model
    def _check_manager(self):
        """:raises AccessError: for users who are no service managers"""
        if not self.env.user.has_group(MANAGERS):
            raise AccessError(
                self.env._("A service manager of the company keeps its working days.")
            )

    @api.model
    def _confirm_none(self, company, year):
        """Confirm that a year of a company has no public holiday; as superuser, after the check of the role.

        :param company: res.company
        :param int year: the year
        """
        row = self._create_once(
            {"company_id": company.id, "year": year}, {"company_id": company.id, "year": year}
        )
        row.action_confirm_none()

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
        """Confirm that there are no public holidays in these years.

        :raises AccessError: for users other than service managers of the company
        """
        self._check_manager()
        self.check_access("read")
        # sudo: the role was checked; nobody writes these rows otherwise
        self.sudo()._write_unlocked({"no_holidays": True})
        self.company_id._aftersales_forget_days()
        self._withdraw_activities(ACTIVITY)

    def action_revoke_none(self):
        """Take back that there are no public holidays: the year waits for them again.

        :raises AccessError: for users other than service managers of the company
        """
        self._check_manager()
        self.check_access("read")
        for row in self:
            first, last = date(row.year, 1, 1), date(row.year, 12, 31)
            with row.company_id._aftersales_changing_days(first, last):
                # sudo: as for the confirmation
                row.sudo()._write_unlocked({"no_holidays": False})

    def action_load(self):
        """Open the dialogue that loads the public holidays of the year."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "jinyang_aftersales.aftersales_holiday_load_action"
        )
        return {
            **action,
            "context": {"default_year": self.year, "default_company_id": self.company_id.id},
        }

    # === The job === #

    @api.model
    def _get_job_steps(self):
        return [*super()._get_job_steps(), (55, self._tell_unknown)]

    @api.model
    def _tell_unknown(self, company, today):
        """Tell the managers of years without public holidays, each once; a step of the hourly job.

        :param company: res.company
        :param datetime.date today: the company's calendar day
        """
        # sudo: a routine of the company; nobody may write these rows
        rows = self.sudo().with_company(company)
        for year in company._aftersales_unknown_years():
            key = {"company_id": company.id, "year": year}
            row = rows._create_once(key, key)
            managers = company._aftersales_managers()
            if not row.told_on and managers:
                row._write_unlocked({"told_on": today})
                row._notify_users(
                    managers,
                    ACTIVITY,
                    lambda row: row.env._(
                        "No public holidays of %s are entered: load them, or confirm that there are none. Until then"
                        " only 1 January counts as one.",
                        str(row.year),
                    ),
                    today,
                )
        told = rows.search([("company_id", "=", company.id), ("activity_ids", "!=", False)])
        for row in told:
            if row.year in company._aftersales_known_years(row.year, row.year):
                row._withdraw_activities(ACTIVITY)
