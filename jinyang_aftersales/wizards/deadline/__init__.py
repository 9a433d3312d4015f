from . import aftersales_delay_announce
