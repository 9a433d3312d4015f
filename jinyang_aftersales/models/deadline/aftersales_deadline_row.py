from odoo import fields, models


class AftersalesDeadlineRow(models.AbstractModel):
    """Rows about the deadline of a document; on private documents only readers of its messages may read them."""

    _name = "aftersales.deadline.row"
    _description = "Row of a Deadline"
    _inherit = "aftersales.private.row"

    company_id = fields.Many2one(comodel_name="res.company", required=True, index=True)
    res_model = fields.Char(string="Document Model", required=True)
    res_id = fields.Many2oneReference(string="Document", model_field="res_model", required=True)
    kind = fields.Char(required=True)
