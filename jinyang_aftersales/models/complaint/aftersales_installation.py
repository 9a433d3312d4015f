from odoo import fields, models

from ...groups import READERS


class AftersalesInstallation(models.Model):
    """Implementations that led to an installed software, or changed it."""

    _inherit = "aftersales.installation"

    implementation_count = fields.Integer(compute="_compute_implementation_count", groups=READERS)

    def _compute_implementation_count(self):
        counts = dict(
            self.env["aftersales.implementation"]._read_group(
                [("installation_id", "in", self.ids)], ["installation_id"], ["__count"]
            )
        )
        for installation in self:
            installation.implementation_count = counts.get(installation._origin, 0)

    def action_view_implementations(self):
        """Show the implementations of the software."""
        self.ensure_one()
        return self.env["aftersales.implementation"]._get_implementations_action(
            [("installation_id", "=", self.id)],
            {
                "default_partner_id": self.partner_id.id,
                "default_product_id": self.product_id.id,
                "default_installation_id": self.id,
            },
        )
