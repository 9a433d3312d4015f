from odoo import api, fields, models


class AftersalesAgreementCopy(models.TransientModel):
    """Asks for the customer's side of the counter-signed copy (五.2.4)."""

    _name = "aftersales.agreement.copy"
    _description = "Copy of an Agreement Returned"
    _inherit = "aftersales.dialog.mixin"

    contract_id = fields.Many2one(
        comodel_name="contract.contract", string="Agreement", required=True, readonly=True
    )
    customer_signatory = fields.Char(
        string="Signed for the Customer By",
        compute="_compute_recorded",
        store=True,
        readonly=False,
    )
    countersigned_on = fields.Date(
        string="Counter-Signed Copy Returned On",
        compute="_compute_recorded",
        store=True,
        readonly=False,
    )
    is_customer_sealed = fields.Boolean(
        string="Customer's Seal Affixed", compute="_compute_recorded", store=True, readonly=False
    )
    reason = fields.Char(
        help="Why a service manager accepts an incomplete copy, or corrects what was recorded."
    )

    @api.depends("contract_id")
    def _compute_recorded(self):
        for wizard in self:
            contract = wizard.contract_id
            wizard.customer_signatory = contract.customer_signatory
            wizard.is_customer_sealed = contract.is_customer_sealed
            wizard.countersigned_on = (
                contract.countersigned_on or contract.company_id._aftersales_today()
            )

    def action_record(self):
        """Record the copy; see ``action_record_copy`` of the agreement for what is refused."""
        self.ensure_one()
        self.contract_id.action_record_copy(
            {
                "customer_signatory": self.customer_signatory,
                "countersigned_on": self.countersigned_on,
                "is_customer_sealed": self.is_customer_sealed,
            },
            self.reason,
        )
        return {"type": "ir.actions.act_window_close"}
