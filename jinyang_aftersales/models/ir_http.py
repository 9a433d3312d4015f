from odoo import models


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @classmethod
    def _get_translation_frontend_modules_name(cls):
        # the communication of tickets and agreements on the portal is drawn by mail
        return [*super()._get_translation_frontend_modules_name(), "mail"]
