import textwrap

from markupsafe import Markup

from odoo import fields, models
from odoo.fields import Command
from odoo.tools.misc import clean_context

from ..approval.inbox import APPROVAL_CATEGORY

ON_SITE_CHANNEL = "jinyang_aftersales.helpdesk_ticket_channel_on_site"


class AftersalesVisit(models.Model):
    """Approval by a manager who does not go on the visit (五.3.3), which brings ticket, calendar entry and paper."""

    _inherit = "aftersales.visit"

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
        return ticket.closed and self.env._(
            "%s is closed: open it again, or leave the service record empty and a new one is made.",
            ticket.display_name,
        )

    def _get_approval_summary(self):
        # without number and customer: the inbox shows them beside the summary
        parts = [
            self.env._("Business Trip") if self.is_trip else "",
            self._format_moment(self.date_planned_start),
            ", ".join(self.technician_ids.mapped("name")),
            textwrap.shorten(self.problem or "", 80, placeholder="…"),
        ]
        return " · ".join(filter(None, parts))

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
            self._tell_customer(lambda visit: visit._get_refused_text())
            return
        ticket = self.ticket_id or self._create_ticket()
        event = self._create_event()
        self._write_unlocked({"ticket_id": ticket.id, "calendar_event_id": event.id})
        self._set_answer_due()
        self._expect_original()
        self._tell_customer(lambda visit: visit._get_arranged_text())

    def _get_arranged_text(self):
        return self.env._(
            "The visit %(visit)s is arranged: we arrive at %(time)s. %(technicians)s will come.",
            visit=self.name,
            time=self._format_moment(self.date_planned_start),
            technicians=", ".join(self.technician_ids.mapped("name")),
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

    def _create_ticket(self):
        """Make the ticket that is the service record of the visit (五.3.6).

        :rtype: helpdesk.ticket
        """
        context = clean_context(self.env.context)
        # sudo: follows from the decision, which was checked
        tickets = self.env(context=context)["helpdesk.ticket"].sudo()
        return tickets.create(self._prepare_ticket_vals())

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
