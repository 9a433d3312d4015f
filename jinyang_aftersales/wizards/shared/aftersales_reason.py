from odoo import api, fields, models
from odoo.exceptions import AccessError

from ...tools.text import list_words


class AftersalesReason(models.TransientModel):
    """Asks why a step is taken, or whether it is meant, for documents of ``aftersales.reason.mixin``."""

    _name = "aftersales.reason"
    _description = "Reason for a Step"
    _inherit = "aftersales.chosen.mixin"

    step = fields.Char(required=True, readonly=True)
    documents = fields.Char(string="Document", compute="_compute_documents")
    hint = fields.Char(readonly=True)
    needs_reason = fields.Boolean(readonly=True, default=True)
    reason = fields.Text()

    @api.depends("res_model", "res_ids", "step")
    def _compute_documents(self):
        # sudo(False), within: the names are those that the user may read
        for dialog in self:
            dialog.documents = list_words(self.env, dialog._get_documents().mapped("display_name"))

    def action_confirm(self):
        """Take the step, with the reason if it needs one; the documents check the rights on them.

        :raises AccessError: for documents and methods that are not asked about here
        """
        self.ensure_one()
        step = getattr(self._get_documents(), self.step)
        if self.needs_reason:
            step(self.reason)
        else:
            step()
        return {"type": "ir.actions.act_window_close"}

    def _check_model(self, model):
        steps = "_get_reason_steps" if self.needs_reason else "_get_asked_steps"
        if model is None or self.step not in getattr(model, steps, dict)():
            raise AccessError(self.env._("This step asks for no reason."))
