from odoo import models

from ...tools.mail import MAIL, MAIL_KEY


class MailRenderMixin(models.AbstractModel):
    _inherit = "mail.render.mixin"

    def _render_template(self, template_src, model, res_ids, *args, **kwargs):
        """Put the link of the person into mail about contracts, which the templates of the contract addon write.

        The arguments are those of the mail module.

        :return: texts by id of the document
        :rtype: dict
        """
        if model != "contract.contract":
            return super()._render_template(template_src, model, res_ids, *args, **kwargs)
        # sudo: the secrets of links, which are put into the mail only
        contracts = self.env[model].sudo().browse(res_ids)
        personal = {}
        if "access_token" in (template_src or ""):
            for contract in contracts:
                secret = contract._portal_ensure_token()
                personal[contract.id] = contract.access_token, secret
        mixin = self.with_context(**{MAIL_KEY: MAIL})
        texts = super(MailRenderMixin, mixin)._render_template(
            template_src, model, res_ids, *args, **kwargs
        )
        for number, (old, secret) in personal.items():
            # the template names the field, which opens nothing any more
            if old and texts.get(number):
                texts[number] = texts[number].replace(old, secret)
        return texts
