"""The department's fund: income, spending and monthly statements.

Uses the subjects before it.
Order: the fund before its months, a view over its moves.
"""

from . import aftersales_fund, aftersales_fund_month
