from odoo import fields, models


class AftersalesTakeoverSheet(models.Model):
    """A sheet of a file in which a table was found; one of them is read."""

    _name = "aftersales.takeover.sheet"
    _description = "Sheet of an Import"
    _inherit = ["aftersales.guard.mixin", "aftersales.search.mixin"]
    _order = "id"

    takeover_id = fields.Many2one(
        comodel_name="aftersales.takeover",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="takeover_id.company_id", store=True)
    name = fields.Char(string="Sheet", readonly=True)
    kind = fields.Selection(
        selection=lambda self: self.env["aftersales.takeover"]._select_kinds(),
        string="Kind of Table",
        readonly=True,
    )
    count = fields.Integer(string="Rows", readonly=True)
    is_chosen = fields.Boolean(string="Read", readonly=True)

    def action_choose(self):
        """Read this sheet instead of the one that was read."""
        self.ensure_one()
        self.takeover_id._choose_sheet(self.name)
        return False
