from odoo import models

from ...models.customer.owner import FOLLOWS


class MergePartnerAutomatic(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _update_foreign_keys(self, src_partners, dst_partner):
        src_partners._before_documents_go(dst_partner, "merge")
        result = super()._update_foreign_keys(src_partners, dst_partner)
        self.env.invalidate_all()
        return result

    def _update_values(self, src_partners, dst_partner):
        # The contact that stays may take over a parent from the others, or have one already: then the documents of
        # the merged customers belong to its company.
        result = super()._update_values(
            src_partners, dst_partner.with_context(aftersales_owner=FOLLOWS)
        )
        dst_partner._hand_over_documents()
        # numbers of the merged contacts are found for a year
        dst_partner._sync_keys()
        return result
