from odoo import fields, models

from ...groups import READERS


class AftersalesInstallation(models.Model):
    """Visits for an installed software."""

    _inherit = "aftersales.installation"

    visit_count = fields.Integer(compute="_compute_visit_count", groups=READERS)

    def _compute_visit_count(self):
        counts = self.env["aftersales.visit"]._count_by("installation_id", self.ids)
        for installation in self:
            installation.visit_count = counts[installation._origin.id]

    def action_view_visits(self):
        """Show the visits for the software."""
        self.ensure_one()
        return self._get_list_action(
            "jinyang_aftersales.aftersales_visit_action",
            [("installation_id", "=", self.id)],
            {"default_partner_id": self.partner_id.id, "default_installation_id": self.id},
        )
