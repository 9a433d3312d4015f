from odoo import api, fields, models

from ...groups import READERS


class ResPartner(models.Model):
    """Program changes of a customer."""

    _inherit = "res.partner"

    change_request_count = fields.Integer(compute="_compute_change_request_count", groups=READERS)

    def _compute_change_request_count(self):
        customers = self.commercial_partner_id
        counts = self.env["aftersales.change.request"]._count_by("partner_id", customers.ids)
        for partner in self:
            partner.change_request_count = counts[partner.commercial_partner_id._origin.id]

    def action_view_changes(self):
        """Show the program changes of the customer."""
        self.ensure_one()
        customer = self.commercial_partner_id
        return self._get_list_action(
            "jinyang_aftersales.aftersales_change_request_action",
            [("partner_id", "=", customer.id)],
            {"default_partner_id": customer.id},
        )

    @api.model
    def _get_open_kinds(self):
        over = sorted(self.env["aftersales.change.request"]._over_states)
        return {
            **super()._get_open_kinds(),
            "change": {
                "model": "aftersales.change.request",
                "domain": [("state", "not in", over)],
                "action": "jinyang_aftersales.aftersales_change_request_action",
                "label": self.env._("Program Changes"),
            },
        }
