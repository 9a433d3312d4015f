from odoo import models


class MergePartnerAutomatic(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _update_foreign_keys(self, src_partners, dst_partner):
        # a customer has one notice for an end of service: join those of the same day before the customers are merged
        # sudo: the user who merges customers may not write notices
        self.env["aftersales.renewal.notice"].sudo()._merge_customers(src_partners, dst_partner)
        return super()._update_foreign_keys(src_partners, dst_partner)
