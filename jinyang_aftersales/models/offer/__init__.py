"""Renewal offers: how customers accept or decline an agreement on the portal.

Uses `agreement` and the subjects before it.
Order: one file only.
"""

from . import contract_contract
