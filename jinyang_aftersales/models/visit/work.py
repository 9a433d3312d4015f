from datetime import timedelta
from operator import attrgetter

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

from ...groups import CALLERS, MANAGERS
from ..deadline.deadline import Deadline
from ..shared.document_fields import passed_domain
from .values import AWAY, ON_SITE_FIELDS

RECORD_ACTIVITY = "jinyang_aftersales.mail_activity_visit_record"
FEEDBACK_ACTIVITY = "jinyang_aftersales.mail_activity_visit_feedback"
# clocks of phones may be that much ahead
TOLERANCE = timedelta(minutes=5)


def _this_minute():
    """:return: the present time without seconds, as entered by hand: the order of the times is checked"""
    return fields.Datetime.now().replace(second=0)


class AftersalesVisit(models.Model):
    """The visit from the departure to the service record, and its deadlines."""

    _inherit = "aftersales.visit"

    # === Under way === #

    def action_leave(self):
        """The technicians set off (五.3.3: after the manager's signature only).

        :raises UserError: while the visit is not approved
        """
        for visit in self:
            visit._step(
                "action_leave",
                left_on=_this_minute(),
                signed_by_id=(visit.signed_by_id or visit.contact_id).id,
            )
            visit._set_due_dates()

    def action_arrive(self):
        """The technicians are at the customer's.

        :raises UserError: unless they are on their way
        """
        self._stamp("arrived_on")

    def action_return(self):
        """The technicians are back; the service record is owed from now on.

        :raises UserError: unless they were away
        """
        self._stamp("returned_on")

    def _stamp(self, name):
        self.check_access("write")
        for visit in self:
            if name in visit._get_frozen_fields() or visit[name]:
                raise UserError(
                    self.env._(
                        "%(document)s is %(state)s: this cannot be entered now.",
                        document=visit.display_name,
                        state=visit._state_label(),
                    )
                )
        self.write({name: _this_minute()})

    def action_done(self):
        """Close visits whose service record is complete (五.3.6).

        :raises UserError: naming the fields the record lacks
        """
        self._step("action_done")
        self._close_deadline("visit_record")

    def action_cancel(self):
        """Cancel visits, with their calendar entries, expected papers and deadlines.

        :raises UserError: for a visit under way, unless a service manager cancels it
        """
        self._step("action_cancel", record_due_date=False, feedback_due_date=False)
        self._cancel_approval()
        self._sync_event()
        self._withdraw_archive_entries()
        self._close_deadline("visit_record")
        self._close_deadline("visit_feedback")

    def action_draft(self):
        """Take a refused or cancelled visit up again; it needs a new approval."""
        self._step("action_draft", **dict.fromkeys(ON_SITE_FIELDS, False))

    @api.constrains("left_on", "arrived_on", "returned_on")
    def _check_times(self):
        latest = fields.Datetime.now() + TOLERANCE
        for visit in self:
            times = [visit.left_on, visit.arrived_on, visit.returned_on]
            if any(moment and moment > latest for moment in times):
                raise ValidationError(self.env._("Only what has happened is entered."))
            # sudo: reads the decision, for users without access to it
            decided_on = visit.sudo().decided_on
            if visit.left_on and decided_on and visit.left_on < decided_on.replace(second=0):
                # 五.3.3: nobody leaves before the manager's signature
                raise ValidationError(
                    self.env._("Nobody leaves before the visit is approved: enter a later time.")
                )

    # === What is late === #

    @api.depends("state", "date_planned_start", "record_due_date", "record_filled_on")
    def _compute_is_overdue(self):
        now = fields.Datetime.now()
        for visit in self:
            if visit.state in AWAY:
                due = not visit.record_filled_on and visit.record_due_date
                visit.is_overdue = bool(due and due < visit.company_id._aftersales_today())
            else:
                waiting = visit.state in ("submitted", "approved") and visit.date_planned_start
                visit.is_overdue = bool(waiting and waiting < now)

    def _search_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        waiting = Domain("state", "in", ("submitted", "approved")) & Domain(
            "date_planned_start", "<", fields.Datetime.now()
        )
        unrecorded = Domain("state", "in", AWAY) & Domain("record_filled_on", "=", False)
        late = waiting | unrecorded & passed_domain(self.env, "record_due_date")
        return late if True in value else ~late

    # === Feedback form === #

    @api.depends("state", "feedback_received_on", "technician_ids")
    @api.depends_context("uid")
    def _compute_can_receive(self):
        desk = self._is_call_desk()
        for visit in self:
            visit.can_receive = desk and not visit._get_receive_obstacle()

    @api.model
    def _is_call_desk(self):
        return self.env.user.has_group(CALLERS) or self.env.user.has_group(MANAGERS)

    def _get_receive_obstacle(self):
        """Why a user of the call-back desk cannot receive the feedback form.

        :return: the reason in the user's language, False when nothing is in the way
        :rtype: str | bool
        """
        if self.state not in ("feedback", "done") or self.feedback_received_on:
            return self.env._("%s: there is no signed feedback form to receive.", self.display_name)
        if self.env.user in self.technician_ids:
            return self.env._("Who did the work hands the form in, somebody else receives it.")
        return False

    def action_receive_feedback(self):
        """The call-back desk has the signed form; the call-back is due the next working day (五.5.1, 五.7.2).

        :raises AccessError: for users who are neither call-back specialist nor service manager
        :raises UserError: before the customer has signed, for a second time, or for a technician of the visit
        """
        self.check_access("read")
        if not self._is_call_desk():
            raise AccessError(self.env._("The call-back desk receives feedback forms."))
        for visit in self:
            obstacle = visit._get_receive_obstacle()
            if obstacle:
                raise UserError(obstacle)
        # sudo: the call-back desk may not write visits; the checks are above
        self.sudo()._write_unlocked(
            {"feedback_received_on": fields.Datetime.now(), "feedback_received_by_id": self.env.uid}
        )
        self._close_deadline("visit_feedback")
        for visit in self:
            self.env["aftersales.callback"]._open_for(visit, "visit")

    def _get_callback_workers(self):
        return super()._get_callback_workers() | self.technician_ids | self.lead_technician_id

    # === Service record === #

    def _get_record_obstacle(self):
        """:return: why the visit cannot be closed yet, False when its record is complete"""
        # sudo: reads the record for users who close the visit but may not read its ticket
        ticket = self.sudo().ticket_id
        if ticket.closed_date and self.left_on and ticket.closed_date < self.left_on:
            return self.env._(
                "The service record %s was closed before the visit: open it again and add what was done.",
                ticket.display_name,
            )
        missing = ticket._get_missing_record_fields()
        if missing:
            return self.env._(
                "The service record %(ticket)s lacks: %(fields)s.",
                ticket=ticket.display_name,
                fields=", ".join(map(ticket._get_record_label, missing)),
            )
        return False

    # === Deadlines === #

    @api.model
    def _get_deadlines(self, company):
        away = Domain("state", "in", AWAY)
        return [
            *super()._get_deadlines(company),
            Deadline(
                "visit_record",
                "record_due_date",
                away & Domain("record_filled_on", "=", False),
                RECORD_ACTIVITY,
                users=attrgetter("lead_technician_id"),
                counted_from=lambda visit: visit._get_return_day(),
                note=lambda visit, due: visit.env._(
                    "The service record of %(document)s is due on %(day)s.",
                    document=visit.display_name,
                    day=due,
                ),
            ),
            Deadline(
                "visit_feedback",
                "feedback_due_date",
                away & Domain("feedback_received_on", "=", False),
                FEEDBACK_ACTIVITY,
                users=attrgetter("lead_technician_id"),
                counted_from=lambda visit: visit._get_return_day(),
                note=lambda visit, due: visit.env._(
                    "The feedback form of %(document)s is due at the call-back desk on %(day)s.",
                    document=visit.display_name,
                    day=due,
                ),
            ),
        ]

    def _get_return_day(self):
        """:return: company day of the return, of the planned one until it is entered"""
        self.ensure_one()
        return self.company_id._aftersales_day(self.returned_on) or self._get_planned_return()

    def _set_due_dates(self):
        """Record and feedback form are due at the end of the next working day after the return.

        Until the return is entered, the planned one counts, so that forgetting it moves no deadline. An announced
        delay is kept.
        """
        for visit in self:
            due = visit.company_id._aftersales_next_working_day(visit._get_return_day())
            # sudo: reads delays, for users without access to them
            delays = visit.sudo().delay_ids
            visit._write_unlocked(
                {
                    field: max(
                        [
                            due,
                            *delays.filtered(lambda row, k=kind: row.kind == k).mapped("date_new"),
                        ]
                    )
                    for kind, field in (
                        ("visit_record", "record_due_date"),
                        ("visit_feedback", "feedback_due_date"),
                    )
                }
            )

    def _get_decision_text(self):
        """:return: label of the decision, in the language of the printed form"""
        decision = self.approval_id
        return dict(decision._fields["decision"]._description_selection(self.env))[
            decision.decision
        ]
