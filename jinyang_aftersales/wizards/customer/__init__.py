from . import (
    aftersales_owner_follow,
    aftersales_serial_entry,
    aftersales_service_period_change,
    base_partner_merge,
)
