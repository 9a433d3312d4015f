from odoo import api, fields, models
from odoo.exceptions import AccessError


class AftersalesApprovalDecide(models.TransientModel):
    """Asks a manager for the opinion on one document or on many at once."""

    _name = "aftersales.approval.decide"
    _description = "Approve or Refuse"

    res_model = fields.Char(required=True)
    res_ids = fields.Json(required=True)
    document_names = fields.Text(compute="_compute_document_names")
    opinion = fields.Text()

    @api.depends("res_model", "res_ids")
    def _compute_document_names(self):
        for wizard in self:
            wizard.document_names = "\n".join(wizard._get_documents().mapped("display_name"))

    def _get_documents(self):
        """:return: the documents to decide on, of a model that is approved and as the user may read"""
        model = self.env.get(self.res_model)
        if model is None or not hasattr(model, "_request_approval"):
            raise AccessError(self.env._("Only documents to approve are decided here."))
        ids = [number for number in self.res_ids or [] if isinstance(number, int)]
        return model.browse(ids).exists()

    def action_approve(self):
        """Approve all of them, or none."""
        self._get_documents().action_approve(self.opinion)
        return {"type": "ir.actions.act_window_close"}

    def action_refuse(self):
        """Refuse all of them, or none."""
        self._get_documents().action_refuse(self.opinion)
        return {"type": "ir.actions.act_window_close"}
