from . import (
    aftersales_agreement_lose,
    aftersales_callback_record,
    aftersales_notice_dispatch,
    aftersales_service_period_change,
    aftersales_service_settings,
    base_partner_merge,
)
