from odoo import fields, models

from ...groups import READERS


class AftersalesInstallation(models.Model):
    """Program changes of an installed software."""

    _inherit = "aftersales.installation"

    change_request_count = fields.Integer(compute="_compute_change_request_count", groups=READERS)

    def _compute_change_request_count(self):
        counts = dict(
            self.env["aftersales.change.request"]._read_group(
                [("installation_id", "in", self.ids)], ["installation_id"], ["__count"]
            )
        )
        for installation in self:
            installation.change_request_count = counts.get(installation._origin, 0)

    def action_view_changes(self):
        """Show the program changes of the software."""
        self.ensure_one()
        return self.env["aftersales.change.request"]._get_changes_action(
            [("installation_id", "=", self.id)],
            {"default_partner_id": self.partner_id.id, "default_installation_id": self.id},
        )
