import textwrap
from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tools.misc import clean_context

from ...groups import SPECIALISTS
from ...tools.facts import fact
from ...tools.text import list_words
from ..approval.inbox import APPROVAL_CATEGORY
from .values import TIME_PROPOSALS

# how long a visit is planned to take, and when work begins where the company has no calendar
DURATION = timedelta(hours=2)
WORK_BEGINS = {"morning": 8, "afternoon": 13}
ON_SITE_CHANNEL = "jinyang_aftersales.helpdesk_ticket_channel_on_site"


class AftersalesVisit(models.Model):
    """The plan, and its approval by a manager who does not go along (五.3.3): ticket, calendar entry and paper."""

    _inherit = "aftersales.visit"

    # === The plan === #

    time_proposal = fields.Selection(
        selection=TIME_PROPOSALS,
        string="When",
        store=False,
        help="Proposes the arrival an hour after work begins, for two hours. Agree it with the customer (五.3.2).",
    )

    @api.model
    def _prepare_ticket_defaults(self, ticket):
        technicians = self._get_possible_technicians(
            ticket.user_id | ticket.commercial_partner_id.service_user_id, ticket.company_id
        )
        return {
            **super()._prepare_ticket_defaults(ticket),
            "technician_ids": [Command.set(technicians[:1].ids)] if technicians else False,
        }

    @api.model
    def _get_possible_technicians(self, users, company):
        """Users who may lead a visit of a company, in their order.

        :param users: res.users
        :param company: res.company
        :rtype: res.users
        """
        # sudo: reads companies and groups of colleagues, which the planner may not read
        return (
            users.sudo()
            .filtered(
                lambda user: user.active
                and not user.share
                and company in user.company_ids
                and user.has_group(SPECIALISTS)
            )
            .sudo(False)
        )

    @api.onchange("partner_id")
    def _onchange_customer(self):
        """Propose who goes, the person in charge, and the software, where the customer has one only."""
        customer = self.partner_id
        if not customer or self.state != "draft":
            return
        if not self.ticket_id and self.technician_ids._origin <= self.env.user:
            charge = self._get_possible_technicians(customer.service_user_id, self.company_id)
            self.technician_ids = charge or self.technician_ids
        if self.installation_id.partner_id != customer:
            self.installation_id = False
        if not self.installation_id:
            found = self.env["aftersales.installation"].search(
                [("partner_id", "=", customer.id), ("company_id", "=", self.company_id.id)],
                limit=2,
            )
            self.installation_id = found if len(found) == 1 else False

    @api.onchange("time_proposal")
    def _onchange_time_proposal(self):
        if self.time_proposal:
            self.date_planned_start, self.date_planned_end = self._get_proposed_time(
                self.time_proposal
            )

    @api.onchange("date_planned_start")
    def _onchange_date_planned_start(self):
        """Propose two hours, and the contact as the person with whom the arrival was agreed."""
        start, end = self.date_planned_start, self.date_planned_end
        if not start:
            return
        if not end or end <= start:
            self.date_planned_end = start + DURATION
        if not self.arrival_agreed_with_id:
            self.arrival_agreed_with_id = self.contact_id

    def _get_proposed_time(self, proposal):
        """Arrival and end of a proposal: one of the next working days, in the morning or in the afternoon.

        :param str proposal: one of ``TIME_PROPOSALS``
        :return: two moments, naive UTC
        :rtype: tuple[datetime.datetime]
        """
        company = self.company_id or self.env.company
        days, half = proposal.split("_")
        day = company._aftersales_next_working_day(company._aftersales_today(), int(days))
        # sudo: planners may not read the calendar of the company
        rows = company.sudo().resource_calendar_id.attendance_ids.filtered(
            lambda row: row.day_period == half
        )
        # a make-up day is worked like the first day of the week
        rows = rows.filtered(lambda row: row.dayofweek == str(day.weekday())) or rows
        hour = min(rows.mapped("hour_from"), default=WORK_BEGINS[half])
        start = company._aftersales_moment(day, hour + 1)
        return start, start + DURATION

    @api.constrains("technician_ids", "lead_technician_id", "company_id")
    def _check_technicians(self):
        for visit in self:
            # sudo: reads companies and groups of technicians, which the planner may not read
            technicians = visit.sudo().technician_ids
            strangers = technicians.filtered(
                lambda user, company=visit.company_id: user.share or company not in user.company_ids
            )
            if strangers:
                raise ValidationError(
                    self.env._(
                        "%(users)s cannot be sent: only own employees of the company visit customers.",
                        users=list_words(self.env, strangers.mapped("name")),
                    )
                )
            lead = visit.sudo().lead_technician_id
            if lead and lead not in technicians:
                raise ValidationError(self.env._("The lead technician is one of the technicians."))
            if lead and not lead.has_group(SPECIALISTS):
                raise ValidationError(
                    self.env._(
                        "%s cannot lead the visit: who writes the service record is a service specialist.",
                        lead.name,
                    )
                )

    @api.constrains("is_trip", "date_planned_start", "trip_date_start", "trip_date_end")
    def _check_trip(self):
        for visit in self.filtered("is_trip"):
            arrival = visit.company_id._aftersales_day(visit.date_planned_start)
            first, last = visit.trip_date_start, visit.trip_date_end
            if arrival and (first and arrival < first or last and arrival > last):
                raise ValidationError(
                    self.env._("The arrival lies between the departure and the return of the trip.")
                )

    # === Submitted === #

    def _get_submit_obstacle(self):
        """:return: why a complete visit cannot be submitted, False when nothing is in the way"""
        if self.date_planned_end < fields.Datetime.now():
            return self.env._(
                "The arrival of %s has passed: agree a new one with the customer.",
                self.display_name,
            )
        # sudo: reads the stage of a ticket that the applicant may not read
        ticket = self.sudo().ticket_id
        # a ticket with a complete record is followed by one for this visit
        return (ticket.closed and not ticket.record_completed_on) and self.env._(
            "%s is closed: open it again, or leave the service record empty and a new one is made.",
            ticket.display_name,
        )

    def _get_approval_summary(self):
        # without number and customer: the inbox shows them beside the summary
        parts = [
            self.env._("Business Trip") if self.is_trip else "",
            self._format_moment(self.date_planned_start),
            list_words(self.env, self.technician_ids.mapped("name")),
            textwrap.shorten(self.problem or "", 80, placeholder="…"),
        ]
        return " · ".join(filter(None, parts))

    def _get_approval_need(self):
        return self.problem or ""

    def _get_approval_rows(self):
        need, *rows = super()._get_approval_rows() or [None]
        when = self.env._(
            "%(start)s to %(end)s",
            start=self._format_moment(self.date_planned_start),
            end=self._format_moment(self.date_planned_end),
        )
        plan = [self.env._("Business Trip") if self.is_trip else "", when, self.address]
        own = [
            fact(self.env._("Planned Arrival"), "\n".join(filter(None, plan))),
            fact(
                self.env._("Technicians"),
                list_words(self.env, self.technician_ids.sudo().mapped("name")),
                alert=not self.technician_ids,
            ),
        ]
        if self.overlap_warning:
            own.append(fact(self.env._("Overlap"), self.overlap_warning, alert=True))
        return [*filter(None, [need]), *own, *rows]

    def _get_approval_workers(self):
        return self.technician_ids

    def _get_approval_day(self):
        return self._get_begin_day() or super()._get_approval_day()

    # === Who decides === #

    def _get_involved_users(self):
        # 五.3.3: neither the applicant nor a technician of the visit decides
        return super()._get_involved_users() | self.technician_ids | self.lead_technician_id

    def _ask_uninvolved(self):
        """Take the decision from managers who became technicians of a submitted visit, and ask others.

        :raises UserError: when no manager is left
        """
        pending = self._get_pending()
        involved = pending.approver_ids & self._get_involved_users()
        if not involved:
            return
        remaining = pending.approver_ids - involved or self._get_approvers()
        # sudo: writes activities of several managers
        visit = self.sudo()
        visit.activity_ids.filtered(
            lambda activity: activity.activity_category == APPROVAL_CATEGORY
            and activity.user_id in involved
        )._unlink_unlocked()
        visit._schedule_approval(remaining - pending.approver_ids)
        pending._write_unlocked({"approver_ids": [Command.set(remaining.ids)]})

    # === Decided === #

    def _after_decision(self, said):
        super()._after_decision(said)
        if self.state == "refused":
            self._tell_customer(
                lambda visit: visit._get_refused_text(),
                lambda visit: visit.env._("not possible"),
            )
            return
        self._write_unlocked(
            {**self._prepare_own_record(), "calendar_event_id": self._create_event().id}
        )
        self._set_answer_due()
        self._expect_original()
        self._tell_customer(
            lambda visit: visit._get_arranged_text(),
            lambda visit: visit.env._("arranged"),
        )

    def _get_arranged_text(self):
        return self.env._(
            "The visit %(visit)s is arranged: we arrive at %(time)s. %(technicians)s will come.",
            visit=self.name,
            time=self._format_moment(self.date_planned_start),
            technicians=list_words(self.env, self.technician_ids.mapped("name")),
        )

    def _get_refused_text(self):
        return self.env._(
            "We cannot visit you as asked for in %s. Your contact with us will explain it; please reply if you have"
            " questions.",
            self.name,
        )

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

    def _create_ticket(self, further):
        """Make the ticket that is the service record of the visit (五.3.6).

        :param dict further: further values of the ticket
        :rtype: helpdesk.ticket
        """
        context = clean_context(self.env.context)
        # sudo: follows from the decision, which was checked
        tickets = self.env(context=context)["helpdesk.ticket"].sudo()
        return tickets._create_unlocked({**self._prepare_ticket_vals(), **further})

    # === One record for each visit (五.3.6) === #

    @api.model
    def _divert_records(self, vals_list):
        """Let new visits follow their ticket where it is the record of another visit already.

        :param list vals_list: values of new visits
        :return: the values, with a link to the first ticket instead
        :rtype: list[dict]
        """
        tickets = self.env["helpdesk.ticket"].browse(
            {vals["ticket_id"] for vals in vals_list if vals.get("ticket_id")}
        )
        taken, diverted = set(self._find_taken(tickets).ticket_id._ids), []
        for vals in vals_list:
            ticket = tickets.browse(vals.get("ticket_id"))
            if ticket.id in taken:
                vals = {**vals, "ticket_id": False, "origin_ticket_id": ticket._get_first().id}
            elif ticket:
                taken.add(ticket.id)
            diverted.append(vals)
        return diverted

    @api.model
    def _find_taken(self, tickets):
        """Visits whose service record these tickets are.

        :param tickets: helpdesk.ticket
        :return: the visits, as superuser
        """
        # sudo: looks for visits of colleagues, which the user may not read
        return self.sudo().search(
            [("ticket_id", "in", tickets.ids), ("state", "not in", ("refused", "cancelled"))]
        )

    def _check_own_record(self, ticket_id):
        """Refuse a ticket that is the record of another visit, or was complete before this one began.

        :param int ticket_id: id of the ticket that is chosen as record of these visits
        :raises ValidationError: naming ticket and visit
        """
        # sudo: reads when the record was complete, for users without access to the ticket
        ticket = self.env["helpdesk.ticket"].browse(ticket_id).sudo()
        for visit in self.filtered(lambda visit: visit.ticket_id.id != ticket_id):
            others = (self._find_taken(ticket) | self.sudo()) - visit.sudo()
            if others:
                raise ValidationError(
                    self.env._(
                        "%(ticket)s is the service record of %(visit)s. Leave it empty: each visit gets a record of"
                        " its own.",
                        ticket=ticket.display_name,
                        visit=others[0].display_name,
                    )
                )
            done = ticket.record_completed_on
            if done and visit.left_on and done < visit.left_on:
                raise ValidationError(
                    self.env._(
                        "The record of %(ticket)s was complete before %(visit)s began.",
                        ticket=ticket.display_name,
                        visit=visit.display_name,
                    )
                )

    def _prepare_own_record(self, begin=None):
        """The ticket that becomes the record of the visit: its own, or a new one that follows it.

        A record that was complete before the visit began is about something else.

        :param datetime.datetime begin: when the visit begins; any completion so far is too early by default
        :return: values of the visit
        :rtype: dict
        """
        self.ensure_one()
        # sudo: reads when the record was complete, for users without access to the ticket
        ticket = self.sudo().ticket_id
        done = ticket.record_completed_on
        early = self.own_record and done and (not begin or done < begin)
        if ticket and not early:
            return {}
        origin = ticket._get_first() or self.sudo().origin_ticket_id
        made = self._create_ticket({"origin_ticket_id": origin.id})
        return {"ticket_id": made.id, "origin_ticket_id": origin.id}

    # === The signed original === #

    def _expect_original(self):
        """Let the archive expect the signed application by the working day after the return (五.7.1)."""
        kind = "trip_application" if self.is_trip else "visit_application"
        due = self.company_id._aftersales_next_working_day(self._get_planned_return())
        # sudo: reads the applicant, who has the paper, for managers without access to users
        self._expect_archive_entry(kind, due, self.sudo().requested_by_id)

    def _move_original(self):
        """Move the deadline of the paper when the visit takes place later."""
        due = self.company_id._aftersales_next_working_day(self._get_planned_return())
        # sudo: the user who reschedules the visit may not write originals
        entries = self.sudo().archive_entry_ids.filtered(
            lambda entry: entry.state == "expected" and entry.date_deadline < due
        )
        entries._write_unlocked({"date_deadline": due})

    def _get_begin_day(self):
        # 五.3.3: nobody leaves before the approval
        arrival = self.company_id._aftersales_day(self.date_planned_start)
        days = [arrival, self.is_trip and self.trip_date_start]
        return min(filter(None, days), default=False)

    def _get_planned_return(self):
        """:return: day of the planned return, or the day of departure if that is later"""
        days = [self.company_id._aftersales_day(self.date_planned_end)]
        if self.left_on:
            days.append(self.company_id._aftersales_day(self.left_on))
        if self.is_trip and self.trip_date_end:
            days.append(self.trip_date_end)
        return max(days)
