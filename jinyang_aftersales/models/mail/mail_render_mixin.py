from odoo import models

from ...tools.mail import MAIL, MAIL_KEY


class MailRenderMixin(models.AbstractModel):
    _inherit = "mail.render.mixin"

    def _render_template(self, template_src, model, res_ids, *args, **kwargs):
        """Put the link with the token into mail about contracts, which the templates of the contract addon write.

        The arguments are those of the mail module.

        :return: texts by id of the document
        :rtype: dict
        """
        if model == "contract.contract":
            self = self.with_context(**{MAIL_KEY: MAIL})
        return super()._render_template(template_src, model, res_ids, *args, **kwargs)
