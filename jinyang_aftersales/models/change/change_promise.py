from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ...groups import MANAGERS, SPECIALISTS
from ...tools_text import clean_text
from .aftersales_change_request import PROMISED
from ..deadline.aftersales_deadline_mixin import Deadline

PROMISE_ACTIVITY = "jinyang_aftersales.mail_activity_change_promise"


class AftersalesChangeRequest(models.Model):
    """The promised date: warned of ahead, moved with a reason only, told to the customer at once (五.4.5)."""

    _inherit = "aftersales.change.request"

    can_move_promise = fields.Boolean(compute="_compute_can_move_promise")
    has_late_move = fields.Boolean(
        string="Announced Too Late",
        compute="_compute_has_late_move",
        help="The customer was told of a move after the old date had passed.",
    )

    @api.depends("state", "deployed_on", "date_promised", "developer_id", "user_id")
    @api.depends_context("uid")
    def _compute_can_move_promise(self):
        for change in self:
            owed = change.state in PROMISED and change.date_promised and not change.deployed_on
            change.can_move_promise = bool(owed) and not change._get_promise_obstacle()

    @api.depends("promise_ids.in_time")
    def _compute_has_late_move(self):
        for change in self:
            # sudo: whether the customer was told in time, for who may read the change
            change.has_late_move = any(not row.in_time for row in change.sudo().promise_ids)

    @api.model
    def _get_deadlines(self, company):
        return [
            *super()._get_deadlines(company),
            Deadline(
                "promise",
                "date_promised",
                Domain("state", "in", PROMISED) & Domain("deployed_on", "=", False),
                PROMISE_ACTIVITY,
                # sudo: a setting of the company
                warn_days=company.sudo().aftersales_change_warn_days,
                # the customer hears nothing: a manager knows from the next day on
                escalate_days=0,
            ),
        ]

    def _get_deadline_users(self, kind):
        if kind != "promise":
            return super()._get_deadline_users(kind)
        return self.developer_id | self.user_id | self.confirmed_by_id

    def _get_deadline_note(self, kind, due):
        if kind != "promise":
            return super()._get_deadline_note(kind, due)
        return self.env._(
            "%(document)s is promised to the customer for %(day)s. If it takes longer, tell him before that day.",
            document=self.display_name,
            day=due,
        )

    def _get_promise_obstacle(self):
        """:return: why the user does not move the promised date, False when he may"""
        user = self.env.user
        if user.has_group(MANAGERS):
            return False
        if user.has_group(SPECIALISTS) and user in self.user_id | self.confirmed_by_id:
            return False
        return self.env._(
            "The specialist in charge of %s, or a service manager, tells the customer and moves the"
            " promised date.",
            self.display_name,
        )

    def action_announce_delay(self, kind, date_new, reason):
        """Move the promised date; the customer is told by mail at once (五.4.5).

        The arguments are those of the mixin.

        :raises AccessError: for who is neither the specialist in charge nor a service manager
        :raises UserError: without a reason, for a day in the past, or when nothing is promised
        """
        self.ensure_one()
        obstacle = kind == "promise" and self._get_promise_obstacle()
        if obstacle:
            raise AccessError(obstacle)
        try:
            day = fields.Date.to_date(date_new)
        except (TypeError, ValueError) as error:
            raise UserError(self.env._("Give the new day.")) from error
        return super().action_announce_delay(kind, day, clean_text(reason))

    def _apply_delay(self, delay, deadline):
        super()._apply_delay(delay, deadline)
        if delay.kind != "promise":
            return
        if not delay.in_time:
            self._message_log(
                body=self.env._(
                    "The customer was told after %s had passed: announced too late.", delay.date_old
                ),
                author_id=self.env.user.partner_id.id,
            )
        self._mail_customer("moved")
