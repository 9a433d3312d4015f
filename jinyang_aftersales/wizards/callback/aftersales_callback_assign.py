from odoo import api, fields, models

from ...models.callback.values import TITLE_LENGTH


class AftersalesCallbackAssign(models.TransientModel):
    """Asks the manager to whom a customer's question is assigned (五.5.4)."""

    _name = "aftersales.callback.assign"
    _description = "Assign the Question of a Customer"
    _inherit = "aftersales.dialog.mixin"

    callback_id = fields.Many2one(comodel_name="aftersales.callback", required=True)
    company_id = fields.Many2one(related="callback_id.company_id")
    partner_id = fields.Many2one(related="callback_id.partner_id")
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Assigned To",
        required=True,
        compute="_compute_question",
        store=True,
        readonly=False,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    category_id = fields.Many2one(
        comodel_name="helpdesk.ticket.category",
        domain="[('company_id', 'in', (company_id, False))]",
    )
    title = fields.Char(compute="_compute_question", store=True, readonly=False, required=True)
    description = fields.Text(compute="_compute_question", store=True, readonly=False)

    @api.depends("callback_id")
    def _compute_question(self):
        for wizard in self:
            question = wizard.callback_id._get_question() if wizard.callback_id else ""
            wizard.description = question
            wizard.title = " ".join(question.split())[:TITLE_LENGTH]
            # proposed: the specialist in charge of the customer
            wizard.user_id = wizard.callback_id.partner_id.service_user_id

    def action_assign(self):
        """Assign the question; see ``aftersales.callback.action_assign`` for what is refused."""
        self.ensure_one()
        ticket = self.callback_id.action_assign(
            self.user_id, self.category_id, self.title, self.description
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": "helpdesk.ticket",
            "res_id": ticket.id,
            "view_mode": "form",
        }
