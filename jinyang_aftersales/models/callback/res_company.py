from odoo import fields, models


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
