from odoo.addons.portal.controllers.mail import MailController

from .request_values import secret_text


class AftersalesMailController(MailController):
    """Links in mails that lead to a document."""

    @classmethod
    def _redirect_to_record(cls, model, res_id, access_token=None, **kwargs):
        """Redirect from a mail to its document; treat malformed tokens as wrong ones instead of raising.

        :param str model: model of the document
        :param int res_id: its id
        :param str access_token: token that stands for the right to read it
        :return: a redirection
        """
        return super()._redirect_to_record(
            model, res_id, access_token=secret_text(access_token), **kwargs
        )
