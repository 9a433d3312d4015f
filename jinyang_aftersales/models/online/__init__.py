"""Odoo's online services (SMS, letters, company look-up, AI texts, online payment): hidden and refused while off.

The modules are no dependency. This subject overrides models of base, account and calendar which those modules call,
so it works whether or not they are installed.

Uses `company`, which has the setting.
Order: the company, which all other files ask for the switch; then models of base, then those of calendar and account.
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
