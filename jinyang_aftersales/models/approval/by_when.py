from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Date, Domain

from ..deadline.deadline import Deadline, directors
from .inbox import LATE_ACTIVITY


class AftersalesApprovalMixin(models.AbstractModel):
    """By when managers decide, and that they announce a later day with a reason (三.8)."""

    _inherit = "aftersales.approval.mixin"

    # === By when === #

    def _get_approval_due_date(self):
        """The last day on which the decision is in time: after some working days (setting), and before the work begins.

        :rtype: datetime.date
        """
        self.ensure_one()
        # sudo: a setting of the company
        company = self.company_id.sudo()
        today = company._aftersales_today()
        due = company._aftersales_next_working_day(today, company.aftersales_approval_days)
        begin = self._get_begin_day()
        if begin and begin <= due:
            due = max(today, company._aftersales_previous_working_day(begin))
        return due

    def _write_counted(self, deadline, day):
        if deadline.kind == "approval":
            begin = self._get_begin_day()
            if begin and begin <= day:
                # decided before the work begins, whatever the holidays
                return False
        return super()._write_counted(deadline, day)

    def _get_begin_day(self):
        """The day on which the work begins that is to be approved; a model with such a day overrides it.

        :return: company day, False when there is none
        :rtype: datetime.date | bool
        """
        return False

    @api.model
    def _get_deadlines(self, company):
        return [
            *super()._get_deadlines(company),
            Deadline(
                "approval",
                "approval_due_date",
                Domain("approval_due_date", "!=", False),
                LATE_ACTIVITY,
                # sudo: a setting of the company
                escalate_days=company.sudo().aftersales_director_days,
                users=lambda document: document._get_pending().approver_ids,
                managers=directors,
                counted_from=lambda document: document.company_id._aftersales_day(
                    document._get_pending().requested_on
                ),
                note=lambda document, due: document.env._(
                    "%(document)s should have been decided by %(day)s.",
                    document=document.display_name,
                    day=due,
                ),
            ),
        ]

    # === Delays === #

    def action_open_decision_delay(self):
        """Ask who has to decide for a later day and the reason (三.8)."""
        action = self.action_open_delay()
        return {**action, "context": {**action["context"], "default_kind": "approval"}}

    def action_announce_delay(self, kind, date_new, reason):
        """Move a deadline; that of a decision is moved by who may decide, and stays before the work begins.

        The arguments are those of the mixin.

        :raises AccessError: also for a decision, for users who may not decide it
        :raises UserError: also for a day on which the work has begun
        """
        self.ensure_one()
        if kind == "approval" and self.sudo().approval_due_date:
            obstacle = self._get_decision_obstacle()
            if obstacle:
                raise AccessError(obstacle)
            begin, day = self._get_begin_day(), Date.to_date(date_new)
            if begin and day and day >= begin:
                raise UserError(
                    self.env._(
                        "The work begins on %s: decide before that day, or have the work moved first.",
                        self._say_day(begin),
                    )
                )
        return super().action_announce_delay(kind, date_new, reason)

    def _apply_delay(self, delay, deadline):
        """Keep the delay of a decision with the submission, whose first day stays."""
        result = super()._apply_delay(delay, deadline)
        if deadline.kind == "approval":
            pending = self._get_pending()
            pending._write_unlocked(
                {
                    "delayed_to": delay.date_new,
                    "delay_reason": delay.reason,
                    # announced too late once: stays so
                    "delayed_late": pending.delayed_late or not delay.in_time,
                }
            )
        return result
