from odoo import api, fields, models

from ...groups import READERS


class ResPartner(models.Model):
    """Complaints of a customer."""

    _inherit = "res.partner"

    complaint_count = fields.Integer(compute="_compute_complaint_count", groups=READERS)

    @api.depends_context("uid")
    def _compute_complaint_count(self):
        customers = self.commercial_partner_id
        counts = self.env["aftersales.complaint"]._count_by("partner_id", customers.ids)
        for partner in self:
            partner.complaint_count = counts[partner.commercial_partner_id._origin.id]

    def action_view_complaints(self):
        """Show the customer's complaints that the user may read."""
        self.ensure_one()
        customer = self.commercial_partner_id
        return self._get_list_action(
            "jinyang_aftersales.aftersales_complaint_action",
            [("partner_id", "=", customer.id)],
            {"default_partner_id": customer.id},
        )

    @api.model
    def _get_open_kinds(self):
        over = sorted(self.env["aftersales.complaint"]._over_states)
        return {
            **super()._get_open_kinds(),
            "complaint": {
                "model": "aftersales.complaint",
                "domain": [("state", "not in", over)],
                "action": "jinyang_aftersales.aftersales_complaint_action",
                "label": self.env._("Complaints"),
            },
        }
