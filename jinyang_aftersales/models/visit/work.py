from contextlib import contextmanager
from datetime import timedelta
from operator import attrgetter

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ...groups import READERS
from ...tools.text import list_words
from ..deadline.deadline import Deadline
from ..shared.document_fields import passed_domain
from .values import ANSWER_FIELDS, AWAY, ON_SITE_FIELDS

RECORD_ACTIVITY = "jinyang_aftersales.mail_activity_visit_record"
FEEDBACK_ACTIVITY = "jinyang_aftersales.mail_activity_visit_feedback"
ANSWER_ACTIVITY = "jinyang_aftersales.mail_activity_visit_answer"
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
            visit._check_step("action_leave")
            visit._step("action_leave", left_on=_this_minute(), **visit._prepare_begin_vals())
            visit._set_due_dates()

    def _prepare_begin_vals(self, begin=None):
        """What is stored with the beginning of a visit: its own record, who led it, who signs, who said so.

        :param datetime.datetime begin: when it began; now by default
        :rtype: dict
        """
        return {
            **self._prepare_own_record(begin),
            "signed_by_id": (self.signed_by_id or self.contact_id).id,
            "served_by_id": self.lead_technician_id.id,
            **self._prepare_answer_vals(),
        }

    def _get_leave_obstacle(self):
        """:return: why an approved visit does not begin now, False when nothing is in the way"""
        if self._get_planned_return() < self.company_id._aftersales_today():
            return self.env._(
                "The planned time of %s has passed: say on which day it took place, reschedule it or cancel it.",
                self.display_name,
            )
        return False

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
        for visit in self.filtered(lambda visit: visit.state == "feedback"):
            # sudo: reads whether the ticket is closed, also for users without access to it
            if visit.sudo().ticket_id.closed and not visit._get_step_obstacle("action_done"):
                visit.action_done()

    def action_set_off(self):
        """Set off and open the visit, from a card of the list.

        :return: the action that opens the visit
        :rtype: dict
        :raises UserError: while the visit is not approved
        """
        self.ensure_one()
        self.action_leave()
        return self.get_formview_action()

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

    def action_ask_cancel(self):
        """Ask why the visits are cancelled."""
        return self._ask_reason("action_cancel")

    def action_cancel(self, reason):
        """Cancel visits, with their calendar entries, expected papers and deadlines.

        :param str reason: why; kept on the visit
        :raises UserError: without a reason, or for a visit under way, unless a service manager cancels it
        """
        self._check_step("action_cancel")
        reason = self._check_reason(reason, self.env._("Say why the visit is cancelled."))
        self._step(
            "action_cancel",
            record_due_date=False,
            feedback_due_date=False,
            cancel_reason=reason,
            **self._prepare_answer_vals(),
        )
        self._cancel_approval()
        self._sync_event()
        self._withdraw_archive_entries()
        for kind in ("visit_answer", "visit_record", "visit_feedback"):
            self._close_deadline(kind)
        # sudo: who cancels the visit may not write calls; those of a visit whose form was reopened are not made
        calls = self.sudo().callback_ids.filtered(lambda call: call.state == "todo")
        calls._cancel(self.env._("The visit was cancelled."))

    def action_draft(self):
        """Take a refused or cancelled visit up again; it needs a new approval."""
        for visit in self:
            vals = dict.fromkeys(ON_SITE_FIELDS | ANSWER_FIELDS, False)
            ticket = visit.sudo().ticket_id
            if ticket and visit.own_record and self._find_taken(ticket) - visit.sudo():
                # another visit was planned for the ticket meanwhile
                vals |= {"ticket_id": False, "origin_ticket_id": ticket._get_first().id}
            visit._step("action_draft", **vals)

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

    # === Ending a visit === #

    is_recorded = fields.Boolean(
        string="Ticket Closed with Its Record",
        compute="_compute_is_recorded",
        groups=READERS,
        help="Only the return of the technicians is missing.",
    )

    @api.depends("ticket_id.closed", "ticket_id.record_complete")
    def _compute_is_recorded(self):
        for visit in self:
            # sudo: whether the record is complete, for users who may not read the ticket
            ticket = visit.sudo().ticket_id
            visit.is_recorded = ticket.closed and ticket.record_complete

    def action_open_finish(self):
        """Ask what the service record still lacks, to end the visit with one dialogue.

        :raises UserError: before the arrival, or while the form cannot be sealed or the record cannot be written
        """
        self.ensure_one()
        self._check_finish()
        if not self.ticket_id:
            self._write_unlocked(self._prepare_own_record())
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("End the Visit"),
            "res_model": "aftersales.visit.finish",
            "view_mode": "form",
            "target": "new",
            "context": {"default_visit_id": self.id},
        }

    def _check_finish(self):
        """:raises UserError: when the visit cannot be ended now, with the reason"""
        self.check_access("write")
        if self.state == "on_site":
            self._check_step("action_sign")
            self._check_still_drawn()
        elif self.state != "feedback":
            raise UserError(self._describe_no_step("done"))
        # sudo: reads the record, for users who may not read it
        ticket = self.sudo().ticket_id
        if ticket and not ticket.sudo(False).has_access("write"):
            raise UserError(
                self.env._(
                    "You may not write the service record %(ticket)s of this visit: ask %(user)s.",
                    ticket=ticket.display_name,
                    user=ticket.user_id.name or self.lead_technician_id.name,
                )
            )

    def action_finish(self, record=None, returned_on=False, keep_open=False):
        """End a visit in one go, by the rules of its parts: signature, return, service record, ticket (五.3.5, 五.3.6).

        All of it is done, or nothing. A form signed on the phone is received by its signature, which opens the
        call-back. Without a return the visit stays open for that only.

        :param dict record: values of the service record
        :param datetime.datetime returned_on: when the technicians were back; empty while they are not
        :param bool keep_open: whether record and ticket are finished later
        :raises AccessError: when the user may not write visit or record
        :raises UserError: with the part that is refused, and why
        """
        self.ensure_one()
        self._check_finish()
        if self.state == "on_site":
            with self._part(self.env._("Customer's Signature")):
                self.action_sign()
        if returned_on and not self.returned_on:
            with self._part(self.env._("Return to the Office")):
                self.write({"returned_on": returned_on})
        if not self.ticket_id:
            self._write_unlocked(self._prepare_own_record())
        with self._part(self.env._("Service Record")):
            self.ticket_id._write_visit_record(self, record or {})
        if keep_open:
            return
        with self._part(self.env._("Closing the Ticket")):
            obstacle = self._get_record_obstacle()
            if obstacle:
                raise UserError(obstacle)
            self.ticket_id._close_after_visit()
        if self.returned_on:
            with self._part(self.env._("Closing the Visit")):
                self.action_done()

    @contextmanager
    def _part(self, name):
        """Say which part of the end of a visit is refused; nothing of it is kept then.

        :param str name: the part, in the language of the reader
        :raises UserError: with the part and its reason
        """
        try:
            yield
            self.env.flush_all()
        except UserError as error:
            raise UserError(
                self.env._(
                    "%(part)s: %(reason)s\n\nNothing was ended or changed. What you typed stays in the dialogue.",
                    part=name,
                    reason=error,
                )
            ) from error

    # === What became of the plan === #

    @api.model
    def _get_unanswered_domain(self):
        """Approved visits of which nobody has said what became of them, though an answer is due.

        :rtype: Domain
        """
        return Domain("state", "=", "approved") & Domain.OR(
            Domain("company_id", "=", company.id)
            & Domain("answer_due_date", "<=", company._aftersales_today())
            for company in self.env.companies
        )

    @api.depends("state", "answer_due_date")
    def _compute_is_unanswered(self):
        for company, visits in self.grouped("company_id").items():
            today = (company or self.env.company)._aftersales_today()
            for visit in visits:
                due = visit.state == "approved" and visit.answer_due_date
                visit.is_unanswered = bool(due and due <= today)

    def _prepare_answer_vals(self):
        """:return: who says now what became of the planned visit
        :rtype: dict
        """
        return {"answered_on": fields.Datetime.now(), "answered_by_id": self.env.uid}

    def _set_answer_due(self):
        """An answer is due on the working day after the planned return: it took place, is moved or cancelled."""
        for visit in self:
            company = visit.company_id
            # a plan that is approved when its time has passed is not overdue at once
            end = max(visit._get_planned_return(), company._aftersales_today())
            due = company._aftersales_next_working_day(end)
            visit._write_unlocked({"answer_due_date": due})

    def action_open_take_place(self):
        """Ask for the day on which the visit took place."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("The Visit Took Place"),
            "res_model": "aftersales.visit.answer",
            "view_mode": "form",
            "target": "new",
            "context": {"default_visit_id": self.id},
        }

    def action_take_place(self, day, reason=False):
        """Say of an approved visit that nobody marked as begun that it took place (五.3.6).

        The times of the plan are taken for that day and may be corrected. Record and feedback form are due from it as
        if the return had been entered in time.

        :param datetime.date day: the company day on which the visit ended
        :param str reason: why on that day; needed for days that were not planned
        :raises UserError: unless the visit is approved, for a day in the future or before the approval, and without a
            reason for a day that was not planned
        """
        day = fields.Date.to_date(day)
        for visit in self:
            visit._check_step("action_take_place")
            reason = visit._check_day(day, reason)
            times = visit._prepare_times(day)
            visit._step(
                "action_take_place",
                **times,
                **visit._prepare_begin_vals(times["left_on"]),
                return_entered_on=fields.Datetime.now(),
                return_entered_by_id=self.env.uid,
            )
            visit._set_due_dates()
            visit._close_deadline("visit_answer")
            visit._message_log(
                body=self.env._(
                    "Took place on %(day)s. %(reason)s",
                    day=self._say_day(day),
                    reason=reason,
                ),
                author_id=self.env.user.partner_id.id,
            )

    def _check_day(self, day, reason):
        """Refuse a day on which the visit cannot have taken place.

        :param datetime.date day: the company day on which the visit ended
        :param str reason: why on that day
        :return: the reason, without blanks around it
        :rtype: str
        :raises UserError: for no day, one in the future or before the approval, and without a reason for a day that
            was not planned
        """
        company = self.company_id
        if not day or day > company._aftersales_today():
            raise UserError(self.env._("Enter the day on which the visit took place."))
        # sudo: reads the decision, for users without access to it
        approved = company._aftersales_day(self.sudo().decided_on)
        if approved and day < approved:
            raise UserError(
                self.env._(
                    "%(visit)s was approved on %(day)s only: nobody leaves before.",
                    visit=self.display_name,
                    day=self._say_day(approved),
                )
            )
        question = self.env._("Say why the visit took place on a day that was not planned.")
        return self._check_reason(reason, not self._is_planned_day(day) and question)

    def _is_planned_day(self, day):
        """:return: whether the day is one of the planned days of the visit"""
        first = self.company_id._aftersales_day(self.date_planned_start)
        return first <= day <= self._get_planned_return()

    def _prepare_times(self, day):
        """The times of the plan, on the day on which the visit really ended.

        :param datetime.date day: the company day
        :rtype: dict
        """
        company, now = self.company_id, _this_minute()
        # sudo: reads the decision, for users without access to it
        earliest = (self.sudo().decided_on or self.date_planned_start).replace(second=0)
        start, end = self.date_planned_start, self.date_planned_end
        moved = day - company._aftersales_day(end)
        if not self._is_planned_day(day):
            start += moved
        start = min(max(start, earliest), now)
        end = min(end + moved, now)
        return {"left_on": start, "arrived_on": start, "returned_on": max(start, end)}

    def _note_return(self):
        """Store who entered the return of these visits, and when: it decides from when the record is owed."""
        new = self.filtered(lambda visit: visit.returned_on and not visit.return_entered_on)
        new._write_unlocked(
            {"return_entered_on": fields.Datetime.now(), "return_entered_by_id": self.env.uid}
        )

    # === What is late === #

    @api.depends(
        "state",
        "date_planned_start",
        "record_due_date",
        "record_filled_on",
        "feedback_due_date",
        "feedback_received_on",
    )
    def _compute_is_overdue(self):
        now = fields.Datetime.now()
        for visit in self:
            if visit.state in AWAY:
                owed = (
                    not visit.record_filled_on and visit.record_due_date,
                    not visit.feedback_received_on and visit.feedback_due_date,
                )
                today = visit.company_id._aftersales_today()
                visit.is_overdue = any(due and due < today for due in owed)
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
        late |= self._get_unreturned_domain()
        return late if True in value else ~late

    @api.model
    def _get_unreturned_domain(self):
        """Visits that took place, and whose feedback form was not handed in in time (五.7.2).

        :rtype: Domain
        """
        return (
            Domain("state", "in", AWAY)
            & Domain("feedback_received_on", "=", False)
            & passed_domain(self.env, "feedback_due_date")
        )

    # === Service record === #

    @api.depends("left_on", "ticket_id.record_completed_on")
    def _compute_record_filled_on(self):
        for visit in self:
            done = visit.ticket_id.record_completed_on
            if visit.own_record:
                early = not visit.left_on or not done or done < visit.left_on
                # the first completion is a fact: what is emptied or sent back later is not late again
                first = visit.left_on and visit.record_filled_on
                done = first or (not early and done)
            visit.record_filled_on = done

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
                fields=list_words(self.env, map(ticket._get_record_label, missing)),
            )
        return False

    # === Deadlines === #

    @api.model
    def _get_deadlines(self, company):
        away = Domain("state", "in", AWAY)
        since = company.aftersales_duties_since
        return [
            *super()._get_deadlines(company),
            Deadline(
                "visit_answer",
                "answer_due_date",
                # the day after the planned return: of visits from before the update nobody is reminded
                Domain("state", "=", "approved")
                & (Domain("answer_due_date", ">", since) if since else Domain.TRUE),
                ANSWER_ACTIVITY,
                on_the_day=True,
                users=attrgetter("lead_technician_id"),
                counted_from=lambda visit: visit._get_planned_return(),
                note=lambda visit, due: visit.env._(
                    "The planned time of %(visit)s has passed: say on which day it took place, reschedule it or"
                    " cancel it, by %(day)s.",
                    visit=visit.display_name,
                    day=due,
                ),
            ),
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
            due = visit._get_due_day(visit._get_return_day())
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

    def _get_due_day(self, end):
        """The last day on which record and feedback form are in time.

        :param datetime.date end: company day of the return
        :rtype: datetime.date
        """
        company = self.company_id
        if self.return_entered_on and not company._aftersales_owes_since(end):
            # The answer about a visit from before the update is new, so what follows from it is owed from its day on.
            end = company._aftersales_day(self.return_entered_on)
            return self.record_due_date or company._aftersales_next_working_day(end)
        return company._aftersales_next_working_day(end)

    def _get_decision_text(self):
        """:return: label of the decision, in the language of the printed form"""
        decision = self.approval_id
        return dict(decision._fields["decision"]._description_selection(self.env))[
            decision.decision
        ]
