from . import (
    aftersales_agreement_lose,
    aftersales_approval_decide,
    aftersales_archive_step,
    aftersales_callback_assign,
    aftersales_callback_record,
    aftersales_delay_announce,
    aftersales_holiday_load,
    aftersales_notice_dispatch,
    aftersales_service_period_change,
    aftersales_visit_reschedule,
    aftersales_service_settings,
    base_partner_merge,
)
