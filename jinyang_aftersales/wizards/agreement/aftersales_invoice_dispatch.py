from odoo import fields, models


class AftersalesInvoiceDispatch(models.TransientModel):
    """Asks how the paper invoice of an agreement left (五.2.5); for accountants, who only read agreements, too."""

    _name = "aftersales.invoice.dispatch"
    _description = "Invoice Dispatched"
    _inherit = "aftersales.dialog.mixin"

    contract_id = fields.Many2one(
        comodel_name="contract.contract",
        string="Agreement",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    contact_name = fields.Char(
        related="contract_id.invoice_contact_id.name", string="Invoice Contact"
    )
    address = fields.Char(related="contract_id.invoice_address", string="Invoice Address")
    day = fields.Date(
        string="Invoice Dispatched On",
        required=True,
        default=lambda self: self.env.company._aftersales_today(),
    )
    courier = fields.Char()
    waybill = fields.Char(string="Waybill Number")

    def action_apply(self):
        """Record it; see ``_record_invoice_dispatch`` of the agreement for what is refused."""
        self.ensure_one()
        self.contract_id._record_invoice_dispatch(self.day, self.courier, self.waybill)
        return {"type": "ir.actions.act_window_close"}
