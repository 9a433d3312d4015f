from . import aftersales_implementation_finish
