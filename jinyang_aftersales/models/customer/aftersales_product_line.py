from odoo import api, fields, models


class AftersalesProductLine(models.Model):
    """A line of software under one brand: its letters and agreements carry the brand's name."""

    _name = "aftersales.product.line"
    _inherit = ["aftersales.portal.fields.mixin", "aftersales.search.mixin"]
    _description = "Software Product Line"
    _order = "sequence, name, id"
    _portal_fields = frozenset({"active", "name", "brand", "sequence"})

    name = fields.Char(required=True, translate=True)
    brand = fields.Char(
        required=True,
        translate=True,
        help="Stands in the title of the expiry letter: 金洋, 金蝶软件, 启擎软件 …",
    )
    letter_title = fields.Char(compute="_compute_letter_title")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(comodel_name="res.company", string="Company")

    @api.depends("brand")
    @api.depends_context("lang")
    def _compute_letter_title(self):
        # 四 回访专员.4, 五.2.2, 五.5.2: the three brands send the same letter, each under its own name
        for line in self:
            line.letter_title = self.env._(
                "Notice of Expiry of %s After-Sales Service", line.brand or ""
            )
