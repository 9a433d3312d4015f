from odoo import models
from odoo.fields import Domain


class ResUsers(models.Model):
    _inherit = "res.users"

    def write(self, vals):
        result = super().write(vals)
        if vals.get("active") is False:
            self._hand_over_callbacks()
        return result

    def _hand_over_callbacks(self):
        """Give the open calls of users who have left to others who did not do the work."""
        # sudo: the administrator who archives a user may not write calls
        calls = self.env["aftersales.callback"].sudo()
        for callback in calls.search(
            Domain("user_id", "in", self.ids) & Domain("state", "=", "todo")
        ):
            caller = callback._get_default_caller(callback.company_id, callback._get_excluded())
            callback.user_id = caller
