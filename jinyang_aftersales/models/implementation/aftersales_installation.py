from odoo import fields, models

from ...groups import READERS


class AftersalesInstallation(models.Model):
    """Implementations that led to an installed software, or changed it."""

    _inherit = "aftersales.installation"

    implementation_count = fields.Integer(compute="_compute_implementation_count", groups=READERS)

    def _compute_implementation_count(self):
        counts = self.env["aftersales.implementation"]._count_by("installation_id", self.ids)
        for installation in self:
            installation.implementation_count = counts[installation._origin.id]

    def action_view_implementations(self):
        """Show the implementations of the software."""
        self.ensure_one()
        return self._get_list_action(
            "jinyang_aftersales.aftersales_implementation_action",
            [("installation_id", "=", self.id)],
            {
                "default_partner_id": self.partner_id.id,
                "default_product_id": self.product_id.id,
                "default_installation_id": self.id,
            },
        )
