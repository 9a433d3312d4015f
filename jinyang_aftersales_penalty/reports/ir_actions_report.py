from odoo import api, models


class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

    @api.model
    def _aftersales_papers(self):
        return super()._aftersales_papers() | {
            "jinyang_aftersales_penalty.report_fund_statement",
            "jinyang_aftersales_penalty.report_sanction",
        }
