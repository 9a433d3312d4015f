from odoo.addons.portal.controllers.portal import CustomerPortal

from .request_values import secret_text


class AftersalesCustomerPortal(CustomerPortal):
    def _document_check_access(self, model_name, document_id, access_token=None):
        """Check the access as Odoo does; a token that cannot be one is a wrong token, not an error.

        :param str model_name: model of the document
        :param int document_id: its id
        :param str access_token: token that stands for the right to read it
        :return: the document, as superuser
        :raise AccessError: neither the user nor the token may read it
        :raise MissingError: there is no such document
        """
        return super()._document_check_access(model_name, document_id, secret_text(access_token))
