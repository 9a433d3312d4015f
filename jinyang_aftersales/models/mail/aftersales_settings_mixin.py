from odoo import api, fields, models

from ..company.settings import Setting, SettingsBlock


class AftersalesSettingsMixin(models.AbstractModel):
    """Whom mail is believed to come from, and what news on finished documents do."""

    _inherit = "aftersales.settings.mixin"

    aftersales_mail_server_name = fields.Char(
        string="Name of Our Mail Server",
        help="As it stands in the header Authentication-Results of mail that comes in. Only mail for which this server"
        " vouches counts as a colleague's. Empty: no mail is a colleague's, and that of customers is taken in as not"
        " verified.",
    )
    aftersales_reopen_tickets = fields.Boolean(
        string="Answers Open Closed Tickets",
        help="An answer of the customer opens a closed ticket again. Off: its specialist gets a task.",
    )

    @api.model
    def _get_aftersales_settings(self):
        settings = (
            Setting(
                "aftersales_mail_server_name",
                attributes={"placeholder": self.env._("for example mx.example.cn")},
            ),
            Setting("aftersales_reopen_tickets"),
        )
        block = SettingsBlock("mail", self.env._("Incoming Mail"), 75, settings)
        return [*super()._get_aftersales_settings(), block]
