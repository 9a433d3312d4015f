from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...groups import READERS
from ...tools.text import clean_line
from ..company.service_state import SERVICE_STATES
from ..shared.aftersales_customer_mixin import check_charge, without_charge


class HelpdeskTicket(models.Model):
    """The installed software of a ticket, the customer's service state and whether the service is charged."""

    _name = "helpdesk.ticket"
    _inherit = [
        "aftersales.portal.page.mixin",
        "helpdesk.ticket",
        "aftersales.owner.mixin",
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
        comodel_name="aftersales.installation",
        string="Installed Software",
        compute="_compute_installation_id",
        store=True,
        readonly=False,
        index="btree_not_null",
        check_company=True,
        domain="[('partner_id', '=', commercial_partner_id)]",
        groups=READERS,
    )
    serial_number = fields.Char(related="installation_id.serial_number", groups=READERS)
    service_date_end = fields.Date(compute="_compute_service_state", groups=READERS)
    service_state = fields.Selection(
        selection=SERVICE_STATES, compute="_compute_service_state", groups=READERS
    )
    chargeable = fields.Boolean(
        compute="_compute_chargeable",
        store=True,
        readonly=False,
        tracking=True,
        help="The customer was out of service when the ticket came in; a manager may decide otherwise.",
    )
    # A related field in helpdesk_mgmt; here the owner is stored. Deleting the partner empties it, like partner_id.
    commercial_partner_id = fields.Many2one(
        related=None, compute="_compute_commercial_partner_id", ondelete="set null"
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
    def default_get(self, fields):
        """Ignore a charge that the caller sets by a default in the context."""
        return without_charge(self, super().default_get(fields))

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([without_charge(self, vals) for vals in vals_list])

    def write(self, vals):
        if "chargeable" in vals:
            check_charge(self, vals)
        return super().write(vals)

    def _compute_display_name(self):
        # a new ticket has neither number nor title yet
        saved = self.filtered("id")
        (self - saved).display_name = False
        return super(HelpdeskTicket, saved)._compute_display_name()

    @api.depends("partner_id")
    def _compute_installation_id(self):
        for ticket in self:
            if ticket.installation_id.partner_id != ticket.commercial_partner_id:
                ticket.installation_id = False

    @api.depends("commercial_partner_id", "installation_id")
    def _compute_service_state(self):
        for ticket in self:
            source = ticket.installation_id or ticket.commercial_partner_id
            ticket.service_state = source.service_state
            ticket.service_date_end = source.service_date_end

    @api.depends("partner_id", "installation_id")
    def _compute_chargeable(self):
        for company, tickets in self.grouped("company_id").items():
            # the customer's state in the company of the ticket, not in the companies the user has selected
            tickets = tickets.with_context(allowed_company_ids=company.ids)
            for ticket in tickets:
                installation = ticket.installation_id
                state = (installation or ticket.commercial_partner_id).service_state
                # customers without any recorded software are not charged: nothing shows that their service has ended
                ticket.chargeable = state == "expired" or (state == "none" and bool(installation))

    @api.model
    def message_new(self, msg_dict, custom_values=None):
        """Make a ticket of a mail, with the subject as a title of one line, because replies carry it in their headers.

        :param dict msg_dict: the mail as parsed by Odoo
        :param dict custom_values: values of the alias
        :return: the ticket
        """
        subject = clean_line(msg_dict.get("subject"))
        return super().message_new({**msg_dict, "subject": subject}, custom_values)

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
