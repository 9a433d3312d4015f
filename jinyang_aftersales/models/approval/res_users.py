from odoo import api, models

from ...groups import MANAGERS
from .inbox import APPROVAL_CATEGORY


class ResUsers(models.Model):
    _inherit = "res.users"

    def write(self, vals):
        if vals.get("active") is False:
            # Before the mail module deletes the activities of archived users.
            self.env["aftersales.approval.mixin"]._hand_over_approvals(self)
        return super().write(vals)

    def action_archive(self):
        """Archive users; documents that wait for their approval are handed over to their colleagues."""
        self.env["aftersales.approval.mixin"]._hand_over_approvals(self)
        return super().action_archive()

    @api.model
    def _get_activity_groups(self):
        """Add a row on top of the activity menu with all documents that wait for the user's approval.

        The rows of the single models stay as they are and are counted by the bell; this row is not counted.
        """
        groups = super()._get_activity_groups()
        count = self._aftersales_count_approvals()
        if count:
            groups.insert(
                0,
                {
                    # the menu sorts by id: before every model
                    "id": 0,
                    "name": self.env._("To approve: %s", count),
                    "model": "aftersales.approval",
                    "type": APPROVAL_CATEGORY,
                    "icon": "/jinyang_aftersales/static/description/icon.png",
                    "domain": [],
                    "to_approve_count": count,
                    "total_count": 0,
                    "today_count": 0,
                    "overdue_count": 0,
                    "planned_count": 0,
                    "view_type": "list",
                },
            )
        return groups

    @api.model
    def _aftersales_count_approvals(self):
        """Number of submissions that wait for a decision of the user, in the selected companies.

        :rtype: int
        """
        if not self.env.user.has_group(MANAGERS):
            return 0
        return self.env["mail.activity"].search_count(
            [("user_id", "=", self.env.uid), ("approval_id.decision", "=", "pending")]
        )
