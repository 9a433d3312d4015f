from odoo import models


class AftersalesMakeupDay(models.Model):
    """Days that are worked for a holiday are found by what they show."""

    _name = "aftersales.makeup.day"
    _inherit = ["aftersales.makeup.day", "aftersales.search.mixin"]
