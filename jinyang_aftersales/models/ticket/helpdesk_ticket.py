import re

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ...groups import INTERNAL, READERS
from ...tools.mail import AUTOMATIC, usable_addresses
from ...tools.text import clean_line
from ..mail.incoming import INCOMING_MAIL

TELL_ACTIVITY = "jinyang_aftersales.mail_activity_tell_customer"
# a picture of a mail, which has no address before the mail is posted
CID = re.compile(r"""<img\b[^<>]*\bsrc=["']cid:[^>]*>""", re.IGNORECASE)


class HelpdeskTicket(models.Model):
    """The installed software of a ticket, the customer's service state and whether the service is charged."""

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

    installation_id = fields.Many2one(
        domain="[('partner_id', '=', commercial_partner_id)]", groups=READERS, tracking=True
    )
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

    def _compute_display_name(self):
        # a new ticket has neither number nor title yet
        saved = self.filtered("id")
        (self - saved).display_name = False
        return super(HelpdeskTicket, saved)._compute_display_name()

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
