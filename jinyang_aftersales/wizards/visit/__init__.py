from . import aftersales_visit_reschedule
