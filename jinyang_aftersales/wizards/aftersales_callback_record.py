from odoo import fields, models

from ..models.aftersales_renewal_notice import ANSWERS


class AftersalesCallbackRecord(models.TransientModel):
    """Asks the caller for the result of a call."""

    _name = "aftersales.callback.record"
    _description = "Record a Call"

    callback_id = fields.Many2one(comodel_name="aftersales.callback", required=True)
    # what the user may not read is not shown here either
    partner_id = fields.Many2one(related="callback_id.partner_id", related_sudo=False)
    contact_id = fields.Many2one(related="callback_id.contact_id", related_sudo=False)
    phone = fields.Char(related="callback_id.phone", related_sudo=False)
    result = fields.Selection(
        selection=[("reached", "Reached"), ("unreachable", "Unreachable")],
        required=True,
        default="reached",
    )
    answer = fields.Selection(selection=ANSWERS)
    decline_reason = fields.Char()
    note = fields.Text()

    def action_record(self):
        """Record the call; see ``aftersales.callback.action_record`` for what is refused."""
        self.ensure_one()
        self.callback_id.action_record(self.result, self.answer, self.decline_reason, self.note)
        return {"type": "ir.actions.act_window_close"}
