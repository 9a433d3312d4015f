from odoo import models


class ResCompany(models.Model):
    """Public holidays that are entered later: cases are judged again."""

    _inherit = "res.company"

    def _aftersales_lose_days(self, lost, gained):
        """Withdraw proposals that are in time with these holidays, after the deadlines were moved."""
        result = super()._aftersales_lose_days(lost, gained)
        self.env["aftersales.penalty.detection"]._judge_again(self, lost, gained)
        return result
