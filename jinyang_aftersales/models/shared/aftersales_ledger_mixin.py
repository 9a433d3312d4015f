from odoo import api, models
from odoo.exceptions import AccessError


class AftersalesLedgerMixin(models.AbstractModel):
    """Rows that are evidence, such as decisions, tests, hand-overs and bookings.

    Only methods of the product make, change and delete them; an administrator's import is refused, too.
    """

    _name = "aftersales.ledger.mixin"
    _description = "Rows Written by Methods Only"
    _inherit = ["aftersales.guard.mixin", "aftersales.search.mixin"]

    def _get_ledger_refusal(self):
        """:return: by which methods these rows are made, told to users who write them in another way"""
        raise NotImplementedError

    @api.model
    def _get_protected_fields(self):
        return super()._get_protected_fields() | set(self._fields)

    def _refuse_fields(self, names):
        raise AccessError(self._get_ledger_refusal())

    @api.model
    def _check_new_vals(self, vals_list, unlocked):
        if vals_list and not unlocked:
            self._refuse_fields([])
        return super()._check_new_vals(vals_list, unlocked)

    def _check_locked_vals(self, vals):
        if self:
            self._refuse_fields([])
        return super()._check_locked_vals(vals)

    def _check_locked_deletion(self):
        self._refuse_fields([])
        return super()._check_locked_deletion()
