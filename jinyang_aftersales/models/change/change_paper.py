from odoo import models


class AftersalesChangeRequest(models.Model):
    """The request on paper: 程序修改申请单 (五.4.1, 五.7.4)."""

    _inherit = "aftersales.change.request"

    def _get_paper_title(self):
        """:return: title of the printed form"""
        self.ensure_one()
        return self.env._("Program Change Request Form")
