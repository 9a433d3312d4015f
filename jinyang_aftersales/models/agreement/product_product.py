from odoo import models

from ...tools.dates import term_in_years


class ProductProduct(models.Model):
    """What the service for a software costs in a term."""

    _inherit = "product.product"

    def _get_term_fee(self, company, start, end):
        """The yearly fee for a term: whole years and months count as such, further days as a part of their month.

        :param company: res.company
        :param datetime.date start: first day of the term; a year is meant without it
        :param datetime.date end: last day, inclusive
        :return: amount in the currency of the company, None where the product has no yearly fee
        :rtype: float | None
        """
        self.ensure_one()
        # sudo: proposed to users who may not read products
        product = self.sudo()
        fee = product.product_tmpl_id._get_yearly_fee(company, product.lst_price)
        if fee is None or not start or not end or end < start:
            return fee
        years = term_in_years(start, end)
        return company.currency_id.round(float(fee * years.numerator) / years.denominator)

    def _propose_service_price(self, company, start, end):
        """Price of a new line of an agreement: the fee for the term, else the sales price.

        :param company: res.company
        :param datetime.date start: first day of the term
        :param datetime.date end: last day, inclusive
        :rtype: float
        """
        fee = self._get_term_fee(company, start, end)
        return self.lst_price if fee is None else fee
