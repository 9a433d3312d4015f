from odoo import api, models

# of which it may be announced that they are dealt with later, or somebody reminded
PRIVATE = ("aftersales.penalty", "aftersales.penalty.exception")


class AftersalesDelay(models.Model):
    """That, and why, a decision about somebody was put off: for the managers who may read the case."""

    _inherit = "aftersales.delay"

    @api.model
    def _get_private_models(self):
        return (*super()._get_private_models(), *PRIVATE)


class AftersalesReminder(models.Model):
    """The same for who was reminded to decide."""

    _inherit = "aftersales.reminder"

    @api.model
    def _get_private_models(self):
        return (*super()._get_private_models(), *PRIVATE)
