from odoo import fields, models


class AftersalesSettingsMixin(models.AbstractModel):
    """How fast the forms of implementations are handed in; shown together with the settings of complaints."""

    _inherit = "aftersales.settings.mixin"

    aftersales_forms_days = fields.Integer(
        string="Forms After an Implementation",
        default=3,
        help="Calendar days after the end of an implementation within which its three forms are handed in (七.6).",
    )

    _aftersales_forms_days_range = models.Constraint(
        "CHECK(aftersales_forms_days BETWEEN 0 AND 60)",
        "The forms of an implementation are handed in within 60 days.",
    )
