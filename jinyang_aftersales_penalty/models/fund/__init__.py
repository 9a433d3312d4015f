"""The department's fund: what came in, what was spent, by month.

Uses the subjects before it.
Order: the fund before its months.
"""

from . import aftersales_fund, aftersales_fund_month
