from odoo import fields, models


class AftersalesAgreementLose(models.TransientModel):
    """Asks why agreements were lost."""

    _name = "aftersales.agreement.lose"
    _description = "Mark Agreement as Lost"
    _inherit = "aftersales.dialog.mixin"

    contract_ids = fields.Many2many(
        comodel_name="contract.contract", string="Agreements", required=True
    )
    reason = fields.Char(required=True)

    def action_confirm(self):
        """Mark the agreements as lost; ``action_lose`` checks the rights on them."""
        self.contract_ids.action_lose(self.reason)
        return {"type": "ir.actions.act_window_close"}
