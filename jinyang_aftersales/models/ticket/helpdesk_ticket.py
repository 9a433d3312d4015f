import re

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...groups import INTERNAL, READERS
from ...tools.mail import AUTOMATIC
from ...tools.text import clean_line

# a picture of a mail, which has no address before the mail is posted
CID = re.compile(r"""<img\b[^>]*\bsrc=["']cid:[^>]*>""", re.IGNORECASE)


class HelpdeskTicket(models.Model):
    """The installed software of a ticket, the customer's service state and whether the service is charged."""

    _name = "helpdesk.ticket"
    _inherit = [
        "aftersales.portal.page.mixin",
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
        ticket = super().message_new(values, custom_values)
        if self.env.context.get(AUTOMATIC):
            ticket._write_unlocked({"is_automatic": True})
        return ticket

    def _is_over(self):
        return self.stage_id.closed

    def _take_news(self):
        """Open the ticket again where the company wants it (setting)."""
        if not self.company_id.aftersales_reopen_tickets:
            return False
        stages = self.team_id._get_applicable_stages() or self.env["helpdesk.ticket.stage"].search(
            []
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
            email_from=company.email_formatted,
        )
