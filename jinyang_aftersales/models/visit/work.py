import textwrap
from operator import attrgetter

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import format_datetime
from odoo.tools.misc import clean_context

from ...groups import CALLERS, MANAGERS
from ..deadline.deadline import Deadline
from .aftersales_visit import FEEDBACK_FIELDS

RECORD_ACTIVITY = "jinyang_aftersales.mail_activity_visit_record"
FEEDBACK_ACTIVITY = "jinyang_aftersales.mail_activity_visit_feedback"
ON_SITE_CHANNEL = "jinyang_aftersales.helpdesk_ticket_channel_on_site"
# states in which the technicians have left
AWAY = ("on_site", "feedback", "done")


def _this_minute():
    """Seconds would put a time entered by hand in the same minute out of order."""
    return fields.Datetime.now().replace(second=0)


class AftersalesVisit(models.Model):
    """From the approval to the service record."""

    _inherit = "aftersales.visit"

    # === Decided === #

    def _get_approval_summary(self):
        # number and customer stand beside it in the inbox
        parts = [
            self.env._("Business Trip") if self.is_trip else "",
            self._format_moment(self.date_planned_start),
            ", ".join(self.technician_ids.mapped("name")),
            textwrap.shorten(self.problem or "", 80, placeholder="…"),
        ]
        return " · ".join(filter(None, parts))

    def _after_decision(self, decision):
        if decision == "approved":
            self._make_ticket()
            self._sync_event()
            self._expect_original()
        return super()._after_decision(decision)

    def _prepare_ticket_vals(self):
        """Values of the service record of a visit that has none.

        :rtype: dict
        """
        self.ensure_one()
        lines = (self.problem or "").strip().splitlines()
        channel = self.env.ref(ON_SITE_CHANNEL, raise_if_not_found=False)
        return {
            "name": (lines[0][:100] if lines else "") or self.display_name,
            "description": Markup("<br/>").join(lines) or self.display_name,
            "company_id": self.company_id.id,
            "partner_id": (self.contact_id or self.partner_id).id,
            "installation_id": self.installation_id.id,
            "chargeable": self.chargeable,
            "user_id": self.lead_technician_id.id,
            "channel_id": channel.id if channel else False,
        }

    def _make_ticket(self):
        """The record of a visit is a ticket, made when it is approved (五.3.6)."""
        if self.ticket_id:
            return
        context = clean_context(self.env.context)
        # sudo: made by the decision, after its checks; the service record is the technicians' to fill in
        tickets = self.env(context=context)["helpdesk.ticket"].sudo()
        self._write_unlocked({"ticket_id": tickets.create(self._prepare_ticket_vals()).id})

    def _expect_original(self):
        """The signed application goes to the archive, by the working day after the return (五.7.1)."""
        kind = "trip_application" if self.is_trip else "visit_application"
        due = self.company_id._aftersales_next_working_day(self._get_planned_return())
        # sudo: who asked for the visit has the paper, whoever decides
        self._open_archive_entry(kind, due, self.sudo().requested_by_id)

    def _move_original(self):
        """A visit that takes place later brings its paper home later."""
        due = self.company_id._aftersales_next_working_day(self._get_planned_return())
        # sudo: originals of the visit, whoever reschedules it
        entries = self.sudo().archive_entry_ids.filtered(
            lambda entry: entry.state == "expected" and entry.date_deadline < due
        )
        entries._write_unlocked({"date_deadline": due})

    def _get_planned_return(self):
        """:return: the day on which the technicians are to be back, or on which they left, if that is later"""
        days = [
            self.company_id._aftersales_day(self.date_planned_end),
            self.company_id._aftersales_day(self.left_on),
        ]
        return max(filter(None, [*days, self.is_trip and self.trip_date_end]))

    # === Under way === #

    def action_leave(self):
        """The technicians set off (五.3.3: after the manager's signature only).

        :raises UserError: while the visit is not approved
        """
        for visit in self:
            visit._move(
                "on_site",
                action="action_leave",
                left_on=_this_minute(),
                signed_by_id=(visit.signed_by_id or visit.contact_id).id,
            )
            visit._set_due_dates()

    def action_arrive(self):
        """The technicians are at the customer's.

        :raises UserError: unless they are on their way
        """
        self._stamp("arrived_on", ("on_site",))

    def action_return(self):
        """The technicians are back; the service record is owed from now on.

        :raises UserError: unless they were away
        """
        self._stamp("returned_on", ("on_site", "feedback"))

    def _stamp(self, name, states):
        self.check_access("write")
        for visit in self:
            if visit.state not in states or visit[name]:
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

        :raises UserError: naming what the record lacks
        """
        self._move("done")
        self._close_deadline("visit_record")

    def action_cancel(self):
        """Cancel visits; the calendar follows.

        :raises UserError: for a visit under way, unless a service manager cancels it
        """
        waiting = self.filtered(lambda visit: visit.state == "submitted")
        self._move("cancelled", record_due_date=False, feedback_due_date=False)
        waiting._cancel_approval()
        self._sync_event()
        self._withdraw_archive_entries()
        self._close_deadline("visit_record")
        self._close_deadline("visit_feedback")

    def action_draft(self):
        """Take a refused or cancelled visit up again; it needs a new approval."""
        emptied = dict.fromkeys(FEEDBACK_FIELDS | {"left_on", "returned_on"}, False)
        self._move("draft", action="action_draft", **emptied)

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
        days = {company: company._aftersales_today() for company in self.env.companies}
        late = Domain("state", "in", ("submitted", "approved")) & Domain(
            "date_planned_start", "<", fields.Datetime.now()
        )
        for day in set(days.values()):
            ids = [company.id for company, today in days.items() if today == day]
            late |= (
                Domain("state", "in", AWAY)
                & Domain("record_filled_on", "=", False)
                & Domain("record_due_date", "<", day)
                & Domain("company_id", "in", ids)
            )
        return late if True in value else ~late

    # === Feedback form === #

    @api.depends("state", "feedback_received_on", "technician_ids")
    @api.depends_context("uid")
    def _compute_can_receive(self):
        user = self.env.user
        desk = user.has_group(CALLERS) or user.has_group(MANAGERS)
        for visit in self:
            visit.can_receive = (
                desk
                and visit.state in ("feedback", "done")
                and not visit.feedback_received_on
                and user not in visit.technician_ids
            )

    def action_receive_feedback(self):
        """The call-back desk has the signed form; the call-back is due the next working day (五.5.1, 五.7.2).

        :raises AccessError: for who neither calls back nor is a service manager
        :raises UserError: before the customer has signed, for a second time, or for a technician of the visit
        """
        self.check_access("read")
        if not (self.env.user.has_group(CALLERS) or self.env.user.has_group(MANAGERS)):
            raise AccessError(self.env._("The call-back desk receives feedback forms."))
        for visit in self:
            if visit.state not in ("feedback", "done") or visit.feedback_received_on:
                raise UserError(
                    self.env._(
                        "%s: there is no signed feedback form to receive.", visit.display_name
                    )
                )
            if self.env.user in visit.technician_ids:
                raise UserError(
                    self.env._("Who did the work hands the form in, somebody else receives it.")
                )
        # sudo: the desk reads visits and writes this only, after the checks above
        self.sudo()._write_unlocked(
            {"feedback_received_on": fields.Datetime.now(), "feedback_received_by_id": self.env.uid}
        )
        self._close_deadline("visit_feedback")
        for visit in self:
            self.env["aftersales.callback"]._open_for(visit, "visit")

    def _get_callback_workers(self):
        return super()._get_callback_workers() | self.technician_ids | self.lead_technician_id

    # === Service record === #

    @api.depends("returned_on", "record_filled_on")
    def _compute_record_hours(self):
        for visit in self:
            visit.record_hours = 0
            if visit.returned_on and visit.record_filled_on:
                # what was complete before the return took no time
                spent = (visit.record_filled_on - visit.returned_on).total_seconds() / 3600
                visit.record_hours = max(spent, 0)

    def _get_record_obstacle(self):
        """:return: why the visit cannot be closed yet, False when its record is complete"""
        # sudo: what the record lacks is no secret to who closes the visit
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
                note=lambda visit, due: visit.env._(
                    "The feedback form of %(document)s is due at the call-back desk on %(day)s.",
                    document=visit.display_name,
                    day=due,
                ),
            ),
        ]

    def _set_due_dates(self):
        """Record and feedback form are due at the end of the next working day after the return.

        While nobody has entered the return, the planned one counts: forgetting it is no way out. A delay that
        was announced stays.
        """
        for visit in self:
            end = visit.company_id._aftersales_day(visit.returned_on) or visit._get_planned_return()
            due = visit.company_id._aftersales_next_working_day(end)
            # sudo: delays of this document, whoever returns
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

    def _format_paper_moment(self, name):
        """:return: a time of the visit in the company's time zone and the language of the form"""
        return self._format_moment_long(self[name])

    def _format_requested_on(self):
        """:return: when the visit was submitted, as it is printed"""
        return self._format_moment_long(self.approval_id.requested_on)

    def _format_moment_long(self, moment):
        zone = self.company_id._aftersales_zone().zone
        return moment and format_datetime(self.env, moment, tz=zone, dt_format="yyyy-MM-dd HH:mm")

    def _get_decision_text(self):
        """:return: the decision in the language of the form"""
        decision = self.approval_id
        return dict(decision._fields["decision"]._description_selection(self.env))[
            decision.decision
        ]
