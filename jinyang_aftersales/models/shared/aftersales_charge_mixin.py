from odoo import api, fields, models
from odoo.exceptions import AccessError

from ...groups import MANAGERS, READERS
from ..company.service_state import SERVICE_STATES


class AftersalesChargeMixin(models.AbstractModel):
    """A document of a customer that shows the service state, and whether the work is charged.

    The state is that of the software the document is about, else of the customer. A document that is made while the
    customer is out of service is marked as chargeable; the work goes on. Only service managers decide otherwise.
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
        if "chargeable" in vals:
            if not {"partner_id", "installation_id"}.isdisjoint(vals):
                vals = self._leave_charge(vals)
            elif not self._decides_charge():
                self._check_charge(vals["chargeable"])
        return super().write(vals)

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
