from . import aftersales_approval_decide, aftersales_change_step
