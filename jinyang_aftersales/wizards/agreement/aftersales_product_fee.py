from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...groups import MANAGERS

FIELDS = (
    "aftersales_free_months",
    "aftersales_fee_kind",
    "aftersales_fee_amount",
    "aftersales_fee_share",
)
# taken from the product, and kept as they are entered
PROPOSED = {"compute": "_compute_fee", "store": True, "precompute": True, "readonly": False}


class AftersalesProductFee(models.TransientModel):
    """Lets service managers, who manage no products, set the yearly fee and the free service of a software."""

    _name = "aftersales.product.fee"
    _description = "Service of a Software"

    product_id = fields.Many2one(
        comodel_name="product.template", required=True, readonly=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(
        comodel_name="res.currency", default=lambda self: self.env.company.currency_id
    )
    list_price = fields.Float(related="product_id.list_price", digits="Product Price")
    aftersales_free_months = fields.Integer(string="Free Service (Months)", **PROPOSED)
    aftersales_fee_kind = fields.Selection(
        selection=[("amount", "Amount"), ("share", "Share of the Price")],
        string="Yearly Fee",
        **PROPOSED,
    )
    aftersales_fee_amount = fields.Monetary(string="Fee a Year", **PROPOSED)
    aftersales_fee_share = fields.Float(string="Share of the Price (%)", digits=(5, 2), **PROPOSED)

    @api.depends("product_id")
    def _compute_fee(self):
        for dialog in self:
            for name in FIELDS:
                dialog[name] = dialog.product_id[name]

    def action_apply(self):
        """Set the fee in the present company.

        :raises AccessError: for users who are no service managers
        :raises UserError: for products that are no software
        """
        self.ensure_one()
        if not self.env.user.has_group(MANAGERS):
            raise AccessError(self.env._("A service manager sets the yearly fee."))
        product = self.product_id
        product.check_access("read")
        if not product.aftersales_line_id:
            raise UserError(self.env._("%s is no software.", product.display_name))
        # sudo: service managers write nothing else of a product
        product.sudo().write({name: self[name] for name in FIELDS})
        return {"type": "ir.actions.act_window_close"}
