"""Customers and their installed software: serial numbers, service periods, service state.

Uses the subjects before it.
Order: product lines and software before customers, whose service state follows from their software.
"""

from . import (
    base,
    aftersales_product_line,
    product_template,
    aftersales_installation,
    serial,
    aftersales_service_period,
    aftersales_serial_history,
    aftersales_partner_proposal,
    aftersales_owner_difference,
    aftersales_partner_key,
    aftersales_correction_mixin,
    res_partner,
    finding,
    owner,
    aftersales_approval_mixin,
    mail_message,
)
