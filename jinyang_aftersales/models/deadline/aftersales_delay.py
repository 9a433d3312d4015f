from odoo import fields, models


class AftersalesDelay(models.Model):
    """A deadline that was moved: who announced it, when, and for which reason (三.8, 五.4.5).

    Only ``aftersales.deadline.mixin`` makes these rows; nobody changes or deletes them.
    """

    _name = "aftersales.delay"
    _description = "Announced Delay"
    _inherit = "aftersales.deadline.row"
    _order = "id desc"

    date_old = fields.Date(string="Was Due")
    date_new = fields.Date(string="Is Due", required=True)
    reason = fields.Text(required=True)
    announced_by_id = fields.Many2one(
        comodel_name="res.users", person="fact", required=True, default=lambda self: self.env.user
    )
    announced_on = fields.Datetime(required=True, default=fields.Datetime.now)
    in_time = fields.Boolean(
        string="Announced in Time", help="Said before the old deadline had passed (三.8)."
    )

    _document_idx = models.Index("(res_model, res_id)")
