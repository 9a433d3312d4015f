from odoo import fields, models

from ...groups import READERS


class AftersalesInstallation(models.Model):
    """Visits for an installed software."""

    _inherit = "aftersales.installation"

    visit_count = fields.Integer(compute="_compute_visit_count", groups=READERS)

    def _compute_visit_count(self):
        counts = dict(
            self.env["aftersales.visit"]._read_group(
                [("installation_id", "in", self.ids)], ["installation_id"], ["__count"]
            )
        )
        for installation in self:
            installation.visit_count = counts.get(installation._origin, 0)

    def action_view_visits(self):
        """Show the visits for the software."""
        self.ensure_one()
        return self.env["aftersales.visit"]._get_visits_action(
            [("installation_id", "=", self.id)],
            {"default_partner_id": self.partner_id.id, "default_installation_id": self.id},
        )
