from odoo import models


class ResUsers(models.Model):
    _inherit = "res.users"

    def write(self, vals):
        if vals.get("active") is False:
            # before mail deletes the activities of who leaves
            self.env["aftersales.approval.mixin"]._hand_over_approvals(self)
        return super().write(vals)

    def action_archive(self):
        """Archive users; what waits for their approval goes to their colleagues."""
        self.env["aftersales.approval.mixin"]._hand_over_approvals(self)
        return super().action_archive()
