from odoo import fields, models

from ...groups import READERS


class ResPartner(models.Model):
    """Program changes of a customer."""

    _inherit = "res.partner"

    change_request_count = fields.Integer(compute="_compute_change_request_count", groups=READERS)

    def _compute_change_request_count(self):
        customers = self.commercial_partner_id
        counts = dict(
            self.env["aftersales.change.request"]._read_group(
                [("partner_id", "in", customers.ids)], ["partner_id"], ["__count"]
            )
        )
        for partner in self:
            partner.change_request_count = counts.get(partner.commercial_partner_id._origin, 0)

    def action_view_changes(self):
        """Show the program changes of the customer."""
        self.ensure_one()
        customer = self.commercial_partner_id
        return self.env["aftersales.change.request"]._get_changes_action(
            [("partner_id", "=", customer.id)], {"default_partner_id": customer.id}
        )
