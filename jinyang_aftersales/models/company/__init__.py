"""The company: its settings, its day, working days, roles, numbers, rows made once, and the hourly job.

Uses no other subject; every other subject may use it.
Order: the settings, which the company inherits, then the company; the screen of settings last.
"""

from . import (
    base,
    races,
    aftersales_settings_mixin,
    aftersales_settings_screen_mixin,
    res_company,
    roles,
    set_up,
    working_days,
    aftersales_makeup_day,
    resource_calendar_leaves,
    resource_calendar,
    resource_calendar_attendance,
    ir_sequence,
    service_state,
    aftersales_job_mixin,
    aftersales_job,
    res_config_settings,
)
