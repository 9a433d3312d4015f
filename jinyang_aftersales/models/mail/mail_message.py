from odoo import api, models
from odoo.fields import Domain


class MailMessage(models.Model):
    """Customers read messages of their documents only while they may read the document itself.

    Messages of private documents are restricted for our own people by ``aftersales.private.row``.
    """

    _name = "mail.message"
    _inherit = ["mail.message", "aftersales.private.row"]
    _row_document = ("model", "res_id")

    @api.model
    def _get_customer_document_models(self):
        """Models whose messages customers may read only while they may read the document.

        Without this, Odoo lets everybody who was once notified, or follows the document, read and write its messages.

        :rtype: list[str]
        """
        return [
            "helpdesk.ticket",
            "contract.contract",
            "aftersales.application",
            "aftersales.archive.entry",
            "aftersales.callback",
            "aftersales.change.request",
            "aftersales.complaint",
            "aftersales.implementation",
            "aftersales.installation",
            "aftersales.visit",
        ]

    @api.model
    def _leave_out_foreign(self, domain):
        domain = super()._leave_out_foreign(domain)
        if not self.env.user.share:
            return domain
        # Leave out messages of customer documents that the portal user may not read.
        models_guarded = self._get_customer_document_models()
        readable = Domain("model", "not in", models_guarded)
        for name in models_guarded:
            documents = self.env[name].with_context(active_test=False)
            if documents.has_access("read"):
                readable |= Domain("model", "=", name) & Domain(
                    "res_id", "in", documents._search([])
                )
        return domain & readable

    def _get_forbidden_access(self, operation):
        """Forbid portal users every operation on messages of customer documents they may not read.

        :param str operation: read, write, create or unlink
        :return: the messages that are forbidden
        """
        forbidden = super()._get_forbidden_access(operation)
        if not self.env.user.share:
            return forbidden
        # sudo: only the models and ids of the documents are read
        messages = (self - forbidden).sudo()
        for name in self._get_customer_document_models():
            of_model = messages.filtered(lambda message, name=name: message.model == name)
            documents = self.env[name].browse(set(of_model.mapped("res_id"))).exists()
            readable = set(documents._filtered_access("read").ids)
            foreign = of_model.filtered(lambda message, ids=readable: message.res_id not in ids)
            forbidden += foreign.with_env(self.env)
        return forbidden
