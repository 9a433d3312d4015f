from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.tools import SQL

DEFAULT_TZ = "Asia/Shanghai"


class ResCompany(models.Model):
    """The company, its day and its settings (``aftersales.settings.mixin``)."""

    _name = "res.company"
    _inherit = ["res.company", "aftersales.settings.mixin"]

    # Odoo's default is a picture that says "Your logo", which would stand on papers and portal pages.
    logo = fields.Binary(default=False)
    # The time zone of the company's partner. A related field would take its choices from the partner's field,
    # not from the settings.
    aftersales_tz = fields.Selection(
        compute="_compute_aftersales_tz", inverse="_inverse_aftersales_tz", compute_sudo=True
    )
    aftersales_last_run = fields.Date(
        string="Last Service Run",
        readonly=True,
        help="The company's day up to which the scheduled service jobs have run.",
    )

    aftersales_duties_since = fields.Date(
        string="Rules Hold Since",
        readonly=True,
        default=lambda self: self._default_duties_since(),
        help="Duties that the present version of the product brought are owed from this day on: the day of the update,"
        " or of the installation. What happened before is neither reminded nor charged.",
    )

    aftersales_takeover_on = fields.Date(
        string="First Take-Over",
        readonly=True,
        help="The day on which records of other programs were first taken over.",
    )
    aftersales_live_on = fields.Date(
        string="Live Since",
        readonly=True,
        help="The day from which records that were taken over are owed something: mail to customers, deadlines, calls.",
    )

    @api.model
    def _default_duties_since(self):
        """:return: today in China: while the column is made, no company can be asked for its own day"""
        now = pytz.utc.localize(fields.Datetime.now())
        return now.astimezone(pytz.timezone(DEFAULT_TZ)).date()

    @api.depends("partner_id.tz")
    def _compute_aftersales_tz(self):
        for company in self:
            company.aftersales_tz = company.partner_id.tz

    def _inverse_aftersales_tz(self):
        for company in self:
            company.partner_id.tz = company.aftersales_tz

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        companies._aftersales_default_tz()
        return companies

    def _aftersales_default_tz(self):
        """Give companies without a time zone that of China, for which the regulation was written."""
        # sudo: the company's own partner, filled once, at creation or installation
        self.sudo().partner_id.filtered(lambda partner: not partner.tz).tz = DEFAULT_TZ

    def _aftersales_zone(self):
        """:return: the tzinfo whose midnight begins the company's day"""
        self.ensure_one()
        # sudo: the time zone is no secret, and pages of the portal show days, too
        return pytz.timezone(self.sudo().partner_id.tz or DEFAULT_TZ)

    def _aftersales_today(self):
        """The company's calendar day: the only today of this product.

        :rtype: datetime.date
        """
        return self._aftersales_day(fields.Datetime.now())

    def _aftersales_day(self, moment):
        """The company's calendar day of a moment.

        :param datetime.datetime moment: naive UTC, or a false value
        :rtype: datetime.date | bool
        """
        if not moment:
            return False
        return pytz.utc.localize(moment).astimezone(self._aftersales_zone()).date()

    def _aftersales_lang(self, *people):
        """Language in which people are written to: the first installed one among theirs, else the company's.

        :param res.partner people: each one partner or none, in the order in which their languages are tried
        :return: code of an installed language
        :rtype: str
        """
        langs = self.env["res.lang"]
        # sudo: the language of people is no secret, and users write to customers whose partner they may not read
        spoken = [person.lang for who in (*people, self.sudo().partner_id) for person in who.sudo()]
        known = (langs._get_code(lang or "") for lang in (*spoken, self.env.lang))
        return next(filter(None, known), None) or langs.get_installed()[0][0]

    def _aftersales_owes_since(self, day):
        """Whether a duty that version 19.0.3.0.0 brought is owed for what happened on a day.

        :param datetime.date day: company day on which the duty begins, or a false value
        :rtype: bool
        """
        # sudo: one day of the company's settings, asked for by documents of any user
        return bool(day and day >= (self.sudo().aftersales_duties_since or day))

    # === Records that were taken over === #

    def _aftersales_begin_takeover(self):
        """Note the day of the first take-over: what is taken over now is silent until the company goes live."""
        if not self.aftersales_takeover_on:
            # sudo: managers take over, and only this day is written
            self.sudo()._write_unlocked({"aftersales_takeover_on": self._aftersales_today()})

    def _aftersales_is_silent(self, taken_over_on):
        """Whether a record that was taken over is still owed nothing: the company has not gone live since.

        :param datetime.date taken_over_on: the day the record was taken over, or a false value
        :rtype: bool
        """
        # sudo: two days of the company's settings, asked for by records of any user
        company = self.sudo()
        return bool(
            taken_over_on and company.aftersales_takeover_on and not company.aftersales_live_on
        )

    def _aftersales_owed_sql(self, taken_over_on, day):
        """The condition that something is owed for a record: it was not taken over, or its day comes after going live.

        The one rule for notices, deadlines, calls and cases. Where nothing was ever taken over it holds for all.

        :param SQL taken_over_on: column with the day of the take-over
        :param SQL day: the day on which something is owed
        :rtype: SQL
        """
        # sudo: two days of the company's settings
        company = self.sudo()
        if not company.aftersales_takeover_on:
            return SQL("TRUE")
        if not company.aftersales_live_on:
            return SQL("%s IS NULL", taken_over_on)
        return SQL(
            "(%(taken)s IS NULL OR %(day)s >= GREATEST(%(taken)s, %(live)s))",
            taken=taken_over_on,
            day=day,
            live=company.aftersales_live_on,
        )

    def _aftersales_mail_time(self):
        """Next moment at which letters to customers may go out.

        :return: naive UTC; now when the hour of today has passed
        :rtype: datetime.datetime
        """
        moment = self._aftersales_moment(self._aftersales_today(), self.sudo().aftersales_mail_hour)
        return max(moment, fields.Datetime.now())

    def _aftersales_moment(self, day, hour):
        local = datetime.combine(day, time()) + timedelta(hours=hour)
        return self._aftersales_zone().localize(local).astimezone(pytz.utc).replace(tzinfo=None)
