"""Odoo's online services: SMS, letters by post, company look-up, online payment. Off, they are neither seen nor asked.

The modules that bring them install themselves and are no dependency: what they do is met where they pass through
models of Odoo that are always there, so it holds without them, with them, and when they are installed later.

Uses `company`, which has the setting.
"""

from . import (
    res_company,
    base,
    ir_config_parameter,
    ir_model_access,
    ir_ui_view,
    ir_ui_menu,
    ir_http,
    res_partner,
    calendar_alarm_manager,
    account_move,
    account_move_send,
)
