from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ProductTemplate(models.Model):
    """Yearly fee for the service of a software, proposed on the lines of agreements.

    Each company has its own, in its currency. It is a proposal: agreements that exist keep what was agreed.
    """

    _inherit = "product.template"

    aftersales_fee_kind = fields.Selection(
        selection=[("amount", "Amount"), ("share", "Share of the Price")],
        string="Yearly Fee",
        company_dependent=True,
        help="What a year of service costs: an amount, or a share of the sales price. Empty: the sales price.",
    )
    aftersales_fee_amount = fields.Float(
        string="Fee a Year", digits="Product Price", company_dependent=True
    )
    aftersales_fee_share = fields.Float(
        string="Share of the Price (%)", digits=(5, 2), company_dependent=True
    )
    aftersales_fee_currency_id = fields.Many2one(
        comodel_name="res.currency", compute="_compute_aftersales_yearly_fee"
    )
    aftersales_yearly_fee = fields.Monetary(
        string="Fee for a Year",
        compute="_compute_aftersales_yearly_fee",
        currency_field="aftersales_fee_currency_id",
        help="Proposed on agreements of a year; shorter and longer terms by their months.",
    )

    @api.constrains("aftersales_fee_amount", "aftersales_fee_share")
    def _check_aftersales_fee(self):
        for product in self:
            if product.aftersales_fee_amount < 0 or not 0 <= product.aftersales_fee_share <= 100:
                raise ValidationError(
                    self.env._(
                        "%s: the yearly fee is no negative amount, and a share between 0 and 100 %%.",
                        product.display_name,
                    )
                )

    @api.depends(
        "aftersales_fee_kind", "aftersales_fee_amount", "aftersales_fee_share", "list_price"
    )
    @api.depends_context("company")
    def _compute_aftersales_yearly_fee(self):
        company = self.env.company
        for product in self:
            product.aftersales_fee_currency_id = company.currency_id
            product.aftersales_yearly_fee = product._get_yearly_fee(company, product.list_price)

    def _get_yearly_fee(self, company, price):
        """What a year of service for the software costs.

        :param company: res.company
        :param float price: sales price, in the currency of the product
        :return: amount in the currency of the company, None where the product has no yearly fee
        :rtype: float | None
        """
        self.ensure_one()
        # sudo: proposed to users who may not read products
        product = self.sudo().with_company(company)
        currency = company.currency_id
        if product.aftersales_fee_kind == "amount":
            return currency.round(product.aftersales_fee_amount)
        if product.aftersales_fee_kind == "share":
            price = product.currency_id._convert(
                price, currency, company, company._aftersales_today(), round=False
            )
            return currency.round(price * product.aftersales_fee_share / 100)
        return None

    def action_open_fee(self):
        """Open the dialogue in which a service manager sets the yearly fee and the free service."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Service of the Software"),
            "res_model": "aftersales.product.fee",
            "view_mode": "form",
            "target": "new",
            "context": {"default_product_id": self.id},
        }
