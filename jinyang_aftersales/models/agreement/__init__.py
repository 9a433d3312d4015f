"""Service agreements: draft, signing, invoice, payment that moves the service period, renewal.

Uses the subjects before it.
Order: what sends and prints papers, fees, the agreement, its rules and lines, then the steps in the order they happen.
`values` holds no model.
"""

from . import (
    aftersales_dispatch_mixin,
    aftersales_agreement_paper_mixin,
    product_template,
    product_product,
    contract_contract,
    rules,
    contract_line,
    contract_modification,
    signing,
    billing,
    payment,
    aftersales_archive_entry,
    aftersales_installation,
    aftersales_service_period,
    account_move,
    res_partner,
)
