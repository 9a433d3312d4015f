from odoo import models
from odoo.fields import Domain


class AftersalesApprovalMixin(models.AbstractModel):
    """How many tickets wait with the people who would do the work."""

    _inherit = "aftersales.approval.mixin"

    def _get_approval_loads(self):
        loads = super()._get_approval_loads()
        users = self.env["res.users"].union(*(user for row in loads.values() for user in row))
        tickets = self.env["helpdesk.ticket"]
        counts = dict(
            tickets._read_group(
                tickets._get_open_work_domain("user_id") & Domain("user_id", "in", users.ids),
                ["user_id"],
                ["__count"],
            )
        )
        for row in loads.values():
            for user, phrases in row.items():
                phrases.append(self.env._("%s open tickets", counts.get(user, 0)))
        return loads
