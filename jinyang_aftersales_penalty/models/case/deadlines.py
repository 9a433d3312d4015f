from odoo import api, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from odoo.addons.jinyang_aftersales.groups import DIRECTORS
from odoo.addons.jinyang_aftersales.models.deadline.deadline import Deadline

from .aftersales_penalty import DECIDE_ACTIVITY, PROPOSAL_ACTIVITY


class AftersalesPenalty(models.Model):
    """Deadlines of the managers: to notify or cancel a proposed penalty, and to decide about a notified one."""

    _inherit = "aftersales.penalty"

    @api.model
    def _get_deadlines(self, company):
        return [
            *super()._get_deadlines(company),
            # proposed: the managers notify the employee, or cancel it
            Deadline(
                "proposal",
                "follow_up_date",
                Domain("state", "=", "proposed"),
                PROPOSAL_ACTIVITY,
                warn_days=1,
                escalate_days=None,
                users=lambda penalty: penalty._get_deciding_users(),
                managers=lambda penalty: penalty._get_deciding_users(),
                note=lambda penalty, _due: penalty.env._(
                    "%(penalty)s of %(employee)s was found: tell the employee, or cancel it with the reason.",
                    penalty=penalty.display_name,
                    employee=penalty.employee_id.name,
                ),
            ),
            # the time to object is over, or there is an objection
            Deadline(
                "decide",
                "follow_up_date",
                Domain("state", "in", ("notified", "objected")),
                DECIDE_ACTIVITY,
                escalate_days=None,
                # the time to object
                counted_from=lambda penalty: penalty.state == "notified" and penalty.notified_on,
                users=lambda penalty: penalty._get_deciding_users(),
                managers=lambda penalty: penalty._get_deciding_users(),
                note=lambda penalty, _due: penalty._get_decide_note(),
            ),
        ]

    def _write_counted(self, deadline, day):
        # employees have as many working days to object as they were told
        objects_until = deadline.kind == "decide" and self.objection_deadline == self.follow_up_date
        moved = super()._write_counted(deadline, day)
        if moved and objects_until:
            self._write_unlocked({"objection_deadline": day})
        return moved

    def _get_deciding_users(self):
        """Managers who may decide, without the person concerned.

        :rtype: res.users
        """
        self.ensure_one()
        concerned = self._get_concerned_user()
        if self.regulation_known == "not_told":
            # only a director may go on
            return self.company_id._aftersales_users(DIRECTORS) - concerned
        managers = self.company_id._aftersales_managers() - concerned
        return managers or self.company_id._aftersales_users(DIRECTORS) - concerned

    def _get_decide_note(self):
        """:return: text of the activity: why a decision is due, in the language of the environment"""
        if self.state == "objected":
            return self.env._(
                "%(employee)s objected to %(penalty)s: decide with reasons.",
                penalty=self.display_name,
                employee=self.employee_id.name,
            )
        return self.env._(
            "The time to object to %(penalty)s is over: decide.", penalty=self.display_name
        )

    def action_announce_delay(self, kind, date_new, reason):
        """Announce a later day for the decision; see the mixin.

        :raises AccessError: also for the person concerned
        """
        self.ensure_one()
        obstacle = self._get_own_obstacle()
        if obstacle:
            raise AccessError(obstacle)
        return super().action_announce_delay(kind, date_new, reason)
