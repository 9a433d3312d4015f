from odoo import api, fields, models

NAMES = ("signed_on", "signed_by_id", "customer_signatory", "is_sealed", "countersigned_on")


class AftersalesAgreementCorrect(models.TransientModel):
    """Corrects who signed an agreement and when, with a reason."""

    _name = "aftersales.agreement.correct"
    _description = "Correct Signature"

    contract_id = fields.Many2one(
        comodel_name="contract.contract",
        string="Agreement",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    signed_on = fields.Date(required=True)
    signed_by_id = fields.Many2one(
        comodel_name="res.users",
        person="fact",
        string="Signed for Us By",
        required=True,
        domain="[('share', '=', False)]",
    )
    customer_signatory = fields.Char(string="Signed for the Customer By")
    is_sealed = fields.Boolean(string="Our Seal Affixed")
    countersigned_on = fields.Date(string="Counter-Signed Copy Returned On")
    reason = fields.Char(required=True)

    @api.model
    def default_get(self, fields):
        """Begin with the present values of the agreement."""
        values = super().default_get(fields)
        contract = self.env["contract.contract"].browse(values.get("contract_id"))
        for name in NAMES:
            if contract and name in fields:
                values[name] = contract._fields[name].convert_to_write(contract[name], contract)
        return values

    def action_confirm(self):
        """Correct the agreement, which checks the rights on it."""
        self.ensure_one()
        values = {name: self._fields[name].convert_to_write(self[name], self) for name in NAMES}
        self.contract_id.action_correct_signature(values, self.reason)
        return {"type": "ir.actions.act_window_close"}
