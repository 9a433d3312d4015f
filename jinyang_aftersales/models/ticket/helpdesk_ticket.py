import re

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ...groups import INTERNAL, READERS
from ...tools.mail import AUTOMATIC, usable_addresses
from ...tools.text import clean_line
from ..mail.incoming import INCOMING_MAIL

TELEPHONE = "helpdesk_mgmt.helpdesk_ticket_channel_phone"
TELL_ACTIVITY = "jinyang_aftersales.mail_activity_tell_customer"
# the customer's own words in a service record: the title, which the portal shows, may be taken from them
WORDS = ("question", "need", "error_shown", "steps", "data_to_clear", "report_name")
# characters of a title that is taken from the record
MAX_TITLE = 60
# a picture of a mail, which has no address before the mail is posted
CID = re.compile(r"""<img\b[^<>]*\bsrc=["']cid:[^>]*>""", re.IGNORECASE)


class HelpdeskTicket(models.Model):
    """A ticket from the call to its end: software, the customer's service state, whether it is charged.

    A form proposes what is likely (:meth:`_onchange_proposals`); what comes by mail, from the portal or by RPC is taken
    as it comes. *Accept* and *Done and Close* are moves to a stage, under all the rules of that stage.
    """

    _name = "helpdesk.ticket"
    _inherit = [
        "aftersales.portal.page.mixin",
        "aftersales.text.mixin",
        "helpdesk.ticket",
        "aftersales.charge.mixin",
        "aftersales.letter.mixin",
    ]
    _portal_fields = frozenset(
        {
            "active",
            "number",
            "name",
            "description",
            "partner_id",
            "partner_name",
            "partner_email",
            "user_id",
            "team_id",
            "category_id",
            "stage_id",
            "closed",
            # used by the order of lists
            "priority",
            "sequence",
            "last_stage_update",
            "closed_date",
        }
    )

    # The title says it in one line, the record in full: nobody is asked a third time.
    description = fields.Html(required=False)
    # also for the helpdesk's users without a role of the service
    telephone = fields.Char(groups=INTERNAL)
    installation_id = fields.Many2one(
        domain="[('partner_id', '=', commercial_partner_id)]", groups=READERS, tracking=True
    )
    # searched by everything that finds its customer
    partner_id = fields.Many2one(index="btree_not_null")
    serial_number = fields.Char(groups=READERS)
    wants_to_be_told = fields.Boolean(
        string="Asked to Be Told",
        groups=INTERNAL,
        help="The customer asked to be told when it is settled: somebody calls where no mail can be sent.",
    )
    chargeable = fields.Boolean(
        help="The customer was out of service when the ticket came in; a manager may decide otherwise."
    )
    # A related field in helpdesk_mgmt; here the owner is stored. Deleting the partner empties it, like partner_id.
    commercial_partner_id = fields.Many2one(
        related=None, compute="_compute_commercial_partner_id", ondelete="set null"
    )

    is_automatic = fields.Boolean(
        string="Written by a Machine",
        readonly=True,
        copy=False,
        groups=INTERNAL,
        help="The mail of which the ticket was made was written by a machine; it got no answer.",
    )

    taken_over_on = fields.Date(
        readonly=True,
        copy=False,
        groups=INTERNAL,
        help="Taken over from another system: nothing dated before the product went live is owed for it.",
    )
    former_number = fields.Char(
        string="Number in the Former System",
        copy=False,
        index="btree_not_null",
        groups=INTERNAL,
    )
    reported_on = fields.Date(
        string="Reported in the Former System On", readonly=True, copy=False, groups=INTERNAL
    )

    @api.constrains("installation_id", "partner_id")
    def _check_installation(self):
        """A ticket is about software of its own customer."""
        # sudo: users who may not read installations may move a ticket to another customer
        for ticket in self.sudo().filtered("installation_id"):
            if ticket.installation_id.partner_id != ticket.commercial_partner_id:
                raise ValidationError(
                    self.env._(
                        "%(software)s is not installed at the customer of %(ticket)s.",
                        software=ticket.installation_id.display_name,
                        ticket=ticket.display_name,
                    )
                )

    @api.model
    def _get_called_people(self):
        return [*super()._get_called_people(), "commercial_partner_id"]

    def _compute_display_name(self):
        # a new ticket has neither number nor title yet
        saved = self.filtered("id")
        (self - saved).display_name = False
        return super(HelpdeskTicket, saved)._compute_display_name()

    # === Taking a call === #

    @api.onchange("partner_id")
    def _onchange_proposals(self):
        """Propose to who takes a call: the telephone, the person in charge, the only contact, the only software."""
        if self._origin:
            return
        if not self.channel_id:
            self.channel_id = self._get_telephone()
        customer = self.commercial_partner_id
        if not customer:
            return
        if not self.user_id:
            # who enters a ticket is in charge of it (setting of helpdesk_mgmt), else the customer's specialist
            # sudo: also for users who may not read by whom the customer is served
            specialist = customer.sudo().service_user_id.sudo(False)
            self.user_id = self._may_be_taken_by(specialist) and specialist
        if not self.contact_id:
            domain = [("is_company", "=", False), ("type", "=", "contact")]
            people = self.env["res.partner"].search(
                [("commercial_partner_id", "=", customer.id), ("id", "!=", customer.id), *domain],
                limit=2,
            )
            self.contact_id = people if len(people) == 1 else False
        software = self.env["aftersales.installation"]
        if software.has_access("read") and not self.installation_id:
            found = software.search([("partner_id", "=", customer.id)], limit=2)
            self.installation_id = found if len(found) == 1 else False

    def _get_telephone(self):
        """:return: the channel of telephone calls, as far as the company uses it"""
        number = self.env["ir.model.data"]._xmlid_to_res_id(TELEPHONE)
        # sudo: the shipped channel may be that of another company
        channel = self.env["helpdesk.ticket.channel"].sudo().browse(number).exists()
        usable = channel and channel.active and channel.company_id <= self.company_id
        return channel.sudo(False) if usable else self.env["helpdesk.ticket.channel"]

    def _may_be_taken_by(self, user):
        """:return: whether a user may be in charge: tickets of a team belong to its members"""
        # sudo: users may lack the right to read the members of a team
        return not self.team_id or user in self.team_id.sudo().user_ids.sudo(False)

    def _get_title(self):
        """The title of a ticket that was given none: the first line of the customer's words, else its category, else
        who called: a tab that is closed during a call saves what it has.

        :rtype: str | bool
        """
        self.ensure_one()
        words = next((self[name] for name in WORDS if (self[name] or "").strip()), "")
        title = clean_line(words.strip().splitlines()[0])[:MAX_TITLE] if words else ""
        if title:
            return title
        if self.category_id:
            parts = (self.category_id.name, self.installation_id.product_id.name)
        else:
            parts = (self.channel_id.name, self.partner_id.commercial_partner_id.name)
        return bool(self.category_id or self.partner_id) and " · ".join(filter(None, parts))

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if not (vals.get("name") or "").strip():
                # sudo: the title is made of values that are given here
                vals["name"] = self.sudo().new(vals)._get_title()
        return super().create(vals_list)

    def _get_stage(self, condition):
        """The first stage that fits, of those the ticket can be in.

        :param condition: function of a stage
        :rtype: helpdesk.ticket.stage
        """
        self.ensure_one()
        stages = self.team_id.with_company(self.company_id)._get_applicable_stages()
        return stages.filtered(condition)[:1]

    def action_accept(self):
        """Begin to work on tickets: they are the user's if they are nobody's, and leave the first stage.

        :raises UserError: for tickets that are closed, with somebody else, or of another team
        """
        # first by whom: who may read the tickets of colleagues may often not write them
        self.check_access("read")
        for ticket in self:
            stage, user = ticket.stage_id, ticket.user_id
            if stage.closed:
                ticket._refuse_closed()
            if user and user != self.env.user and not stage.unattended:
                raise UserError(
                    self.env._(
                        "%(ticket)s has been accepted by %(user)s.",
                        ticket=ticket.display_name,
                        # sudo: the name of a colleague, also for users who may not read colleagues
                        user=user.sudo().name,
                    )
                )
        self.check_access("write")
        for ticket in self:
            stage, user = ticket.stage_id, ticket.user_id
            if not (user or ticket._may_be_taken_by(self.env.user)):
                raise UserError(
                    self.env._(
                        "%(ticket)s belongs to the team %(team)s: one of its members accepts it.",
                        ticket=ticket.display_name,
                        team=ticket.team_id.display_name,
                    )
                )
            vals = {} if user else {"user_id": self.env.uid}
            following = ticket._get_stage(lambda row: not (row.closed or row.unattended))
            if following and (stage.unattended or not stage):
                vals["stage_id"] = following.id
            if vals:
                ticket.write(vals)

    def action_done_and_close(self):
        """End the service now and close the tickets in one step, under the rules of the stage they are closed by.

        A ticket that is closed like this already stays as it is: the button was pressed twice.

        :raises UserError: naming what is missing, or when a ticket was cancelled
        """
        self.check_access("write")
        for ticket in self:
            if ticket.stage_id.closed:
                if ticket.stage_id.record_required:
                    continue
                ticket._refuse_closed()
            done = ticket._get_stage(lambda row: row.closed and row.record_required)
            if not done:
                raise UserError(
                    self.env._(
                        "%s: there is no stage for finished tickets. A service manager adds one.",
                        ticket.display_name,
                    )
                )
            # who ends the service of a ticket that is nobody's has done it
            takes = not ticket.user_id and ticket._may_be_taken_by(self.env.user)
            ticket.write({"stage_id": done.id, **({"user_id": self.env.uid} if takes else {})})

    def _refuse_closed(self):
        """:raises UserError: saying that the ticket is closed, and how"""
        raise UserError(
            self.env._(
                "%(ticket)s is closed already: %(stage)s. Open it again first.",
                ticket=self.display_name,
                stage=self.stage_id.name,
            )
        )

    @api.model
    def message_new(self, msg_dict, custom_values=None):
        """Make a ticket of a mail, with the subject as a title of one line, because replies carry it in their headers.

        Pictures are shown in the message, which is made after the ticket and has them as files.

        :param dict msg_dict: the mail as parsed by Odoo
        :param dict custom_values: values of the alias
        :return: the ticket
        """
        subject = clean_line(msg_dict.get("subject"))
        body = msg_dict.get("body")
        values = {**msg_dict, "subject": subject, "body": body and Markup(CID.sub("", body))}
        incoming = self.env.context.get(INCOMING_MAIL)
        if incoming and incoming.is_of_several:
            # Our people say whose it is: anybody can give a contact of theirs an address of somebody else.
            values["author_id"] = False
        ticket = super().message_new(values, custom_values)
        if self.env.context.get(AUTOMATIC):
            ticket._write_unlocked({"is_automatic": True})
        return ticket

    @api.model
    def _get_open_work_domain(self, role):
        return Domain("stage_id.closed", "=", False)

    def _get_ended_domain(self):
        return Domain("stage_id.closed", "=", True)

    def _is_over(self):
        return self.stage_id.closed

    def _take_news(self):
        """Open the ticket again where the company wants it (setting)."""
        if not self.company_id.aftersales_reopen_tickets:
            return False
        stages = self.team_id._get_applicable_stages() or self.env["helpdesk.ticket.stage"].search(
            Domain.TRUE
        )
        stage = stages.filtered(lambda row: not row.closed)[:1]
        if stage:
            self.stage_id = stage
        return bool(stage) and bool(self.user_id)

    def _confirm_filing(self, customer):
        """Confirm to the customer that a ticket filed on the portal has arrived.

        Tickets that come by mail are not confirmed, because two machines could answer each other without end.

        :param customer: res.partner who filed the ticket
        """
        self.ensure_one()
        company = self.company_id
        spoken = self.with_context(lang=company._aftersales_lang(customer))
        spoken._post_to_customer(
            customer,
            spoken.env._(
                "Thank you. We have received your ticket %(number)s %(title)s and will get in touch with you. You can"
                " follow it on the portal; a reply to this mail reaches us there, too.",
                number=self.number,
                title=self.name,
            ),
            company.partner_id,
            subject=spoken.env._("Ticket %s: received", self.number),
            email_from=company.email_formatted,
        )

    # === Mail about a stage === #

    def _track_template(self, tracking):
        """Send the mail of a stage only where it can arrive; the arguments are those of Odoo.

        Customers without a usable address who filed the ticket or asked to be told are called when it is closed.
        """
        templates = super()._track_template(tracking)
        ticket = self[:1]
        # sudo: the day of a take-over, for users who may not read it
        if ticket.company_id._aftersales_is_silent(ticket.sudo().taken_over_on):
            return {}
        if "stage_id" in templates and not ticket._is_reached_by_mail():
            del templates["stage_id"]
            if ticket.stage_id.closed:
                ticket._ask_to_call()
        return templates

    def _get_mail_recipient(self):
        """Recipient of mail about the ticket: the contact, else the customer, whoever has a usable address.

        :rtype: res.partner
        """
        self.ensure_one()
        # sudo: only addresses are read, also for users who may not read the customer
        people = (self.contact_id | self.partner_id).sudo()
        return people.filtered(lambda person: usable_addresses(person.email))[:1].sudo(False)

    def _is_reached_by_mail(self):
        """:return: whether mail about the ticket has a recipient, the sender known by the address only included"""
        return bool(self._get_mail_recipient() or usable_addresses(self.partner_email))

    def _ask_to_call(self):
        """Ask the colleague in charge to call customers who wait for an answer and cannot be mailed."""
        # sudo: asks who filed the ticket, for users who may not read all of its messages
        ticket = self.sudo()
        waits = ticket.wants_to_be_told or ticket._is_filed_by_customer()
        if not waits or ticket.customer_solved_on:
            return
        users = ticket._get_responsible_users().sudo(False)
        self._notify_users(
            users or self.company_id._aftersales_managers(),
            TELL_ACTIVITY,
            lambda ticket: ticket.env._(
                "%(ticket)s is closed (%(stage)s), and nobody at the customer's has an e-mail address: tell them by"
                " telephone.",
                ticket=ticket.display_name,
                stage=ticket.stage_id.name,
            ),
            once=True,
        )

    def _is_filed_by_customer(self):
        """:return: whether a customer filed the ticket, on the portal or by mail"""
        self.ensure_one()
        if self.create_uid.share:
            return True
        first = self.env["mail.message"].search(
            [("model", "=", self._name), ("res_id", "=", self.id)], order="id", limit=1
        )
        return first.message_type == "email"
