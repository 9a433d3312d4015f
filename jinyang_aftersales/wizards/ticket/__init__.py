from . import aftersales_ticket_correct
