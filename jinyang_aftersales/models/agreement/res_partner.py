from odoo import models


class ResPartner(models.Model):
    """Contracts of a customer: those that were made for it, also when the contact has moved to another company."""

    _inherit = "res.partner"

    def _get_partner_contract_domain(self):
        return list(self._get_owned_domain())

    def _compute_contract_count(self):
        contracts = self.env["contract.contract"]
        for partner in self:
            counts = dict(
                contracts._read_group(partner._get_owned_domain(), ["contract_type"], ["__count"])
            )
            partner.sale_contract_count = counts.get("sale", 0)
            partner.purchase_contract_count = counts.get("purchase", 0)
