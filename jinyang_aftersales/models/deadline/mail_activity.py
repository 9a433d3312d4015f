from odoo import models
from odoo.exceptions import AccessError

from ...groups import MANAGERS


class MailActivity(models.Model):
    """Activities of a deadline are ended by the assigned user or a manager, and by nobody else (五.4.5)."""

    _name = "mail.activity"
    # The guard comes first, so that it checks the values of the caller before other overrides change them.
    _inherit = ["aftersales.guard.mixin", "mail.activity"]

    def _check_locked_vals(self, vals):
        self._check_not_anothers()
        return super()._check_locked_vals(vals)

    def _check_locked_deletion(self):
        self._check_not_anothers()
        return super()._check_locked_deletion()

    def _action_done(self, feedback=False, attachment_ids=None):
        self._check_not_anothers()
        return super()._action_done(feedback=feedback, attachment_ids=attachment_ids)

    def _check_not_anothers(self):
        """Refuse to change or end activities of deadlines that are assigned to another user.

        :raises AccessError: naming the assigned user
        """
        if self.env.su or self.env.user.has_group(MANAGERS):
            return
        # sudo: only types and assigned users of the activities are read; Odoo checks the access to them itself
        for activity in self.sudo().exists():
            if (
                activity.active
                and activity.user_id not in (self.env.user, self.env["res.users"])
                and activity._is_owed()
            ):
                raise AccessError(
                    self.env._(
                        "%s has been told of this: it is theirs to end, or a service manager's.",
                        activity.user_id.name,
                    )
                )

    def _is_owed(self):
        """:return: whether the product made the activity for a deadline, by the type of the activity"""
        self.ensure_one()
        if not self.automated or self.res_model not in self.env:
            return False
        model = self.env[self.res_model]
        if not issubclass(self.pool[model._name], self.pool["aftersales.deadline.mixin"]):
            return False
        names = self.env["ir.model.data"]
        return self.activity_type_id.id in {
            names._xmlid_to_res_id(name, raise_if_not_found=False)
            for name in model._get_owed_activities(self.env.company)
        }
