from odoo import api, fields, models
from odoo.exceptions import AccessError

from ...groups import MANAGERS, READERS
from ..company.service_state import SERVICE_STATES


class AftersalesChargeMixin(models.AbstractModel):
    """A document of a customer that shows the service state, and whether the work is charged.

    The state is that of the software the document is about, else of the customer. A document that is made while the
    customer is out of service is marked as chargeable; the work goes on. Only service managers decide otherwise. The
    mark stays until the document gets another customer or other software.
    """

    _name = "aftersales.charge.mixin"
    _description = "Work That May Be Charged"
    _inherit = "aftersales.owner.mixin"

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

    # === CRUD === #

    @api.model
    def default_get(self, fields):
        """Let defaults of the caller decide no charge."""
        values = super().default_get(fields)
        return self._leave_charge(values) if "chargeable" in values else values

    @api.model_create_multi
    def create(self, vals_list):
        if not self._decides_charge():
            vals_list = [self._leave_charge(vals) for vals in vals_list]
        return super().create(vals_list)

    def write(self, vals):
        """Keep whether work is charged for documents whose customer and software stay the same.

        Users who may not decide about the charge are refused when they change it. Together with a customer or with
        software their value is ignored: it is what a form proposed, see :meth:`_leave_charge`.

        :raises AccessError: when somebody else than a service manager changes it
        """
        if {"partner_id", "installation_id"}.isdisjoint(vals):
            if "chargeable" in vals and not self._decides_charge():
                self._check_charge(vals["chargeable"])
            return super().write(vals)
        vals = self._leave_charge(vals)
        # Odoo recomputes fields that depend on a written field, also when its value stays the same.
        with self.env.protecting([self._fields["chargeable"]], self._filter_same_service(vals)):
            return super().write(vals)

    def _filter_same_service(self, vals):
        """Documents to which the values give neither another customer nor other software.

        Another contact of the same customer is no other customer.

        :param dict vals: values about to be stored
        :return: those of these documents, as superuser
        """
        # sudo: writers may not be able to read the software; customers and software are only compared
        documents = self.sudo()
        if "installation_id" in vals:
            documents = documents.filtered(
                lambda document: document.installation_id.id == vals["installation_id"]
            )
        if "partner_id" in vals:
            partner = documents.env["res.partner"].browse(vals["partner_id"] or ())
            documents = documents.filtered(
                lambda document: document.partner_id == partner
                or document.commercial_partner_id == partner.commercial_partner_id
            )
        return documents

    @api.model
    def _decides_charge(self):
        """:return: whether the user may decide that work is charged"""
        return self.env.su or self.env.user.has_group(MANAGERS)

    @api.model
    def _leave_charge(self, vals):
        """Leave out of values whether work is charged, unless the user may decide that.

        A form proposes it for a new document, or for one that gets another customer or software; the service state
        decides.

        :param dict vals: values about to be stored, not changed
        :rtype: dict
        """
        if "chargeable" not in vals or self._decides_charge():
            return vals
        return {name: value for name, value in vals.items() if name != "chargeable"}

    def _check_charge(self, chargeable):
        """Refuse to change whether work is charged.

        :param bool chargeable: the value about to be written
        :raises AccessError: when one of the documents has the other value
        """
        if any(document.chargeable != bool(chargeable) for document in self):
            raise AccessError(self.env._("Only a service manager decides whether this is charged."))

    # === Compute === #

    @api.depends("partner_id")
    def _compute_installation_id(self):
        for document in self:
            if document.installation_id.partner_id != document.commercial_partner_id:
                document.installation_id = False

    @api.depends("commercial_partner_id", "installation_id")
    def _compute_service_state(self):
        for document in self:
            source = document.installation_id or document.commercial_partner_id
            document.service_state = source.service_state
            document.service_date_end = source.service_date_end

    @api.depends("partner_id", "installation_id")
    def _compute_chargeable(self):
        for company, documents in self.grouped("company_id").items():
            # sudo: writers may not be able to read the software; the serving company's service periods count
            documents = documents.sudo().with_context(allowed_company_ids=company.ids)
            for document in documents:
                installation = document.installation_id
                state = (installation or document.commercial_partner_id).service_state
                # A customer without any software on record has no service that could have ended.
                document.chargeable = state == "expired" or (state == "none" and bool(installation))
