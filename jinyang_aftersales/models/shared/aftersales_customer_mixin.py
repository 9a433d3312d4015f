from odoo import api, fields, models

from ...groups import READERS
from .document_fields import contact_field, customer_field, specialist_field


class AftersalesCustomerMixin(models.AbstractModel):
    """A document of a customer with a contact, a specialist in charge, and a ticket it may be made from."""

    _name = "aftersales.customer.mixin"
    _description = "Document with Customer, Contact and Specialist"
    _inherit = "aftersales.charge.mixin"

    company_id = fields.Many2one(comodel_name="res.company", required=True)
    partner_id = customer_field(tracking=True)
    contact_id = contact_field(compute="_compute_contact_id", store=True, readonly=False)
    contact_phone = fields.Char(related="contact_id.phone", string="Contact's Phone")
    department = fields.Char(related="contact_id.department", groups=READERS)
    user_id = specialist_field("[('share', '=', False), ('company_ids', 'in', company_id)]")

    # === CRUD === #

    @api.model
    def default_get(self, fields):
        """Take values over from the ticket the document is made from."""
        values = super().default_get(fields)
        if values.get("ticket_id"):
            ticket = self.env["helpdesk.ticket"].browse(values["ticket_id"])
            for name, value in self._prepare_ticket_defaults(ticket).items():
                if value and name in fields and f"default_{name}" not in self.env.context:
                    values[name] = value
        return values

    @api.model
    def _prepare_ticket_defaults(self, ticket):
        """Values that a document takes over from the ticket it is made from.

        :param ticket: helpdesk.ticket
        :rtype: dict
        """
        customer = ticket.commercial_partner_id
        return {
            "company_id": ticket.company_id.id,
            "partner_id": customer.id,
            "contact_id": (ticket.contact_id or ticket.partner_id - customer).id,
            "installation_id": ticket.installation_id.id,
            "user_id": ticket.user_id.id,
        }

    # === Compute === #

    @api.depends("partner_id")
    def _compute_contact_id(self):
        for document in self:
            if document.contact_id.commercial_partner_id != document.partner_id:
                # sudo: customers who file a document on the portal may not read the field of the partner
                document.contact_id = document.partner_id.sudo().software_contact_id

    @api.depends("partner_id")
    def _compute_user_id(self):
        for document in self:
            if not document.user_id:
                # sudo: customers who file a document on the portal may not read the field of the partner
                document.user_id = document.partner_id.sudo().service_user_id.filtered("active")
