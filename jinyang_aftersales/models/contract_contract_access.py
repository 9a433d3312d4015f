from odoo import fields, models


class ContractContract(models.Model):
    _inherit = "contract.contract"

    # found by way of the journal and the price list, which customers may not read; the currency
    # they may
    currency_id = fields.Many2one(compute_sudo=True)
