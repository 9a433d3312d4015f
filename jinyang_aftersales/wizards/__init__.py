from . import aftersales_service_period_change
