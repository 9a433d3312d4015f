from . import aftersales_complaint_reason
