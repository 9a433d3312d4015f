from . import aftersales_reason
