from odoo import models

from .aftersales_guard_mixin import OPEN
from .aftersales_portal_page_mixin import MAIL_KEY


class PortalShare(models.TransientModel):
    """Sharing a customer's document: the link asks to sign in, the customer's contact gets his own by mail."""

    _inherit = "portal.share"

    def action_send_mail(self):
        """Send the link to everybody chosen; nobody is invited by the token of a customer's document."""
        if isinstance(self.resource_ref, self.pool["aftersales.portal.page.mixin"]):
            self._send_public_link(self.partner_ids)
            return {"type": "ir.actions.act_window_close"}
        return super().action_send_mail()


class MailRenderMixin(models.AbstractModel):
    _inherit = "mail.render.mixin"

    def _render_template(self, template_src, model, res_ids, *args, **kwargs):
        """Mail about a contract, as the contract addon writes it, holds the link with the token.

        The arguments are those of the mail module.

        :return: texts by id of the document
        :rtype: dict
        """
        if model == "contract.contract":
            self = self.with_context(**{MAIL_KEY: OPEN})
        return super()._render_template(template_src, model, res_ids, *args, **kwargs)
