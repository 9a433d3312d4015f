from odoo import api, fields, models

from odoo.addons.base.models.res_partner import _tz_get

from ...groups import READERS
from .settings import Setting, SettingsBlock


class AftersalesSettingsMixin(models.AbstractModel):
    """The settings of a company: the company has them, and two screens change them.

    A setting is declared here once, by extending this model: its field with label, help and default,
    its limits, and its place in :meth:`_get_aftersales_settings`. The company
    (``res.company``), the managers' screen (``aftersales.service.settings``) and Odoo's settings
    (``res.config.settings``) inherit this model, and so have the field.
    """

    _name = "aftersales.settings.mixin"
    _description = "Service Settings of a Company"

    # The currency of settings that are amounts; the company and both screens define the field themselves.
    currency_id = fields.Many2one(comodel_name="res.currency")
    aftersales_tz = fields.Selection(
        selection=_tz_get,
        string="Service Time Zone",
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
    aftersales_dispatch_days = fields.Integer(
        string="Invoice Dispatch",
        default=3,
        help="Working days after the invoice of an agreement was made within which it goes to the customer (五.2.5).",
    )
    aftersales_letter_channel = fields.Selection(
        selection=[("mail", "E-mail"), ("fax", "Fax"), ("post", "Post")],
        string="Letters to Customers By",
        default="mail",
        help="How renewal notices go out to customers who prefer no other way (五.2.2, 五.5.2).",
    )
    aftersales_offer_with_notice = fields.Boolean(
        string="Offer with the Notice",
        help="Three working days before a renewal notice the offer is made, where software and prices have not"
        " changed. The specialist may hold it; else it goes out with the notice, whose link leads to it.",
    )
    aftersales_mail_hour = fields.Float(
        string="Customer Mail Hour",
        default=8.5,
        help="Time of the day, in the service time zone, from which letters to customers go out.",
    )
    aftersales_callback_user_id = fields.Many2one(
        comodel_name="res.users",
        person="role",
        string="Renewal Call-backs",
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
    aftersales_approval_days = fields.Integer(
        string="Time for Approvals",
        default=1,
        help="Working days within which a submitted document is decided; always before the planned departure (三.8).",
    )
    aftersales_execution_days = fields.Integer(
        string="Time for Approved Applications",
        default=1,
        help="Working days after the approval within which an application is carried out (三.8).",
    )
    aftersales_question_days = fields.Integer(
        string="Time for Questions of Customers",
        default=1,
        help="Working days within which the ticket is closed that a manager gave out after a call (五.5.4).",
    )
    aftersales_director_days = fields.Integer(
        string="Then to the Director",
        default=1,
        help="Working days after the last day at which the directors are told of what is still undone (三.8).",
    )
    aftersales_online_services = fields.Boolean(
        string="Use Odoo's Online Services",
        help="SMS, letters by post, company look-up, geolocation, translation by AI and online payment. They need"
        " credit at Odoo or a payment provider, and send data abroad. Off: hidden and refused.",
    )

    _aftersales_notice_months_positive = models.Constraint(
        "CHECK(aftersales_notice_months BETWEEN 1 AND 12)",
        "The notice before the end of service is between 1 and 12 months.",
    )
    _aftersales_payment_days_positive = models.Constraint(
        "CHECK(aftersales_payment_days >= 0 AND aftersales_payment_escalation_days >= 0"
        " AND aftersales_dispatch_days BETWEEN 1 AND 60)",
        "Days cannot be negative, and an invoice is dispatched within 1 to 60 working days.",
    )
    _aftersales_record_days_positive = models.Constraint(
        "CHECK(aftersales_record_days BETWEEN 1 AND 60 AND aftersales_forgotten_days BETWEEN 1 AND 60)",
        "The days for service records and for forgotten tickets are between 1 and 60.",
    )
    _aftersales_decision_days_range = models.Constraint(
        "CHECK(aftersales_approval_days BETWEEN 1 AND 60 AND aftersales_execution_days BETWEEN 1 AND 60"
        " AND aftersales_question_days BETWEEN 1 AND 60 AND aftersales_director_days BETWEEN 1 AND 60)",
        "The days for approvals, applications and questions, and until the director is told, are between 1 and 60.",
    )
    _aftersales_mail_hour_range = models.Constraint(
        "CHECK(aftersales_mail_hour >= 0 AND aftersales_mail_hour < 24)",
        "The hour for customer mail is between 0:00 and 23:59.",
    )

    @api.model
    def _get_aftersales_settings(self):
        """The one list of settings, from which both screens are made.

        Subjects and addons that declare settings add them here.

        :return: blocks in no particular order, titles in the language of the reader
        :rtype: list[SettingsBlock]
        """
        readers = self.env.ref(READERS).id
        caller = (
            "[('share', '=', False), ('company_ids', 'in', company_id),"
            f" ('all_group_ids', 'in', [{readers}])]"
        )
        notices = (
            Setting("aftersales_tz", attributes={"required": "1"}),
            Setting("aftersales_notice_months", self.env._("months")),
            Setting("aftersales_letter_channel", attributes={"required": "1"}),
            Setting("aftersales_offer_with_notice"),
            Setting("aftersales_mail_hour", attributes={"widget": "float_time"}),
            Setting(
                "aftersales_callback_user_id",
                attributes={
                    "widget": "many2one_avatar_user",
                    "options": "{'no_create': True}",
                    "placeholder": self.env._("Any call-back specialist"),
                    "domain": caller,
                },
            ),
        )
        tickets = (
            Setting("aftersales_record_days", self.env._("working days")),
            Setting("aftersales_forgotten_days", self.env._("working days")),
        )
        agreements = (
            Setting("aftersales_payment_days", self.env._("days")),
            Setting("aftersales_payment_escalation_days", self.env._("days")),
            Setting("aftersales_dispatch_days", self.env._("working days")),
        )
        deadlines = tuple(
            Setting(name, self.env._("working days"))
            for name in (
                "aftersales_approval_days",
                "aftersales_execution_days",
                "aftersales_question_days",
                "aftersales_director_days",
            )
        )
        online = (Setting("aftersales_online_services"),)
        return [
            SettingsBlock("notices", self.env._("Service Periods and Notices"), 10, notices),
            SettingsBlock("tickets", self.env._("Tickets"), 20, tickets),
            SettingsBlock("deadlines", self.env._("Deadlines"), 25, deadlines),
            SettingsBlock("agreements", self.env._("Agreements"), 50, agreements),
            SettingsBlock("online", self.env._("Online Services"), 80, online),
        ]
