from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

from ...groups import INTERNAL, MANAGERS
from ..deadline.deadline import Deadline
from .helpdesk_ticket_channel import SERVICE_MODES
from .marks import RECORD_ACTIVITY


class HelpdeskTicket(models.Model):
    """The duty to write the record: who has it, by when, and how it ends (七.4, 七.5).

    It begins with the end of the service. Who did the service, how, and the last day in time are fixed then: whoever
    the ticket is given to later, and whatever is changed in it, takes no duty away and gives nobody a new one.
    It ends with the first complete record, for good. A manager may send a record back with a reason; that gives a day
    of its own, by which people are reminded, and is never a late record.
    """

    _name = "helpdesk.ticket"
    _inherit = ["aftersales.reason.mixin", "helpdesk.ticket"]

    service_done_by_id = fields.Many2one(
        comodel_name="res.users",
        person="fact",
        string="Service Done By",
        compute="_compute_service_facts",
        store=True,
        copy=False,
        groups=INTERNAL,
        help="The assigned specialist at the end of the service, or who led the visit, who owes its record; empty when"
        " nobody was assigned.",
    )
    service_done_mode = fields.Selection(
        selection=SERVICE_MODES,
        string="Served",
        compute="_compute_service_facts",
        store=True,
        copy=False,
        groups=INTERNAL,
        help="How the customer was served, as it was known at the end of the service.",
    )
    record_unknown = fields.Boolean(
        string="Record of Former Times Unknown",
        readonly=True,
        copy=False,
        groups=INTERNAL,
        help="From a time when the first complete record was not kept: nobody is charged for it.",
    )
    record_again_date = fields.Date(
        string="Record Sent Back Until", readonly=True, copy=False, groups=INTERNAL
    )
    record_again_reason = fields.Text(
        string="Record Sent Back Because", readonly=True, copy=False, groups=INTERNAL
    )

    # === Facts of the service === #

    @api.depends("service_done_on")
    def _compute_service_facts(self):
        for ticket in self:
            if not ticket.service_done_on:
                ticket.service_done_by_id = ticket.service_done_mode = False
            elif ticket.service_done_mode:
                # the time was corrected; who it was stays, also where it is not known
                ticket.service_done_by_id = ticket.service_done_by_id
                ticket.service_done_mode = ticket.service_done_mode
            else:
                ticket.service_done_by_id = ticket._get_present_worker()
                ticket.service_done_mode = ticket._get_present_mode()

    def _get_present_worker(self):
        """Who does the service, as far as it is known now; a subject above knows of visits.

        :rtype: res.users
        """
        return self.user_id

    def _get_present_mode(self):
        """How the customer is served, as far as it is known now; a subject above knows of visits.

        :return: one of ``SERVICE_MODES``
        :rtype: str
        """
        return self.service_mode or "remote"

    def _get_record_owners(self):
        """The user who owes the record: who did the service, else those in charge of the ticket.

        :rtype: res.users
        """
        # sudo: users may not read colleagues who have left
        done_by = self.sudo().service_done_by_id.filtered("active").sudo(False)
        return done_by or self._get_responsible_users()

    # === Sending a record back === #

    @api.model
    def _get_reason_steps(self):
        return {
            **super()._get_reason_steps(),
            "action_send_record_back": self.env._("Send the Record Back"),
        }

    def action_ask_send_record_back(self):
        """Ask why a record is sent back."""
        return self._ask_reason("action_send_record_back")

    def action_send_record_back(self, reason):
        """Have a complete record written better until a new day; it stays a record that was completed (七.5).

        :param str reason: what is missing in it
        :raises AccessError: for users who are no service managers
        :raises UserError: without a reason, or where no record was completed
        """
        self.check_access("write")
        self._check_manager()
        reason = self._check_reason(reason, self.env._("Say what is missing in the record."))
        for ticket in self:
            if not (ticket.service_done_on and ticket.record_completed_on):
                raise UserError(
                    self.env._("The record of %s has not been completed yet.", ticket.display_name)
                )
            company = ticket.company_id
            day = company._aftersales_next_working_day(
                company._aftersales_today(), company.aftersales_record_days
            )
            ticket._write_unlocked({"record_again_date": day, "record_again_reason": reason})
            ticket._message_log(
                body=self.env._(
                    "The record is sent back until %(day)s: %(reason)s",
                    day=self._say_day(day),
                    reason=reason,
                )
            )
            ticket._notify_users(
                ticket._get_record_owners(),
                RECORD_ACTIVITY,
                lambda told, why=reason: told.env._("The record is sent back: %s", why),
                day,
            )

    def action_hand_in_record(self):
        """Say that a record which was sent back is in order now.

        :raises UserError: when it was not sent back, or is incomplete
        """
        self.check_access("write")
        for ticket in self:
            if not ticket.record_again_date:
                raise UserError(
                    self.env._("The record of %s was not sent back.", ticket.display_name)
                )
            if not ticket.record_complete:
                raise UserError(
                    self.env._(
                        "The record of %(ticket)s is incomplete. Missing: %(fields)s",
                        ticket=ticket.display_name,
                        fields=ticket.record_missing,
                    )
                )
        self._close_deadline("record_again")
        self._write_unlocked({"record_again_date": False, "record_again_reason": False})
        for ticket in self:
            ticket._message_log(body=self.env._("The record that was sent back is in order."))

    def _check_manager(self):
        """:raises AccessError: for users who are no service managers"""
        if not self.env.user.has_group(MANAGERS):
            raise AccessError(self.env._("Ask a service manager to do this."))

    @api.constrains("stage_id")
    def _check_sent_back(self):
        """A ticket is not closed over a record that was sent back; service managers may close it.

        :raises ValidationError: naming the ticket
        """
        if self.env.user.has_group(MANAGERS):
            return
        for ticket in self.filtered("record_again_date"):
            if ticket.stage_id.closed:
                raise ValidationError(
                    self.env._(
                        "%s: the record was sent back. Complete it and hand it in first.",
                        ticket.display_name,
                    )
                )

    @api.model
    def _get_deadlines(self, company):
        return [
            *super()._get_deadlines(company),
            Deadline(
                "record_again",
                "record_again_date",
                Domain("record_again_date", "!=", False),
                RECORD_ACTIVITY,
                users=lambda ticket: ticket._get_record_owners(),
                note=lambda ticket, due: ticket.env._(
                    "The record of %(ticket)s was sent back until %(day)s: %(reason)s",
                    ticket=ticket.display_name,
                    day=due,
                    reason=ticket.record_again_reason,
                ),
            ),
        ]
