from odoo import fields, models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    aftersales_line_id = fields.Many2one(
        comodel_name="aftersales.product.line",
        string="Software Product Line",
        index="btree_not_null",
        help="Set on software that is installed at customers and on the service products sold for it.",
    )
