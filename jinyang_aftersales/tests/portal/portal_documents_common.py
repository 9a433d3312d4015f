"""Customers on the portal with their documents; holds no test itself."""

import io
import re

from odoo.tests import JsonRpcException
from odoo.tools import mute_logger

from ..visit.visit_common import VisitCommon, drawing
from .common_portal import PortalBrowser

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"


class PortalDocuments(PortalBrowser, VisitCommon):
    """Alice and Carol work for ``cls.customer``, Bob for ``cls.other``. For classes of HttpCase."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("en_US")
        cls.env["ir.default"].set("res.partner", "lang", "en_US")
        cls.env["ir.config_parameter"].set_param("mail.catchall.domain", "example.com")
        cls.other = cls.make_customer("Beta Works")
        cls.alice, cls.carol, cls.bob = (
            cls.make_portal_user(name, parent)
            for name, parent in (
                ("alice", cls.customer),
                ("carol", cls.customer),
                ("bob", cls.other),
            )
        )
        cls.installation = cls.make_installation(cls.customer, serial="JY-77")
        cls.foreign = cls.make_installation(cls.other, serial="ZZ-99")

    @classmethod
    def make_portal_user(cls, name, parent):
        partner = cls.env["res.partner"].create(
            {
                "name": name.capitalize(),
                "parent_id": parent.id,
                "lang": "en_US",
                "email": f"{name}@customer.example",
            }
        )
        return cls.make_user(
            name,
            "base.group_portal",
            lang="en_US",
            password=f"aftersales_{name}",
            partner_id=partner.id,
            email=f"{name}@customer.example",
        )

    def come(self, user):
        """Sign in as a user, None for a public visitor."""
        self.sign_in(user.login if user else None)

    def form_key(self, url, **params):
        """:return: the key of a form that is shown"""
        # url_open follows a redirection to the address with the visitor's language
        page = self.url_open(url, params=params or None).text
        return re.search(r'name="form_key" value="([0-9a-f]{32})"', page)[1]

    def send(self, url, key=None, files=None, **data):
        """Send a form with its key, a new one by default."""
        return self.post(url, files=files, form_key=key or self.form_key(url), **data)

    def scan(self, name="scan.pdf", content=PDF):
        return ("scan", (name, io.BytesIO(content)))

    def found(self, model):
        """:return: all records of a model, refreshed"""
        self.env.invalidate_all()
        return self.env[model].search([("company_id", "=", self.company.id)], order="id")

    def rpc(self, model, method, *args, **kwargs):
        return self.make_jsonrpc_request(
            f"/web/dataset/call_kw/{model}/{method}",
            {"model": model, "method": method, "args": args, "kwargs": kwargs},
        )

    def assertDenied(self, model, method, *args, **kwargs):
        with (
            mute_logger("odoo.http"),
            self.assertRaises(JsonRpcException, msg=(model, method, args)) as caught,
        ):
            self.rpc(model, method, *args, **kwargs)
        self.assertRegex(str(caught.exception), "AccessError|UserError|MissingError")

    def mails_to(self, email):
        """:return: queued mails to an address"""
        self.env.flush_all()
        mails = self.env["mail.mail"].sudo().search([])
        return mails.filtered(
            lambda mail: any(
                email in (address or "")
                for address in (mail.email_to, *mail.recipient_ids.mapped("email"))
            )
        )

    def answer(self, visit, **values):
        """Values of the feedback form of a visit."""
        return {
            "shown_hash": visit._get_shown_hash(),
            "customer_opinion": "很满意",
            "score_attitude": "5",
            "score_skill": "4",
            "score_result": "3",
            "signed_by_name": "李娜",
            "customer_signature": drawing(),
            **values,
        }
