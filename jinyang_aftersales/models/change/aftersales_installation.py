from odoo import fields, models

from ...groups import READERS


class AftersalesInstallation(models.Model):
    """Program changes of an installed software."""

    _inherit = "aftersales.installation"

    change_request_count = fields.Integer(compute="_compute_change_request_count", groups=READERS)

    def _compute_change_request_count(self):
        counts = self.env["aftersales.change.request"]._count_by("installation_id", self.ids)
        for installation in self:
            installation.change_request_count = counts[installation._origin.id]

    def action_view_changes(self):
        """Show the program changes of the software."""
        self.ensure_one()
        return self._get_list_action(
            "jinyang_aftersales.aftersales_change_request_action",
            [("installation_id", "=", self.id)],
            {"default_partner_id": self.partner_id.id, "default_installation_id": self.id},
        )
