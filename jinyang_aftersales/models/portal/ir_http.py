from odoo import models
from odoo.http import request


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @classmethod
    def _get_translation_frontend_modules_name(cls):
        # The mail module shows the messages of documents on the portal: load its translations there.
        return [*super()._get_translation_frontend_modules_name(), "mail"]

    @classmethod
    def _post_dispatch(cls, response):
        # A frame of another site could guide the clicks of visitors on pages that sign and accept.
        if response.mimetype == "text/html":
            response.headers.setdefault("Content-Security-Policy", "frame-ancestors 'self'")
        super()._post_dispatch(response)

    @classmethod
    def _serve_fallback(cls):
        # No page has such an address, and searching for it in the database would raise.
        if "\0" in request.httprequest.path:
            return None
        return super()._serve_fallback()
