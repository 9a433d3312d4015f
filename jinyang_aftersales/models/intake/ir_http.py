from odoo import models


class IrHttp(models.AbstractModel):
    """The scripts know from the page itself who takes calls: the bar above asks no further request for it."""

    _inherit = "ir.http"

    def session_info(self):
        return {
            **super().session_info(),
            "aftersales_takes_calls": self.env["aftersales.intake"]._takes_calls(),
        }
