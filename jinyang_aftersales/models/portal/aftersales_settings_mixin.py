from odoo import api, fields, models

from ..company.settings import Setting, SettingsBlock


class AftersalesSettingsMixin(models.AbstractModel):
    """How long the links in mails open a document that has ended."""

    _inherit = "aftersales.settings.mixin"

    aftersales_link_days = fields.Integer(
        string="Links in Mails After the End",
        default=90,
        help="Days after a document has ended for which the links mailed to people of the customer still open it.",
    )

    _aftersales_link_days_positive = models.Constraint(
        "CHECK(aftersales_link_days BETWEEN 0 AND 3650)",
        "Links in mails open a document for 0 to 3650 days after its end.",
    )

    @api.model
    def _get_aftersales_settings(self):
        settings = (Setting("aftersales_link_days", self.env._("days")),)
        block = SettingsBlock("links", self.env._("Links in Mails"), 45, settings)
        return [*super()._get_aftersales_settings(), block]
