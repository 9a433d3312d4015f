from odoo import fields, models


class ContractContract(models.Model):
    """Signing, invoice, payment and renewal of service agreements (五.2.3 – 五.2.7)."""

    _inherit = "contract.contract"

    signed_on = fields.Date(copy=False, tracking=True)
    signed_by_id = fields.Many2one(
        comodel_name="res.users", string="Signed for Us By", copy=False, tracking=True
    )
    customer_signatory = fields.Char(string="Signed for the Customer By", copy=False)
    is_sealed = fields.Boolean(string="Our Seal Affixed", copy=False)
    return_due_date = fields.Date(
        string="Copy Expected Back On", copy=False, help="Agreed with the customer (五.2.4)."
    )
    countersigned_on = fields.Date(
        string="Counter-Signed Copy Returned On", copy=False, tracking=True
    )
    countersigned_filed = fields.Boolean(
        string="Counter-Signed Copy Filed", copy=False, tracking=True
    )
    payment_due_date = fields.Date(copy=False, help="Agreed with the customer (五.2.4).")
    invoice_contact_id = fields.Many2one(
        comodel_name="res.partner",
        string="Invoice Contact",
        copy=False,
        help="Who receives the paper invoice (五.2.5).",
    )
    invoice_sent_on = fields.Date(string="Invoice Dispatched On", copy=False, tracking=True)
    invoice_courier = fields.Char(string="Courier", copy=False)
    invoice_tracking_number = fields.Char(string="Waybill Number", copy=False)
    lost_reason = fields.Char(copy=False, tracking=True)
    agreement_amount = fields.Monetary(compute="_compute_agreement_amount")
    invoice_ids = fields.Many2many(
        comodel_name="account.move", string="Invoices", compute="_compute_invoice_ids"
    )
    paid_on = fields.Date(readonly=True, copy=False, tracking=True)

    def _compute_agreement_amount(self):
        for contract in self:
            contract.agreement_amount = sum(contract.contract_line_ids.mapped("price_subtotal"))

    def _compute_invoice_ids(self):
        for contract in self:
            # sudo: which invoices belong to an agreement the reader may see
            contract.invoice_ids = contract.sudo()._get_related_invoices()
