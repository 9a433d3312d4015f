from odoo import models

from ...tools.mail import MAIL, MAIL_KEY


class AftersalesPortalPageMixin(models.AbstractModel):
    """A document with a page on the portal, and the token that opens it.

    A visitor with the token acts for the customer without an account: signs, accepts, gives an opinion. The token is
    put into mail to persons of the customer and nowhere else. Our own people and portal users do not read it by RPC,
    export or link; they open the page with their own rights.
    """

    _name = "aftersales.portal.page.mixin"
    _description = "Page on the Portal"
    _inherit = ["aftersales.portal.fields.mixin", "aftersales.shown.mixin", "portal.mixin"]

    def _get_portal_fields(self):
        return super()._get_portal_fields() | {"access_url", "commercial_partner_id"}

    def _has_field_access(self, field, operation):
        """Hide the token from all users; only mail to the customer is rendered with it.

        :param field: the field
        :param str operation: ``read`` or ``write``
        :rtype: bool
        """
        if field.name == "access_token" and not self.env.su:
            return operation == "read" and self.env.context.get(MAIL_KEY) is MAIL
        return super()._has_field_access(field, operation)

    def _is_open_by_token(self):
        """Whether the token opens the page: not for archived documents; models add states in which it is closed.

        Called on the document as superuser.

        :rtype: bool
        """
        self.ensure_one()
        return self._active_name is None or bool(self[self._active_name])

    # === Links === #

    def _portal_ensure_token(self):
        # sudo: authors of mail to the customer cause the token to be made, but do not read it
        return super(AftersalesPortalPageMixin, self.sudo())._portal_ensure_token()

    def _sign_token(self, pid):
        # sudo: part of the secret; only the signature is returned
        return super(AftersalesPortalPageMixin, self.sudo())._sign_token(pid)

    def _get_share_url(self, redirect=False, signup_partner=False, pid=None, share_token=True):
        """The address of the page; token and signature are in it only for the superuser, who renders mail.

        The arguments are those of the portal.

        :rtype: str
        """
        if not self.env.su:
            share_token, pid = False, None
        return super()._get_share_url(redirect, signup_partner, pid, share_token)

    def get_portal_url(
        self, suffix=None, report_type=None, download=None, query_string=None, anchor=None
    ):
        """The address of the page; the token is in it only for the superuser, who renders mail.

        The arguments are those of the portal.

        :rtype: str
        """
        if self.env.su:
            return super().get_portal_url(suffix, report_type, download, query_string, anchor)
        self.ensure_one()
        self.check_access("read")
        parts = (
            report_type and f"report_type={report_type}",
            download and "download=true",
            query_string and query_string.lstrip("&"),
        )
        query = "&".join(filter(None, parts))
        return (
            f"{self.access_url}{suffix or ''}"
            + (f"?{query}" if query else "")
            + (f"#{anchor}" if anchor else "")
        )
