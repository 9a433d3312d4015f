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

    def action_request_visit(self):
        """Plan a visit to the customer (五.3.1), filled with what is known."""
        self.ensure_one()
        self.check_access("read")
        customer = self.commercial_partner_id
        contact = self - customer or customer.software_contact_id
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Request a Visit"),
            "res_model": "aftersales.visit",
            "views": [(False, "form")],
            "context": {"default_partner_id": customer.id, "default_contact_id": contact.id},
        }

    @api.model
    def _get_open_kinds(self):
        over = sorted(self.env["aftersales.visit"]._over_states)
        return {
            **super()._get_open_kinds(),
            "visit": {
                "model": "aftersales.visit",
                "domain": [("state", "not in", over)],
                "action": "jinyang_aftersales.aftersales_visit_action",
                "label": self.env._("Visits"),
            },
        }
