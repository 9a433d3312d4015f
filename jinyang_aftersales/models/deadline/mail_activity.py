from odoo import models
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
                and activity.user_id not in (self.env.user, self.env["res.users"])
                and activity._is_of_deadline()
            ):
                raise AccessError(
                    self.env._(
                        "%s has been told of this: it is his to end, or a service manager's.",
                        activity.user_id.name,
                    )
                )

    def _is_of_deadline(self):
        """Whether an activity tells of a deadline of its document: by its type.

        :rtype: bool
        """
        self.ensure_one()
        mixin = self.pool["aftersales.deadline.mixin"]
        if self.res_model not in self.env or not issubclass(self.pool[self.res_model], mixin):
            return False
        documents, data = self.env[self.res_model], self.env["ir.model.data"]
        company = documents.browse(self.res_id).exists().company_id or self.env.company
        types = {deadline.activity for deadline in documents._get_deadlines(company)}
        return self.activity_type_id.id in {data._xmlid_to_res_id(xmlid) for xmlid in types}
