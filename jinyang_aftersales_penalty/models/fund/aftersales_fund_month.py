import re
from datetime import date

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class AftersalesFundMonth(models.Model):
    """The monthly statement of a fund: opening balance, fines, reversals, spending and closing balance."""

    _name = "aftersales.fund.month"
    _description = "Monthly Fund Statement"
    _inherit = "aftersales.search.mixin"
    _auto = False
    _order = "month desc, fund_id"
    _search_links = ("fund_id",)
    _depends = {
        "aftersales.fund.move": ["fund_id", "company_id", "date", "kind", "amount"],
    }

    fund_id = fields.Many2one(comodel_name="aftersales.fund", readonly=True)
    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    currency_id = fields.Many2one(related="fund_id.currency_id")
    month = fields.Date(string="First Day", readonly=True)
    label = fields.Char(string="Month", compute="_compute_label")
    # balances are not summed over months
    opening = fields.Monetary(string="Opening Balance", readonly=True, aggregator=None)
    income = fields.Monetary(string="Fines", readonly=True)
    reversed_amount = fields.Monetary(string="Reversals", readonly=True)
    spent = fields.Monetary(readonly=True)
    closing = fields.Monetary(string="Closing Balance", readonly=True, aggregator=None)

    @api.depends("month")
    def _compute_label(self):
        for row in self:
            row.label = row.month and f"{row.month:%Y-%m}"

    @api.model
    def _get_word_domains(self, word, text):
        """Find statements by their month, too."""
        domains = super()._get_word_domains(word, text)
        if month := re.fullmatch("(20[0-9]{2})(0[1-9]|1[0-2])", word):
            domains.append(Domain("month", "=", date(int(month[1]), int(month[2]), 1)))
        return domains

    @api.depends("label", "fund_id")
    def _compute_display_name(self):
        for row in self:
            row.display_name = f"{row.label or ''} {row.fund_id.display_name or ''}".strip()

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT month.*, month.closing - month.total AS opening
              FROM (
                SELECT min(id) AS id, fund_id, company_id,
                       date_trunc('month', date)::date AS month,
                       COALESCE(sum(amount) FILTER (WHERE kind = 'income'), 0) AS income,
                       -COALESCE(sum(amount) FILTER (WHERE kind = 'reversal'), 0) AS reversed_amount,
                       -COALESCE(sum(amount) FILTER (WHERE kind = 'spending'), 0) AS spent,
                       sum(amount) AS total,
                       sum(sum(amount)) OVER (
                           PARTITION BY fund_id ORDER BY date_trunc('month', date)
                       ) AS closing
                  FROM aftersales_fund_move
              GROUP BY fund_id, company_id, date_trunc('month', date)
              ) month
            """
        )


class AftersalesFund(models.Model):
    """The statement of a fund, on screen and on paper (七.8, 总纲: 公开)."""

    _inherit = "aftersales.fund"

    name = fields.Char(string="Number", compute="_compute_name")
    month_ids = fields.One2many(
        comodel_name="aftersales.fund.month", inverse_name="fund_id", string="Monthly Statement"
    )

    @api.depends("company_id")
    def _compute_name(self):
        for fund in self:
            fund.name = f"JJ-{fund.id or 0:04}"

    def _get_statement_months(self):
        """The months of the last year, in the order in which they are printed.

        :rtype: aftersales.fund.month
        """
        self.ensure_one()
        return self._get_statement_rows("aftersales.fund.month", "month", [])

    def _get_statement_spending(self):
        """The spending of the last year; it does not show whose fines were spent.

        :rtype: aftersales.fund.move
        """
        self.ensure_one()
        return self._get_statement_rows("aftersales.fund.move", "date", [("kind", "=", "spending")])

    def _get_statement_rows(self, model, day, domain):
        first = self._get_statement_today().replace(day=1) - relativedelta(months=11)
        return self.env[model].search(
            [("fund_id", "=", self.id), (day, ">=", first), *domain], order=f"{day}, id"
        )

    def _get_statement_today(self):
        """:return: today's date in the company's time zone, printed on the statement"""
        return self.company_id._aftersales_today()

    def _get_statement_lang(self):
        """Language of the printed statement: the company's.

        :rtype: str
        """
        self.ensure_one()
        return self.company_id._aftersales_lang()
