from . import aftersales_holiday_load, aftersales_service_settings
