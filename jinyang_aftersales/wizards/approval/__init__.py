from . import aftersales_approval_decide
