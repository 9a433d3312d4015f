from odoo import models


class ContractModification(models.Model):
    _name = "contract.modification"
    _inherit = ["aftersales.portal.fields.mixin", "contract.modification"]
    _portal_fields = frozenset({"contract_id", "date", "description"})
