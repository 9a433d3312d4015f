"""Renewal offers: how customers accept or decline an agreement on the portal.

Uses `agreement` and the subjects before it.
Order: the answer to an offer, then the offer that goes out with a renewal notice.
"""

from . import (
    contract_contract,
    aftersales_renewal_notice,
)
