from odoo import api, fields, models
from odoo.exceptions import AccessError

from ...groups import MANAGERS, READERS
from ..company.service_state import SERVICE_STATES


def _decides_charge(documents):
    return documents.env.su or documents.env.user.has_group(MANAGERS)


def without_charge(documents, vals):
    """The values, less what only a service manager decides.

    What a form proposes for a new document, or for one that gets other software, follows from the service state.

    :param documents: records, or their model
    :param dict vals: values about to be stored
    :rtype: dict
    """
    if "chargeable" not in vals or _decides_charge(documents):
        return vals
    return {name: value for name, value in vals.items() if name != "chargeable"}


def check_charge(documents, vals):
    """Only a service manager decides whether work is charged.

    :param documents: records about to be written
    :param dict vals: values about to be stored
    :raises AccessError: for everybody else who changes it
    """
    if _decides_charge(documents):
        return
    if any(document.chargeable != bool(vals["chargeable"]) for document in documents):
        raise AccessError(
            documents.env._("Only a service manager decides whether this is charged.")
        )


class AftersalesCustomerMixin(models.AbstractModel):
    """A document about the software of a customer; it says when the customer is out of service.

    Work goes on all the same; the document is then marked as chargeable, as of the day it was made.
    """

    _name = "aftersales.customer.mixin"
    _description = "Document about a Customer's Software"
    _inherit = "aftersales.owner.mixin"

    company_id = fields.Many2one(comodel_name="res.company", required=True)
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        required=True,
        index=True,
        tracking=True,
        domain="[('parent_id', '=', False)]",
    )
    contact_id = fields.Many2one(
        comodel_name="res.partner",
        string="Contact",
        compute="_compute_contact_id",
        store=True,
        readonly=False,
        domain="[('commercial_partner_id', '=', partner_id)]",
    )
    contact_phone = fields.Char(related="contact_id.phone", string="Contact's Phone")
    department = fields.Char(related="contact_id.department", groups=READERS)
    installation_id = fields.Many2one(
        comodel_name="aftersales.installation",
        string="Installed Software",
        compute="_compute_installation_id",
        store=True,
        readonly=False,
        index="btree_not_null",
        check_company=True,
        domain="[('partner_id', '=', partner_id)]",
    )
    serial_number = fields.Char(related="installation_id.serial_number")
    service_date_end = fields.Date(compute="_compute_service_state", groups=READERS)
    service_state = fields.Selection(
        selection=SERVICE_STATES, compute="_compute_service_state", groups=READERS
    )
    chargeable = fields.Boolean(
        compute="_compute_chargeable",
        store=True,
        readonly=False,
        tracking=True,
        help="The customer was out of service when the document was made; a manager may decide otherwise.",
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        person="role",
        string="Specialist",
        compute="_compute_user_id",
        store=True,
        readonly=False,
        index=True,
        tracking=True,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )

    # === CRUD === #

    @api.model
    def default_get(self, fields):
        """What is known from the ticket it is made from; defaults of the caller decide no charge."""
        values = super().default_get(fields)
        if values.get("ticket_id"):
            ticket = self.env["helpdesk.ticket"].browse(values["ticket_id"])
            for name, value in self._prepare_ticket_defaults(ticket).items():
                if value and name in fields and f"default_{name}" not in self.env.context:
                    values[name] = value
        return without_charge(self, values)

    @api.model
    def _prepare_ticket_defaults(self, ticket):
        """What a document takes over from the ticket it is made from.

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

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([without_charge(self, vals) for vals in vals_list])

    def write(self, vals):
        if {"partner_id", "installation_id"} & vals.keys():
            vals = without_charge(self, vals)
        if "chargeable" in vals:
            check_charge(self, vals)
        return super().write(vals)

    # === Compute === #

    @api.depends("partner_id")
    def _compute_contact_id(self):
        for document in self:
            if document.contact_id.commercial_partner_id != document.partner_id:
                # sudo: the person in charge of the software, for customers on the portal, too
                document.contact_id = document.partner_id.sudo().software_contact_id

    @api.depends("partner_id")
    def _compute_installation_id(self):
        for document in self:
            if document.installation_id.partner_id != document.partner_id:
                document.installation_id = False

    @api.depends("partner_id")
    def _compute_user_id(self):
        for document in self:
            if not document.user_id:
                # sudo: the specialist in charge, for customers on the portal, too
                document.user_id = document.partner_id.sudo().service_user_id

    @api.depends("commercial_partner_id", "installation_id")
    def _compute_service_state(self):
        for document in self:
            source = document.installation_id or document.commercial_partner_id
            document.service_state = source.service_state
            document.service_date_end = source.service_date_end

    @api.depends("partner_id", "installation_id")
    def _compute_chargeable(self):
        for company, documents in self.grouped("company_id").items():
            # sudo: the customer's state in the company that serves, whatever the writer may read
            documents = documents.sudo().with_context(allowed_company_ids=company.ids)
            for document in documents:
                installation = document.installation_id
                state = (installation or document.partner_id).service_state
                # without any software on record nobody can say that service has ended
                document.chargeable = state == "expired" or (state == "none" and bool(installation))
