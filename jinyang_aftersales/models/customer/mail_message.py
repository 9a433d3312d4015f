from odoo import models


class MailMessage(models.Model):
    """What was corrected about a customer stays in its log: who corrects it neither changes nor deletes that."""

    _inherit = "mail.message"

    def _get_forbidden_access(self, operation):
        """:return: what is forbidden already, and the log of corrections to who corrects contacts only"""
        forbidden = super()._get_forbidden_access(operation)
        if operation not in ("write", "unlink") or not self.env["res.partner"]._corrects_only():
            return forbidden
        # sudo: whether the messages hold corrections, for who may read them
        kept = (
            (self - forbidden)
            .sudo()
            .filtered(lambda message: message.model == "res.partner" and message.tracking_value_ids)
        )
        return forbidden + kept.sudo(False)
