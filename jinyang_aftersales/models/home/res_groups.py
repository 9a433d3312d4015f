from odoo import models

# what gives a role to users from the side of the group
MEMBERS = {"user_ids", "implied_ids"}


class ResGroups(models.Model):
    """Roles given on the form of a group: their users begin on the home page, too."""

    _inherit = "res.groups"

    def write(self, vals):
        if not MEMBERS & vals.keys():
            return super().write(vals)
        # sudo: follows from the role, which the user was allowed to give
        before = self.sudo().all_user_ids
        result = super().write(vals)
        after = self.sudo().all_user_ids
        (after - before)._begin_at_home()
        (before - after)._leave_home()
        return result
