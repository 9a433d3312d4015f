from odoo import fields, models

RESULTS = [
    ("refused", "Refused"),
    ("new", "New"),
    ("changed", "Changed"),
    ("same", "Unchanged"),
]


class AftersalesTakeoverRow(models.Model):
    """One row of a file: what becomes of it, and why not. Written by methods only."""

    _name = "aftersales.takeover.row"
    _description = "Row Taken Over"
    _inherit = ["aftersales.guard.mixin", "aftersales.search.mixin"]
    _order = "takeover_id desc, number"
    _rec_name = "text"

    takeover_id = fields.Many2one(
        comodel_name="aftersales.takeover",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="takeover_id.company_id", store=True)
    number = fields.Integer(string="Row", readonly=True, aggregator=None)
    is_hidden = fields.Boolean(
        string="Hidden", readonly=True, help="Hidden in the file; read all the same."
    )
    text = fields.Text(string="What It Says", readonly=True)
    result = fields.Selection(selection=RESULTS, readonly=True)
    reason = fields.Text(readonly=True, help="Why the row is refused.")
    changes = fields.Text(readonly=True)
    res_model = fields.Char(string="Model", readonly=True)
    res_id = fields.Many2oneReference(string="Record", model_field="res_model", readonly=True)
    cells = fields.Json(readonly=True)
    errors = fields.Json(readonly=True)

    _result_idx = models.Index("(takeover_id, result)")

    def action_open(self):
        """Open what the row is about."""
        self.ensure_one()
        if not self.res_id or self.res_model not in self.env:
            return False
        record = self.env[self.res_model].browse(self.res_id).exists()
        return bool(record) and record.get_formview_action()
