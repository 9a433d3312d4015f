from odoo import models


class PortalShare(models.TransientModel):
    """Sharing a customer's document sends a link without token: its visitors have to sign in."""

    _inherit = "portal.share"

    def action_send_mail(self):
        """Send the plain link of customers' documents, whose token is mailed to the customer only."""
        if isinstance(self.resource_ref, self.pool["aftersales.portal.page.mixin"]):
            self._send_public_link(self.partner_ids)
            return {"type": "ir.actions.act_window_close"}
        return super().action_send_mail()
