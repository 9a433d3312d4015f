from odoo import models


class AftersalesChangeRequest(models.Model):
    """The request on paper: 程序修改申请单 (五.4.1, 五.7.4)."""

    _inherit = "aftersales.change.request"

    def _for_paper(self):
        """The request as it is printed, for who may read it.

        :rtype: aftersales.change.request
        """
        self.check_access("read")
        # sudo: names on the form, of contacts and colleagues who need not be readable otherwise
        return self.sudo().with_context(lang=self._get_customer_lang())

    def _get_paper_title(self):
        """:return: title of the printed form"""
        self.ensure_one()
        return self.env._("Program Change Request Form")
