from odoo import api, fields, models

from ...groups import READERS


# the model is several rooms, see contract_contract.py
class ContractContract(models.Model):
    """Call-backs about an agreement."""

    _inherit = "contract.contract"

    callback_ids = fields.One2many(
        comodel_name="aftersales.callback",
        inverse_name="contract_id",
        string="Call-backs",
        groups=READERS,
        copy=False,
    )
    callback_count = fields.Integer(compute="_compute_callback_count", groups=READERS)

    @api.depends("callback_ids")
    def _compute_callback_count(self):
        counts = dict(
            self.env["aftersales.callback"]._read_group(
                [("contract_id", "in", self.ids)], ["contract_id"], ["__count"]
            )
        )
        for contract in self:
            contract.callback_count = counts.get(contract, 0)

    def action_view_callbacks(self):
        """Open the call-backs about the agreement."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "jinyang_aftersales.aftersales_callback_action"
        )
        action["domain"] = [("contract_id", "=", self.id)]
        action["context"] = {"default_contract_id": self.id}
        return action
