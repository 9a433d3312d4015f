from odoo import models


class ResPartner(models.Model):
    _inherit = "res.partner"

    def write(self, vals):
        """Let a contact who moves to another company lose sight of the old one at once.

        The record rules of customers hold the commercial partner of the user, and Odoo keeps them
        evaluated until its caches are cleared, which it does for users, not for their contacts.

        :param dict vals: the values written
        """
        result = super().write(vals)
        if vals.keys() & {"parent_id", "is_company"} and self._holds_portal_users():
            self.env.registry.clear_cache()
        return result

    def _holds_portal_users(self):
        """Return whether portal users are among the contacts or those below them.

        :rtype: bool
        """
        # sudo: whoever edits contacts need not read users; only their existence matters here
        users = self.env["res.users"].sudo().with_context(active_test=False)
        return bool(
            users.search_count(
                [("share", "=", True), ("partner_id", "child_of", self.ids)], limit=1
            )
        )
