from odoo import api, fields, models

from ...models.agreement.values import SIGNED_FIELDS, SIGNING_FIELDS


class AftersalesAgreementSign(models.TransientModel):
    """Asks for what an agreement is signed with, and names what is missing (五.2.3 – 五.2.5)."""

    _name = "aftersales.agreement.sign"
    _description = "Sign Agreement"
    _inherit = "aftersales.dialog.mixin"

    contract_id = fields.Many2one(
        comodel_name="contract.contract", string="Agreement", required=True, readonly=True
    )
    is_correction = fields.Boolean(readonly=True)
    commercial_partner_id = fields.Many2one(
        related="contract_id.commercial_partner_id", related_sudo=False
    )
    signed_by_id = fields.Many2one(
        comodel_name="res.users",
        string="Signed for Us By",
        compute="_compute_proposed",
        store=True,
        readonly=False,
        domain="[('share', '=', False)]",
    )
    signed_on = fields.Date(compute="_compute_proposed", store=True, readonly=False)
    is_sealed = fields.Boolean(
        string="Our Seal Affixed", compute="_compute_proposed", store=True, readonly=False
    )
    return_due_date = fields.Date(
        string="Copy Expected Back On", compute="_compute_proposed", store=True, readonly=False
    )
    payment_due_date = fields.Date(compute="_compute_proposed", store=True, readonly=False)
    invoice_contact_id = fields.Many2one(
        comodel_name="res.partner",
        string="Invoice Contact",
        compute="_compute_proposed",
        store=True,
        readonly=False,
        domain="[('commercial_partner_id', '=', commercial_partner_id)]",
    )
    invoice_address = fields.Char(compute="_compute_invoice_address", store=True, readonly=False)
    reason = fields.Char(help="Why a service manager signs although something is missing.")

    @api.depends("contract_id")
    def _compute_proposed(self):
        for wizard in self:
            contract = wizard.contract_id
            day = contract.signed_on or contract.company_id._aftersales_today()
            wizard.signed_by_id = contract.signed_by_id or self.env.user
            wizard.signed_on = day
            wizard.is_sealed = contract.is_sealed
            wizard.return_due_date = contract.return_due_date
            wizard.payment_due_date = contract.payment_due_date or (
                contract and contract._get_payment_deadline(day)
            )
            contact = contract.invoice_contact_id or contract.commercial_partner_id.address_get(
                ["invoice"]
            ).get("invoice")
            wizard.invoice_contact_id = contact

    @api.depends("invoice_contact_id")
    def _compute_invoice_address(self):
        for wizard in self:
            contract, contact = wizard.contract_id, wizard.invoice_contact_id
            if contact == contract.invoice_contact_id and contract.invoice_address:
                wizard.invoice_address = contract.invoice_address
            else:
                wizard.invoice_address = contact.street and contract._get_paper_address(contact)

    def action_sign(self):
        """Sign; see ``action_sign`` of the agreement for what is refused."""
        self.ensure_one()
        if self.is_correction:
            self.contract_id.action_correct_signature(self._get_given(SIGNED_FIELDS), self.reason)
        else:
            self.contract_id.action_sign(self._get_given(SIGNING_FIELDS), self.reason)
        return {"type": "ir.actions.act_window_close"}

    def _get_given(self, names):
        """:return: what the user entered, by name of the field"""
        return {
            name: self[name].id if self._fields[name].type == "many2one" else self[name]
            for name in names
        }
