"""The company: its settings, its day, working days, roles, numbers, and the hourly job.

Uses no other subject; every other subject may use it.
Order: the company first, the settings screen last, because it repeats the company's fields.
"""

from . import (
    res_company,
    roles,
    set_up,
    working_days,
    aftersales_makeup_day,
    ir_sequence,
    service_state,
    aftersales_job,
    res_config_settings,
)
