from odoo import fields, models

from ...groups import READERS


class ResPartner(models.Model):
    """Visits to a customer."""

    _inherit = "res.partner"

    visit_count = fields.Integer(compute="_compute_visit_count", groups=READERS)

    def _compute_visit_count(self):
        customers = self.commercial_partner_id
        counts = dict(
            self.env["aftersales.visit"]._read_group(
                [("partner_id", "in", customers.ids)], ["partner_id"], ["__count"]
            )
        )
        for partner in self:
            partner.visit_count = counts.get(partner.commercial_partner_id._origin, 0)

    def action_view_visits(self):
        """Show the visits to the customer."""
        self.ensure_one()
        customer = self.commercial_partner_id
        return self.env["aftersales.visit"]._get_visits_action(
            [("partner_id", "=", customer.id)], {"default_partner_id": customer.id}
        )
