"""Rules of penalty as data: clause, amount, grace time, first day; their changes; settings; the base of documents
about a case.

Uses the subjects before it.
Order: the rules and which of them hold first, because the model of changes copies their selection values.
`values` holds no model.
"""

from . import (
    aftersales_case_mixin,
    aftersales_penalty_rule,
    terms,
    aftersales_penalty_rule_change,
    aftersales_regulation,
    aftersales_regulation_clause,
    aftersales_settings_mixin,
    res_company,
    res_config_settings,
)
