from odoo import SUPERUSER_ID, models
from odoo.exceptions import AccessError

from ...groups import MANAGERS


class MailActivity(models.Model):
    """What the hourly job asks of somebody is ended by him or by a manager, not by whom it is about (五.4.5)."""

    _inherit = "mail.activity"

    def write(self, vals):
        self._check_not_anothers()
        return super().write(vals)

    def unlink(self):
        self._check_not_anothers()
        return super().unlink()

    def _action_done(self, feedback=False, attachment_ids=None):
        self._check_not_anothers()
        return super()._action_done(feedback=feedback, attachment_ids=attachment_ids)

    def _check_not_anothers(self):
        """Refuse to hide what somebody else has been told of: overdue documents, escalations.

        :raises AccessError: naming whose it is
        """
        if self.env.su or self.env.user.has_group(MANAGERS):
            return
        # sudo: who was told by whom of what; the operation itself is checked as always
        for activity in self.sudo().exists():
            if (
                activity.active
                and activity.create_uid.id == SUPERUSER_ID
                and activity.user_id not in (self.env.user, self.env["res.users"])
                and activity.res_model in self.env
                and issubclass(
                    self.pool[activity.res_model], self.pool["aftersales.deadline.mixin"]
                )
            ):
                raise AccessError(
                    self.env._(
                        "%s has been told of this: it is his to end, or a service manager's.",
                        activity.user_id.name,
                    )
                )
