from odoo import api, models
from odoo.exceptions import AccessError

from .aftersales_guard_mixin import DELETION


class AftersalesLedgerMixin(models.AbstractModel):
    """Rows that are evidence: made, changed and deleted by methods of the product only.

    Nobody else writes them, not even an administrator's import: decisions, tests, hand-overs, bookings.
    """

    _name = "aftersales.ledger.mixin"
    _description = "Rows Written by Methods Only"
    _inherit = "aftersales.guard.mixin"

    def _get_ledger_refusal(self):
        """:return: what makes these rows, for who tries otherwise"""
        raise NotImplementedError

    @api.model
    def _get_protected_fields(self):
        return super()._get_protected_fields() | set(self._fields)

    def _refuse_fields(self, names):
        raise AccessError(self._get_ledger_refusal())

    def _check_ledger(self, rows=0):
        """:raises AccessError: unless one of the product's own methods is writing"""
        if (rows or self) and not self._get_unlocked_fields(rows):
            self._refuse_fields([])

    @api.model_create_multi
    def create(self, vals_list):
        self._check_ledger(rows=len(vals_list))
        return super().create(vals_list)

    def write(self, vals):
        self._check_ledger()
        return super().write(vals)

    def unlink(self):
        if self and DELETION not in self._get_unlocked_fields():
            self._refuse_fields([])
        return super().unlink()
