from odoo import fields, models
from odoo.fields import Domain


class ResCompany(models.Model):
    """How often customers are called, and how long they are tried."""

    _inherit = "res.company"

    aftersales_callback_attempts = fields.Integer(
        string="Calls Before the Manager Is Told",
        default=3,
        help="Calls without reaching the customer after which the service managers are told.",
    )
    aftersales_callback_interval_days = fields.Integer(
        string="Routine Calls Every",
        default=0,
        help="Days between the routine calls to a customer; 0: none, unless the customer has an interval.",
    )

    _aftersales_callback_days_range = models.Constraint(
        "CHECK(aftersales_callback_attempts >= 1 AND aftersales_callback_interval_days >= 0)",
        "A customer is called at least once, and the days between routine calls cannot be negative.",
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    aftersales_callback_attempts = fields.Integer(
        related="company_id.aftersales_callback_attempts", readonly=False
    )
    aftersales_callback_interval_days = fields.Integer(
        related="company_id.aftersales_callback_interval_days", readonly=False
    )


class ResUsers(models.Model):
    _inherit = "res.users"

    def write(self, vals):
        result = super().write(vals)
        if vals.get("active") is False:
            self._hand_over_callbacks()
        return result

    def _hand_over_callbacks(self):
        """Give the open calls of users who left to others who may make them."""
        # sudo: calls of colleagues, when an administrator archives a user
        calls = self.env["aftersales.callback"].sudo()
        for callback in calls.search(
            Domain("user_id", "in", self.ids) & Domain("state", "=", "todo")
        ):
            caller = callback._get_default_caller(callback.company_id, callback._get_excluded())
            callback.user_id = caller
