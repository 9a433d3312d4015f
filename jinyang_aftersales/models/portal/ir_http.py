from odoo import models
from odoo.http import request


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @classmethod
    def _get_translation_frontend_modules_name(cls):
        # the communication of tickets and agreements on the portal is drawn by mail
        return [*super()._get_translation_frontend_modules_name(), "mail"]

    @classmethod
    def _serve_fallback(cls):
        # no file is kept under such an address, and the database takes no such text
        if "\0" in request.httprequest.path:
            return None
        return super()._serve_fallback()
