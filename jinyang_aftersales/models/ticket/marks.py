from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools.sql import column_exists, create_column

from ...groups import INTERNAL, MANAGERS
from ..deadline.deadline import Deadline

RECORD_ACTIVITY = "jinyang_aftersales.mail_activity_record"
# what is planned later than in so many days keeps no ticket from being forgotten
PLANNED_DAYS = 30
# the time of the last work is not written again within it
JUST = timedelta(minutes=1)


def _hours(start, end):
    return max((end - start).total_seconds(), 0) / 3600 if start and end else 0


def _hours_field(**attributes):
    """Hours from one mark to another, for staff; groups show their average.

    :rtype: fields.Float
    """
    return fields.Float(
        compute="_compute_hours", store=True, aggregator="avg", groups=INTERNAL, **attributes
    )


class HelpdeskTicket(models.Model):
    """The times when the customer was answered and served and the record was complete (三.8, 七.4, 七.5).

    ====================  ==================================================================
    Mark                  Set by
    ====================  ==================================================================
    first response        the first message of staff the customer may read, or the first stage
                          that is not "unattended"; being assigned is no answer
    service done          the button, the customer's "solved" on the portal, or the first stage
                          that says so, or that is closed and asks for a record
    record complete       the moment the last required field was first filled in
    closed                moving into a closed stage
    ====================  ==================================================================

    Opening a ticket again removes "closed" and the customer's "solved"; the other marks stay. A service manager
    may correct when the service was done.
    """

    _name = "helpdesk.ticket"
    # The mixin comes first because it extends methods of activities that the ticket inherits already.
    _inherit = ["aftersales.deadline.mixin", "helpdesk.ticket"]
    # here, because the mixin that comes first has none
    _search_text = ("number", "name", "partner_name", "partner_email")
    _search_links = ("partner_id", "commercial_partner_id", "installation_id")

    closed_date = fields.Datetime(compute="_compute_closed", store=True)
    customer_solved_on = fields.Datetime(
        string="Solved for the Customer",
        compute="_compute_closed",
        store=True,
        copy=False,
        groups=INTERNAL,
        help="When the customer said on the portal that it is solved.",
    )
    first_response_on = fields.Datetime(
        string="First Response",
        compute="_compute_first_response_on",
        store=True,
        copy=False,
        groups=INTERNAL,
    )
    first_response_hours = _hours_field(string="Hours to First Response")
    service_done_on = fields.Datetime(
        string="Service Done",
        compute="_compute_service_done_on",
        store=True,
        readonly=False,
        tracking=True,
        copy=False,
        groups=INTERNAL,
        help="When the service itself was over; the time for its record begins.",
    )
    record_due_date = fields.Date(
        string="Record Due",
        compute="_compute_record_due_date",
        store=True,
        copy=False,
        groups=INTERNAL,
        help="The last day on which the record is in time (七.4, 七.5).",
    )
    record_completed_on = fields.Datetime(
        compute="_compute_record_completed_on", store=True, copy=False, groups=INTERNAL
    )
    record_hours = _hours_field(
        string="Hours to Record",
        help="From the end of the service until its record was complete.",
    )
    is_record_overdue = fields.Boolean(
        string="Record Overdue",
        compute="_compute_is_record_overdue",
        search="_search_is_record_overdue",
        groups=INTERNAL,
    )
    last_worked_on = fields.Datetime(
        default=fields.Datetime.now,
        readonly=True,
        copy=False,
        index=True,
        groups=INTERNAL,
        help="When staff last changed the ticket or wrote in it.",
    )
    is_forgotten = fields.Boolean(
        string="Forgotten",
        compute="_compute_is_forgotten",
        search="_search_is_forgotten",
        groups=INTERNAL,
        help="Open, without any work for some working days (setting), and nothing is planned within a month.",
    )

    def _auto_init(self):
        """Create the columns empty: nothing is known about tickets from before the installation of the addon."""
        cr = self.env.cr
        if not column_exists(cr, self._table, "last_worked_on"):
            for name in (
                "customer_solved_on",
                "first_response_on",
                "service_done_on",
                "record_completed_on",
                "last_worked_on",
            ):
                create_column(cr, self._table, name, "timestamp")
            create_column(cr, self._table, "record_due_date", "date")
            cr.execute("UPDATE helpdesk_ticket SET last_worked_on = write_date")
        return super()._auto_init()

    # === Compute === #

    @api.depends("stage_id")
    def _compute_closed(self):
        for ticket in self:
            if ticket.stage_id.closed:
                ticket.closed_date = ticket.closed_date or fields.Datetime.now()
                ticket.customer_solved_on = ticket.customer_solved_on
                continue
            opened_again = ticket.closed_date
            ticket.customer_solved_on = not opened_again and ticket.customer_solved_on
            ticket.closed_date = False

    @api.depends("stage_id")
    def _compute_first_response_on(self):
        for ticket in self:
            attended = ticket.stage_id and not ticket.stage_id.unattended
            ticket.first_response_on = ticket.first_response_on or (
                attended and fields.Datetime.now()
            )

    @api.depends("stage_id")
    def _compute_service_done_on(self):
        for ticket in self:
            stage = ticket.stage_id
            done = stage.service_done or (stage.closed and stage.record_required)
            ticket.service_done_on = ticket.service_done_on or (done and fields.Datetime.now())

    @api.depends("service_done_on")
    def _compute_record_due_date(self):
        for ticket in self:
            # the record of a duplicate is that of the ticket it repeats
            owes = ticket.service_done_on and (ticket.record_asked or ticket.record_due_date)
            ticket.record_due_date = owes and ticket._get_record_due_date(ticket.service_done_on)

    def _get_record_due_date(self, moment):
        """The last day on which the record of a service is in time.

        :param datetime.datetime moment: end of the service, naive UTC
        :rtype: datetime.date
        """
        # sudo: users may lack the right to read the setting of the company
        company = self.company_id.sudo()
        day = company._aftersales_day(moment)
        return company._aftersales_next_working_day(day, company.aftersales_record_days)

    @api.depends("record_complete")
    def _compute_record_completed_on(self):
        """Once the service is over, the first complete record is a fact; before, the record may still be changed.

        A ticket that is marked as a duplicate asks for no record, which does not complete one.
        """
        now = fields.Datetime.now()
        for ticket in self:
            first = ticket.record_completed_on
            if ticket.record_complete:
                ticket.record_completed_on = first or (ticket.record_asked and now)
            else:
                # a service that ends with this very change ends without a record
                served = ticket.service_done_on and ticket.service_done_on < now
                ticket.record_completed_on = served and first

    @api.depends("create_date", "first_response_on", "service_done_on", "record_completed_on")
    def _compute_hours(self):
        for ticket in self:
            ticket.first_response_hours = _hours(ticket.create_date, ticket.first_response_on)
            ticket.record_hours = _hours(ticket.service_done_on, ticket.record_completed_on)

    # === Overdue and forgotten === #

    @api.model
    def _get_record_owed_domain(self):
        """Tickets that owe a record: served, not cancelled, never complete so far."""
        return (
            Domain("service_done_on", "!=", False)
            & Domain("record_due_date", "!=", False)
            & Domain("record_completed_on", "=", False)
            & (Domain("record_complete", "=", False) | Domain("duplicate_id", "!=", False))
            & (
                Domain("stage_id.closed", "=", False)
                | Domain("stage_id.record_required", "=", True)
            )
        )

    @api.depends("record_due_date", "record_complete", "record_completed_on", "stage_id")
    def _compute_is_record_overdue(self):
        overdue = self._origin.filtered_domain(self._get_is_record_overdue_domain(self.company_id))
        for ticket in self:
            ticket.is_record_overdue = ticket._origin in overdue

    def _search_is_record_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        return self._get_is_record_overdue_domain(self.env.companies)

    def _get_is_record_overdue_domain(self, companies):
        return self._get_record_owed_domain() & Domain.OR(
            Domain("company_id", "=", company.id)
            & Domain("record_due_date", "<", company._aftersales_today())
            for company in companies
        )

    @api.depends("last_worked_on", "stage_id", "activity_ids.date_deadline")
    def _compute_is_forgotten(self):
        tickets = self.sudo().with_context(active_test=False)
        forgotten = tickets.search(
            Domain("id", "in", self.ids) & self._get_is_forgotten_domain(self.company_id)
        )
        for ticket in self:
            ticket.is_forgotten = ticket._origin.id in forgotten._ids

    def _search_is_forgotten(self, operator, value):
        if operator != "in":
            return NotImplemented
        return self._get_is_forgotten_domain(self.env.companies)

    def _get_is_forgotten_domain(self, companies):
        """Open tickets, not worked on for the working days of the setting and without an activity planned soon."""
        parts = []
        # sudo: users may lack the right to read the setting of the company
        for company in companies.sudo():
            today = company._aftersales_today()
            planned = [
                ("date_deadline", ">=", today),
                ("date_deadline", "<=", today + timedelta(days=PLANNED_DAYS)),
                ("active", "=", True),
            ]
            day = company._aftersales_previous_working_day(today, company.aftersales_forgotten_days)
            parts.append(
                Domain("company_id", "=", company.id)
                & Domain("last_worked_on", "<", company._aftersales_moment(day, 0))
                & Domain("activity_ids", "not any!", planned)
            )
        return Domain("stage_id.closed", "=", False) & Domain.OR(parts)

    # === CRUD === #

    @api.model
    def _get_protected_fields(self):
        # drawn by helpdesk_mgmt; papers and mails name it
        return super()._get_protected_fields() | {"number"}

    def copy(self, default=None):
        """Copy a ticket with a number of its own, which helpdesk_mgmt draws."""
        if "number" in (default or {}):
            self._refuse_fields(["number"])
        # a copy of the values, because helpdesk_mgmt adds the number to them
        return super(HelpdeskTicket, self._unlocked(["number"], rows=1)).copy(dict(default or {}))

    @api.model
    def _get_start_values(self):
        # the number is what helpdesk_mgmt gives a ticket that comes by mail, before it draws one
        return {**super()._get_start_values(), "service_done_on": None, "number": "/"}

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("service_done_on"):
                self._check_correction(len(vals_list))
        # helpdesk_mgmt names "/", its sign for no number yet, when it makes a ticket of a mail
        vals_list = [
            {name: value for name, value in vals.items() if (name, value) != ("number", "/")}
            for vals in vals_list
        ]
        return super().create(vals_list)

    def write(self, vals):
        tickets = self
        if "service_done_on" in vals:
            self._check_correction()
        user = self.env.user
        # the token of the customer's link is made by sending mail, which is no work on the ticket
        worked = "last_worked_on" not in vals and vals.keys() != {"access_token"}
        if worked and user.id != SUPERUSER_ID and not user.share:
            vals = {**vals, "last_worked_on": fields.Datetime.now()}
            tickets = tickets._unlocked(["last_worked_on"])
        return super(HelpdeskTicket, tickets).write(vals)

    def _check_correction(self, rows=0):
        """Only service managers correct the time when the service was done.

        :param int rows: number of tickets to create; 0 when ``self`` is written
        :raises UserError: for other users; methods of the addon write it with the key of the guard
        """
        unlocked = "service_done_on" in self._get_unlocked_fields(rows)
        if not (unlocked or self.env.user.has_group(MANAGERS)):
            self._refuse_fields(["service_done_on"])

    @api.constrains("service_done_on")
    def _check_service_done_on(self):
        """The time of the service is not in the future.

        :raises ValidationError: naming the ticket
        """
        soon = fields.Datetime.now() + timedelta(minutes=5)
        for ticket in self:
            if ticket.service_done_on and ticket.service_done_on > soon:
                raise ValidationError(
                    self.env._("%s: the service cannot be done in the future.", ticket.display_name)
                )

    @api.constrains("stage_id", "record_complete")
    def _follow_record(self):
        """Withdraw the reminders of a record that is complete or not owed any more.

        It is a constraint because a record may be completed by a write on another model, too; constraints of the
        recomputed field run in all cases.
        """
        complete = self.filtered("record_complete")
        settled = complete | self.filtered("stage_id.closed").filtered(
            lambda ticket: not ticket.stage_id.record_required
        )
        owed = settled.filtered("service_done_on")
        if owed:
            owed._close_deadline("record")
        if complete:
            complete._after_record_complete()

    def _after_record_complete(self):
        """Hook: the record is complete; subjects above extend it.

        It may run several times for one ticket: an extension has to check whether its work was done already.
        """

    # === Deadline of the record === #

    @api.model
    def _get_deadlines(self, company):
        return [
            *super()._get_deadlines(company),
            Deadline(
                "record",
                "record_due_date",
                self._get_record_owed_domain(),
                RECORD_ACTIVITY,
                users=lambda ticket: ticket._get_record_owners(),
                counted_from=lambda ticket: ticket.company_id._aftersales_day(
                    ticket.service_done_on
                ),
                note=lambda ticket, due: ticket.env._(
                    "The service record of %(ticket)s was due on %(day)s. Missing: %(fields)s",
                    ticket=ticket.display_name,
                    day=due,
                    fields=ticket.record_missing,
                ),
            ),
        ]

    def _get_responsible_users(self):
        """The users in charge of the ticket: the assigned specialist, else the leader of the team."""
        # sudo: users may lack the right to read the team of the ticket
        return self.user_id or self.sudo().team_id.user_id.sudo(False)

    # === Actions === #

    def action_service_done(self):
        """Mark the service as done now, which sets the due date of the record.

        :raises UserError: when it is marked already
        """
        self.check_access("write")
        for ticket in self:
            if ticket.service_done_on:
                raise UserError(
                    self.env._("The service of %s is already marked as done.", ticket.display_name)
                )
        self._write_unlocked({"service_done_on": fields.Datetime.now()})

    def _customer_solved(self, stage):
        """Record that the customer marked the ticket as solved on the portal, and close it if it can be closed.

        Call it with the customer's user, as superuser, after the access check on the ticket. A ticket with an
        incomplete record stays open, and the users in charge get an activity.

        :param stage: helpdesk.ticket.stage chosen by the customer
        :return: whether the ticket is closed
        :rtype: bool
        """
        self.ensure_one()
        if not self.customer_solved_on:
            now = fields.Datetime.now()
            self._write_unlocked(
                {"customer_solved_on": now, "service_done_on": self.service_done_on or now}
            )
            self.with_context(mail_notify_force_send=False).message_post(
                body=self.env._("It is solved."),
                author_id=self.env.user.partner_id.id,
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
            )
            told = False
        else:
            told = True
        try:
            with self.env.cr.savepoint():
                self.stage_id = stage
            return True
        except UserError:
            if not told:
                self._tell_incomplete()
            return False

    def _tell_incomplete(self):
        """Ask the users in charge, else the managers, to complete the record of a ticket the customer calls solved."""
        self._notify_users(
            self._get_record_owners() or self.company_id._aftersales_managers(),
            RECORD_ACTIVITY,
            lambda ticket: ticket.env._(
                "The customer says that it is solved. Missing before it can be closed: %s",
                ticket.record_missing,
            ),
            self.record_due_date,
        )

    # === First response === #

    def _message_post_after_hook(self, message, msg_vals):
        """Mark the first message of staff that the customer may read as the first response (四: 响应客户需求)."""
        result = super()._message_post_after_hook(message, msg_vals)
        # sudo: users may lack the right to read author and subtype of the message
        message = message.sudo()
        author = message.author_id
        robot = self.env["ir.model.data"]._xmlid_to_res_id("base.partner_root")
        if not author or author.partner_share or author.id == robot:
            return result
        now = fields.Datetime.now()
        # sudo: the marks are written by methods only; users with read access to the ticket may answer it, too
        vals = {"last_worked_on": now}
        to_customer = message.message_type in ("comment", "email") and not message.is_internal
        ticket = self.sudo()
        if to_customer and not message.subtype_id.internal and not ticket.first_response_on:
            vals["first_response_on"] = now
        if len(vals) > 1 or not ticket._is_just_worked_on():
            ticket._write_unlocked(vals)
        return result

    def _is_just_worked_on(self):
        """:return: whether the last work is so recent that it need not be written again, as on a new ticket"""
        soon = fields.Datetime.now() - JUST
        return all(ticket.last_worked_on and ticket.last_worked_on > soon for ticket in self)
