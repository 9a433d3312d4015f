from . import aftersales_notice_dispatch
