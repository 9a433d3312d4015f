from odoo import api, models

from .values import HOME_GROUPS

HOME = "jinyang_aftersales.home_action"
# what gives and takes a role; the others follow from them
ROLE_FIELDS = {"group_ids", "role"}


class ResUsers(models.Model):
    """Who has a role of the service begins on its home page, and gets no mail of Odoo's digest."""

    _inherit = "res.users"

    @api.model_create_multi
    def create(self, vals_list):
        users = super().create(vals_list)
        users._begin_at_home()
        return users

    def write(self, vals):
        if not ROLE_FIELDS & vals.keys():
            return super().write(vals)
        # sudo: a right is looked up, not shown
        before = self.sudo().filtered(lambda user: user._has_home())
        result = super().write(vals)
        (self - before)._begin_at_home()
        before._leave_home()
        return result

    def _has_home(self):
        """:return: whether the user has a role with a home page"""
        self.ensure_one()
        return not self.share and any(self.has_group(group) for group in HOME_GROUPS)

    def _begin_at_home(self):
        """Let users who were given a role begin on its page, unless they begin elsewhere, and end their digests."""
        home = self.env.ref(HOME, raise_if_not_found=False)
        # sudo: follows from the role, which the user was allowed to give
        users = self.sudo().filtered(lambda user: user._has_home())
        if not home or not users:
            return
        users.filtered(lambda user: not user.action_id).action_id = home.id
        if "digest.digest" in self.env:
            digests = self.env["digest.digest"].sudo()
            for digest in digests.search([("user_ids", "in", users.ids)]):
                digest.user_ids -= users

    def _leave_home(self):
        """Take the page away from users who have no role any more."""
        home = self.env.ref(HOME, raise_if_not_found=False)
        # sudo: follows from the role, which the user was allowed to take
        users = self.sudo().filtered(
            lambda user: home and user.action_id.id == home.id and not user._has_home()
        )
        users.action_id = False
