from odoo import api, fields, models
from odoo.exceptions import AccessError

from odoo.addons.base.models.res_partner import _tz_get

from ...groups import MANAGERS

SETTINGS = (
    "aftersales_tz",
    "aftersales_notice_months",
    "aftersales_mail_hour",
    "aftersales_callback_user_id",
    "aftersales_payment_days",
    "aftersales_payment_escalation_days",
    "aftersales_scan_required",
    "aftersales_change_warn_days",
    "aftersales_opinion_days",
    "aftersales_complaint_days",
    "aftersales_forms_days",
)


class AftersalesServiceSettings(models.TransientModel):
    """Lets service managers change the service settings of their company, and nothing else of it."""

    _name = "aftersales.service.settings"
    _description = "Service Settings"

    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        readonly=True,
        ondelete="cascade",
        default=lambda self: self.env.company,
    )
    aftersales_tz = fields.Selection(
        selection=_tz_get,
        string="Service Time Zone",
        help="Calendar days of service periods, notices and deadlines begin at midnight here.",
    )
    aftersales_notice_months = fields.Integer(
        string="Notice Before End of Service",
        help="Calendar months before the end of a service period at which the customer is told.",
    )
    aftersales_mail_hour = fields.Float(
        string="Customer Mail Hour",
        help="Time of the day, in the service time zone, from which letters to customers go out.",
    )
    aftersales_callback_user_id = fields.Many2one(
        comodel_name="res.users",
        string="Renewal Call-backs",
        help="Who calls customers about renewals and posts letters; empty: any call-back specialist.",
    )
    aftersales_payment_days = fields.Integer(
        string="Payment After Signing",
        help="Days after signing an agreement within which it has to be paid.",
    )
    aftersales_payment_escalation_days = fields.Integer(
        string="Late Payment to Manager",
        help="Days after the due date at which the service manager is told of a late payment.",
    )
    aftersales_scan_required = fields.Boolean(
        string="Applications Need a Scan",
        help="Customers' applications are approved with the stamped scan only; otherwise a colleague who has the"
        " original will do.",
    )
    aftersales_change_warn_days = fields.Integer(
        string="Warning Before a Promised Date",
        help="Working days before the promised date of a program change at which developer and specialist are told.",
    )
    aftersales_opinion_days = fields.Integer(
        string="Waiting for an Opinion",
        help="Working days after which a customer who gave no opinion of a program change is reminded.",
    )
    aftersales_complaint_days = fields.Integer(
        string="Time to Answer Complaints",
        help="Working days after a complaint was received within which the customer gets an answer.",
    )
    aftersales_forms_days = fields.Integer(
        string="Forms After an Implementation",
        help="Calendar days after the end of an implementation within which its three forms are handed in (七.6).",
    )
    setup_warnings = fields.Text(compute="_compute_setup_warnings")

    @api.depends("company_id")
    def _compute_setup_warnings(self):
        for settings in self:
            settings._check_may_configure()
            settings.setup_warnings = "\n".join(settings.company_id._aftersales_setup_warnings())

    @api.model
    def default_get(self, fields):
        # also for who sends only some of them: saving writes them all
        defaults = super().default_get(fields)
        company = self.env.company
        current = self._convert_to_write({name: company[name] for name in SETTINGS})
        return {**{name: current[name] for name in fields if name in current}, **defaults}

    def action_save(self):
        """Write the settings to the company.

        :raise odoo.exceptions.AccessError: to who is no service manager of the company
        """
        self.ensure_one()
        self._check_may_configure()
        values = self._convert_to_write({name: self[name] for name in SETTINGS})
        # sudo: managers may not write companies; checked above, and only the settings of the service
        self.company_id.sudo().write(values)
        return {"type": "ir.actions.act_window_close"}

    def _check_may_configure(self):
        """Refuse all but service managers, and companies other than the user's own.

        :raise odoo.exceptions.AccessError: with the reason
        """
        if not self.env.user.has_group(MANAGERS):
            raise AccessError(self.env._("Only service managers change the service settings."))
        if self.company_id - self.env.user.company_ids:
            raise AccessError(self.env._("Service settings are changed in one's own companies."))
