from odoo import api, fields, models
from odoo.exceptions import ValidationError

# a contract of sale gives a year of service, unless the product says something else
FREE_MONTHS = 12


class ProductTemplate(models.Model):
    _inherit = "product.template"

    aftersales_line_id = fields.Many2one(
        comodel_name="aftersales.product.line",
        string="Software Product Line",
        index="btree_not_null",
        help="Set on software that is installed at customers and on the service products sold for it.",
    )
    aftersales_free_months = fields.Integer(
        string="Free Service (Months)",
        default=FREE_MONTHS,
        help="Service that comes with the software, counted from the day of installation (五.6.1). It is proposed when"
        " software is entered at a customer. 0: none is proposed.",
    )

    @api.constrains("aftersales_free_months")
    def _check_aftersales_free_months(self):
        for product in self:
            if product.aftersales_free_months < 0:
                raise ValidationError(
                    self.env._("%s: enter the months of free service, or 0.", product.display_name)
                )
