from . import aftersales_takeover_live
