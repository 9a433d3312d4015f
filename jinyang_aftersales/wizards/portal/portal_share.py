from odoo import models


class PortalShare(models.TransientModel):
    """Sharing a customer's document: the link asks to sign in, the customer's contact gets his own by mail."""

    _inherit = "portal.share"

    def action_send_mail(self):
        """Send the link to everybody chosen; nobody is invited by the token of a customer's document."""
        if isinstance(self.resource_ref, self.pool["aftersales.portal.page.mixin"]):
            self._send_public_link(self.partner_ids)
            return {"type": "ir.actions.act_window_close"}
        return super().action_send_mail()
