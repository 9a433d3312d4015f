from . import (
    aftersales_visit_answer,
    aftersales_visit_finish,
    aftersales_visit_paper,
    aftersales_visit_reschedule,
)
