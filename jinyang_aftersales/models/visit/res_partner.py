from odoo import api, fields, models

from ...groups import READERS


class ResPartner(models.Model):
    """Visits to a customer."""

    _inherit = "res.partner"

    visit_count = fields.Integer(compute="_compute_visit_count", groups=READERS)

    def _compute_visit_count(self):
        customers = self.commercial_partner_id
        counts = self.env["aftersales.visit"]._count_by("partner_id", customers.ids)
        for partner in self:
            partner.visit_count = counts[partner.commercial_partner_id._origin.id]

    def action_view_visits(self):
        """Show the visits to the customer."""
        self.ensure_one()
        customer = self.commercial_partner_id
        return self._get_list_action(
            "jinyang_aftersales.aftersales_visit_action",
            [("partner_id", "=", customer.id)],
            {"default_partner_id": customer.id},
        )

    @api.model
    def _get_open_kinds(self):
        over = sorted(self.env["aftersales.visit"]._over_states)
        return {
            **super()._get_open_kinds(),
            "visit": {
                "label": self.env._("Visits"),
                "model": "aftersales.visit",
                "domain": [("state", "not in", over)],
                "action": "jinyang_aftersales.aftersales_visit_action",
            },
        }
