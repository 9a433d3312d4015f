import hashlib
import hmac
import secrets
from datetime import timedelta

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import consteq
from odoo.tools import hmac as sign

from ...tools.mail import MAIL, MAIL_KEY, OUTSIDE
from .aftersales_portal_link import ACT, OLD_LINK_DAYS, READ

# states in which a document of whatever kind has ended
ENDED = frozenset({"done", "refused", "cancelled", "closed"})


class AftersalesPortalPageMixin(models.AbstractModel):
    """A document with a page on the portal, and the links that open it.

    A visitor with a link acts for the customer without an account: signs, accepts, gives an opinion. Each person has
    an own link (``aftersales.portal.link``), which is put into mail to that person and nowhere else. Our own people
    and portal users do not read it by RPC, export or link; they open the page with their own rights.

    ``access_token`` holds what mails of before version 19.0.3.0.0 opened the document with, for everybody alike. It
    shows the document for some days after the update, and lets nobody act.
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

    def _get_ended_domain(self):
        """:return: domain of the documents that have ended: links open them for some days more"""
        field = self._fields.get("state")
        if not field or field.type != "selection":
            return Domain.FALSE
        return Domain("state", "in", sorted(ENDED & set(field.get_values(self.env))))

    # === Links === #

    def _get_link_partner(self):
        """The person to whom a link is mailed where nobody else is named: the contact, else the customer.

        :rtype: res.partner
        """
        self.ensure_one()
        contact = self.contact_id if "contact_id" in self._fields else self.partner_id
        return contact or self.partner_id

    def _get_link_secret(self, partner):
        """The secret of a person's link to this document; the link is made when there is none.

        :param partner: res.partner
        :rtype: str
        """
        self.ensure_one()
        # sudo: authors of mail to the customer cause the link to be made, but do not read its secret
        document = self.sudo()
        # Odoo compares what visitors send with this field, which must not be empty then.
        super(AftersalesPortalPageMixin, document)._portal_ensure_token()
        partner = partner.sudo()
        if not partner.active or partner.commercial_partner_id != document.commercial_partner_id:
            # opens nothing: who has left gets no link
            return secrets.token_urlsafe(32)
        return document.env["aftersales.portal.link"]._ensure(document, partner).secret

    def _portal_ensure_token(self):
        # sudo: see _get_link_secret
        partner = self.sudo()._get_link_partner()
        # the links of a message are made for those who get it, each for its person
        if partner and OUTSIDE not in self.env.context:
            return self._get_link_secret(partner)
        return super(AftersalesPortalPageMixin, self.sudo())._portal_ensure_token()

    def _sign_token(self, pid):
        # sudo: part of the secret; only the signature is returned
        document = self.sudo()
        links = document.env["aftersales.portal.link"]
        link = links._find_living(document, document.env["res.partner"].browse(pid))
        if not link:
            return super(AftersalesPortalPageMixin, document)._sign_token(pid)
        key = document.env["ir.config_parameter"].get_param("database.secret")
        text = repr((self.env.cr.dbname, link.secret, pid))
        return hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest()

    def _is_old_secret(self, secret):
        """:return: whether it is what mails of before links of persons opened the document with"""
        old = self.sudo().access_token
        return bool(old and isinstance(secret, str) and consteq(old.encode(), secret.encode()))

    def _get_link_access(self, secret):
        """What a secret of a mail gives its holder now.

        :param secret: as the visitor sent it
        :return: ``act``, ``read``, or False
        :rtype: str | bool
        """
        self.ensure_one()
        # sudo: the secret is the visitor's right; only what it gives is told
        document = self.sudo()
        if not secret or not document._is_open_by_token():
            return False
        if document.env["aftersales.portal.link"]._find_opening(document, secret):
            return ACT
        company = document.company_id or self.env.company
        since = company.sudo().aftersales_duties_since
        old = since and company._aftersales_today() <= since + timedelta(days=OLD_LINK_DAYS)
        return READ if old and document._is_old_secret(secret) else False

    def _get_access_by(self, token=None, signature=None, pid=None):
        """What the secrets in the address of a page or of its messages give their holder now.

        :param token: secret of a link, as the visitor sent it
        :param signature: signature of a person, as the visitor sent it
        :param pid: id of the person
        :return: ``act``, ``read``, or False
        :rtype: str | bool
        """
        access = self._get_link_access(token)
        if access != ACT and self._get_signing_person(signature, pid):
            return ACT
        return access

    def _get_opening_link(self, token=None, signature=None, pid=None):
        """The link of a person with which a visitor has come; the arguments are those of :meth:`_get_access_by`.

        :return: aftersales.portal.link, as superuser; empty for others
        """
        # sudo: the secrets are the visitor's right
        links = self.env["aftersales.portal.link"].sudo()
        person = self._get_signing_person(signature, pid)
        return links._find_opening(self, token) or (
            links._find_living(self, person) if person else links
        )

    @api.model
    def _sign_file(self, secret, file, field):
        """:return: signature of a link's secret over a file: it opens this file, and does not tell the secret"""
        # sudo: the key of the database; only the signature is returned
        return sign(self.env(su=True), "aftersales_portal_file", (secret, file.id, field))

    def _opens_file(self, signature, file, field):
        """Whether the link with which a signature was made opens this document now.

        :param str signature: as the visitor sent it, see :meth:`_sign_file`
        :param file: ir.attachment of this document
        :param str field: field of the file that is asked for
        :rtype: bool
        """
        self.ensure_one()
        # sudo: the signature is the visitor's right
        document = self.sudo()
        links = document.env["aftersales.portal.link"].search(
            [("res_model", "=", document._name), ("res_id", "=", document.id)]
        )
        return any(
            secret
            and consteq(document._sign_file(secret, file, field), signature)
            and document._get_link_access(secret)
            for secret in (*links.mapped("secret"), document.access_token)
        )

    def _get_signing_person(self, signature, pid):
        """The person whom the signature of a mail's link names, while their link lives.

        :param signature: as the visitor sent it, with the id of the person
        :param pid: the id
        :rtype: res.partner
        """
        # sudo: see _get_link_access
        document = self.sudo()
        people = document.env["res.partner"]
        if not (isinstance(signature, str) and signature.isascii() and str(pid).isdecimal()):
            return people
        person = people.browse(int(pid)).exists()
        link = document.env["aftersales.portal.link"]._find_living(document, person)
        known = link and document._is_open_by_token()
        return person if known and consteq(document._sign_token(person.id), signature) else people

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
