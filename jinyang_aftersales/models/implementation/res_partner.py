from odoo import api, fields, models

from ...groups import READERS


class ResPartner(models.Model):
    """Implementations at a customer's."""

    _inherit = "res.partner"

    implementation_count = fields.Integer(compute="_compute_implementation_count", groups=READERS)

    def _compute_implementation_count(self):
        customers = self.commercial_partner_id
        counts = self.env["aftersales.implementation"]._count_by("partner_id", customers.ids)
        for partner in self:
            partner.implementation_count = counts[partner.commercial_partner_id._origin.id]

    def action_view_implementations(self):
        """Show the implementations at the customer's."""
        self.ensure_one()
        customer = self.commercial_partner_id
        return self._get_list_action(
            "jinyang_aftersales.aftersales_implementation_action",
            [("partner_id", "=", customer.id)],
            {"default_partner_id": customer.id},
        )

    @api.model
    def _get_open_kinds(self):
        over = sorted(self.env["aftersales.implementation"]._over_states)
        return {
            **super()._get_open_kinds(),
            "implementation": {
                "model": "aftersales.implementation",
                "domain": [("state", "not in", over)],
                "action": "jinyang_aftersales.aftersales_implementation_action",
                "label": self.env._("Implementations"),
            },
        }
