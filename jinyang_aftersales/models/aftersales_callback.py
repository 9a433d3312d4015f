from odoo import fields, models


class AftersalesCallback(models.Model):
    """A call to a customer and what came of it (五.5, 四 回访专员)."""

    _name = "aftersales.callback"
    _description = "Call-back"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "due_date, id"
    _check_company_auto = True

    kind = fields.Selection(selection=[("renewal", "Renewal")], required=True, default="renewal")
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, default=lambda self: self.env.company, index=True
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Customer", required=True, index=True
    )
    contact_id = fields.Many2one(comodel_name="res.partner", string="Contact")
    notice_id = fields.Many2one(
        comodel_name="aftersales.renewal.notice", index="btree_not_null", ondelete="cascade"
    )
    contract_id = fields.Many2one(
        comodel_name="contract.contract", string="Agreement", index="btree_not_null"
    )
    user_id = fields.Many2one(comodel_name="res.users", string="Caller", index=True, tracking=True)
    due_date = fields.Date(required=True, index=True)
    state = fields.Selection(
        selection=[("todo", "To Call"), ("done", "Done"), ("cancelled", "Cancelled")],
        default="todo",
        required=True,
        index=True,
        tracking=True,
    )
    result = fields.Selection(
        selection=[("reached", "Reached"), ("unreachable", "Unreachable")], tracking=True
    )
    attempt_count = fields.Integer(string="Attempts", readonly=True)
    called_on = fields.Datetime(readonly=True)
    answer = fields.Selection(
        selection=[
            ("renewing", "Renewing"),
            ("considering", "Considering"),
            ("declining", "Declining"),
        ],
        tracking=True,
    )
    decline_reason = fields.Char(tracking=True)
    note = fields.Text()
