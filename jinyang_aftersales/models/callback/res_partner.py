from odoo import api, fields, models

from ...groups import READERS


class ResPartner(models.Model):
    """How often a customer is called regularly, without an occasion (四 专员.2)."""

    _inherit = "res.partner"

    callback_interval_days = fields.Integer(
        string="Routine Call Every",
        groups=READERS,
        help="Days between the routine calls to the customer; 0: as set for the company.",
    )
    no_routine_callback = fields.Boolean(
        string="No Routine Calls", groups=READERS, help="The customer does not want to be called."
    )
    callback_ids = fields.One2many(
        comodel_name="aftersales.callback",
        inverse_name="partner_id",
        string="Call-backs",
        groups=READERS,
    )
    callback_count = fields.Integer(compute="_compute_callback_count", groups=READERS)

    _callback_interval_positive = models.Constraint(
        "CHECK(callback_interval_days >= 0)",
        "The days between routine calls cannot be negative.",
    )

    def _commercial_fields(self):
        return super()._commercial_fields() + ["callback_interval_days", "no_routine_callback"]

    @api.depends("callback_ids", "commercial_partner_id")
    @api.depends_context("allowed_company_ids")
    def _compute_callback_count(self):
        counts = self.env["aftersales.callback"]._count_by(
            "partner_id",
            self.commercial_partner_id.ids,
            [("company_id", "in", self.env.companies.ids)],
        )
        for partner in self:
            partner.callback_count = counts[partner.commercial_partner_id.id]

    @api.constrains("service_user_id")
    def _hand_over_routine_calls(self):
        """Move open routine calls to the new specialist; a constraint, so that every write of the field runs it."""
        self.env["aftersales.callback"]._follow_specialist(self)

    def action_view_callbacks(self):
        """Open the call-backs of the customer."""
        self.ensure_one()
        return self._get_list_action(
            "jinyang_aftersales.aftersales_callback_action",
            [("partner_id", "=", self.commercial_partner_id.id)],
            {"default_partner_id": self.commercial_partner_id.id},
        )

    @api.model
    def _get_open_kinds(self):
        return {
            **super()._get_open_kinds(),
            "callback": {
                "model": "aftersales.callback",
                "domain": [("state", "=", "todo")],
                "action": "jinyang_aftersales.aftersales_callback_action",
                "label": self.env._("Call-backs"),
            },
        }
