from . import aftersales_suggestion_answer
