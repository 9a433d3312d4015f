from odoo import api, fields, models

from ...models.change.values import CHANNELS, KINDS, OPINIONS, RESULTS

ACTIONS = [
    ("action_record_test", "Record the Test"),
    ("action_record_opinion", "Customer's Opinion"),
    ("action_send_back", "Send Back"),
    ("action_close_without_opinion", "Close Without an Opinion"),
    ("action_correct_kind", "Correct the Kind"),
]


class AftersalesChangeStep(models.TransientModel):
    """Asks for the values of a step of a program change; the change checks who may take it."""

    _name = "aftersales.change.step"
    _description = "Step of a Program Change"
    _inherit = "aftersales.dialog.mixin"

    change_id = fields.Many2one(
        comodel_name="aftersales.change.request", string="Program Change", required=True
    )
    action = fields.Selection(selection=ACTIONS, required=True)
    result = fields.Selection(selection=RESULTS)
    customer_invited = fields.Boolean(
        string="Customer Tested, Too",
        compute="_compute_customer_invited",
        store=True,
        readonly=False,
    )
    is_substitute = fields.Boolean(related="change_id.is_substitute")
    confirmed_by_id = fields.Many2one(related="change_id.confirmed_by_id")
    substitute_reason = fields.Char(string="Why You Test")
    partner_id = fields.Many2one(related="change_id.partner_id")
    opinion = fields.Selection(selection=OPINIONS, string="Customer's Opinion")
    contact_id = fields.Many2one(
        comodel_name="res.partner",
        string="Who Says So",
        compute="_compute_contact_id",
        store=True,
        readonly=False,
        domain="[('commercial_partner_id', '=', partner_id)]",
    )
    channel = fields.Selection(selection=CHANNELS, default="phone")
    state = fields.Selection(
        selection=[("development", "Development"), ("testing", "Testing")],
        string="Back To",
        default="development",
    )
    kind = fields.Selection(
        selection=KINDS,
        string="Right Kind",
        compute="_compute_kind",
        store=True,
        readonly=False,
    )
    note = fields.Text()

    @api.depends("change_id")
    def _compute_customer_invited(self):
        for step in self:
            step.customer_invited = bool(step.change_id.customer_invited_on)

    @api.depends("change_id")
    def _compute_kind(self):
        for step in self:
            step.kind = step.change_id.kind

    @api.depends("change_id")
    def _compute_contact_id(self):
        for step in self:
            step.contact_id = step.change_id.contact_id

    def action_confirm(self):
        """Take the step; see the method of the change for what is refused."""
        self.ensure_one()
        change = self.change_id
        if self.action == "action_record_test":
            change.action_record_test(
                self.result, self.note, self.customer_invited, self.substitute_reason
            )
        elif self.action == "action_record_opinion":
            change.action_record_opinion(self.opinion, self.note, self.contact_id.id, self.channel)
        elif self.action == "action_send_back":
            change.action_send_back(self.state, self.note)
        elif self.action == "action_correct_kind":
            change.action_correct_kind(self.kind, self.note)
        else:
            change.action_close_without_opinion(self.note)
        return {"type": "ir.actions.act_window_close"}
