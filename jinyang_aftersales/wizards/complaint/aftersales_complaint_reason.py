from odoo import fields, models


class AftersalesComplaintReason(models.TransientModel):
    """Asks why a complaint is cancelled or reopened."""

    _name = "aftersales.complaint.reason"
    _description = "Reason for a Step of a Complaint"
    _inherit = "aftersales.dialog.mixin"

    complaint_id = fields.Many2one(
        comodel_name="aftersales.complaint", required=True, readonly=True, ondelete="cascade"
    )
    step = fields.Selection(
        selection=[("cancel", "Cancel"), ("reopen", "Reopen")], required=True, readonly=True
    )
    reason = fields.Text(required=True)

    def action_confirm(self):
        """Take the step; the complaint checks the rights on it."""
        self.ensure_one()
        if self.step == "cancel":
            self.complaint_id.action_cancel(self.reason)
        else:
            self.complaint_id.action_reopen(self.reason)
        return {"type": "ir.actions.act_window_close"}
