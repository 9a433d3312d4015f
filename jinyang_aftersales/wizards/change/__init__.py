from . import aftersales_change_step
