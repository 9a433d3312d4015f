from werkzeug.exceptions import NotFound

from odoo import models
from odoo.http import request
from odoo.tools.misc import hmac

from .services import PAGES


class IrHttp(models.AbstractModel):
    """Pages for payments, and what the scripts know of the switch."""

    _inherit = "ir.http"

    @classmethod
    def _pre_dispatch(cls, rule, args):
        result = super()._pre_dispatch(rule, args)
        # the company that is paid is known to the page only: it is the invoice's, not the visitor's
        if rule.rule.startswith(PAGES) and not request.env["res.company"]._aftersales_online_ids():
            raise NotFound()
        return result

    def session_info(self):
        info = super().session_info()
        used = self.env.company._aftersales_online()
        # browsers keep views and menus until this hash is another one
        companies = self.env["res.company"]._aftersales_online_ids()
        kept_by = (info["registry_hash"], used, self.env.company._aftersales_sms(), companies)
        return {
            **info,
            # sudo: the secret of the database is read for the hash
            "registry_hash": hmac(self.env(su=True), "webclient-cache", repr(kept_by)),
            "aftersales_online_services": used,
        }
