from . import aftersales_visit_answer, aftersales_visit_reschedule
