from odoo import models


class MergePartnerAutomatic(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _update_foreign_keys(self, src_partners, dst_partner):
        # two customers announced the same day would be one customer announced twice, which is refused
        # sudo: merging customers takes along what belongs to them, whoever merges
        self.env["aftersales.renewal.notice"].sudo()._merge_customers(src_partners, dst_partner)
        return super()._update_foreign_keys(src_partners, dst_partner)
