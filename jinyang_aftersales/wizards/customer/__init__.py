from . import aftersales_service_period_change, base_partner_merge
