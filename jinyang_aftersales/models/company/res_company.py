from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models

DEFAULT_TZ = "Asia/Shanghai"


class ResCompany(models.Model):
    _inherit = "res.company"

    aftersales_tz = fields.Selection(
        string="Service Time Zone",
        related="partner_id.tz",
        readonly=False,
        help="Calendar days of service periods, notices and deadlines begin at midnight here.",
    )
    aftersales_notice_months = fields.Integer(
        string="Notice Before End of Service",
        default=1,
        help="Calendar months before the end of a service period at which the customer is told.",
    )
    aftersales_payment_days = fields.Integer(
        string="Payment After Signing",
        default=3,
        help="Days after signing an agreement within which it has to be paid.",
    )
    aftersales_payment_escalation_days = fields.Integer(
        string="Late Payment to Manager",
        default=3,
        help="Days after the due date at which the service manager is told of a late payment.",
    )
    aftersales_mail_hour = fields.Float(
        string="Customer Mail Hour",
        default=8.5,
        help="Time of the day, in the service time zone, from which letters to customers go out.",
    )
    aftersales_callback_user_id = fields.Many2one(
        comodel_name="res.users",
        string="Renewal Call-backs",
        domain="[('share', '=', False), ('company_ids', 'in', id)]",
        help="Who calls customers about renewals and posts letters; empty: any call-back specialist.",
    )
    aftersales_record_days = fields.Integer(
        string="Time for Service Records",
        default=1,
        help="Working days after the service within which its record has to be complete (七.4, 七.5).",
    )
    aftersales_forgotten_days = fields.Integer(
        string="Forgotten Tickets",
        default=3,
        help="Working days without any work after which an open ticket counts as forgotten.",
    )
    aftersales_last_run = fields.Date(
        string="Last Service Run",
        readonly=True,
        help="The company's day up to which the scheduled service jobs have run.",
    )

    _aftersales_notice_months_positive = models.Constraint(
        "CHECK(aftersales_notice_months BETWEEN 1 AND 12)",
        "The notice before the end of service is between 1 and 12 months.",
    )
    _aftersales_payment_days_positive = models.Constraint(
        "CHECK(aftersales_payment_days >= 0 AND aftersales_payment_escalation_days >= 0)",
        "Days cannot be negative.",
    )
    _aftersales_record_days_positive = models.Constraint(
        "CHECK(aftersales_record_days BETWEEN 1 AND 60 AND aftersales_forgotten_days BETWEEN 1 AND 60)",
        "The days for service records and for forgotten tickets are between 1 and 60.",
    )
    _aftersales_mail_hour_range = models.Constraint(
        "CHECK(aftersales_mail_hour >= 0 AND aftersales_mail_hour < 24)",
        "The hour for customer mail is between 0:00 and 23:59.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        companies._aftersales_default_tz()
        return companies

    def _aftersales_default_tz(self):
        """Give companies without a time zone the regulation's, China."""
        # sudo: the company's own partner, filled once, at creation or installation
        self.sudo().partner_id.filtered(lambda partner: not partner.tz).tz = DEFAULT_TZ

    def _aftersales_zone(self):
        """:return: the tzinfo whose midnight begins the company's day"""
        self.ensure_one()
        # sudo: the time zone is no secret, and portal users have days too
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
        """Language in which somebody is written to: the first one's that is installed, else the company's.

        :param res.partner people: in the order of whose language counts; each one or none
        :return: code of an installed language
        :rtype: str
        """
        langs = self.env["res.lang"]
        # sudo: the language of people is no secret, and customers are written to by whoever acts
        spoken = [person.lang for who in (*people, self.sudo().partner_id) for person in who.sudo()]
        known = (langs._get_code(lang or "") for lang in (*spoken, self.env.lang))
        return next(filter(None, known), None) or langs.get_installed()[0][0]

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
