from odoo import api, models
from odoo.exceptions import AccessError


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

    def _check_ledger(self):
        """:raises AccessError: unless one of the product's own methods is writing"""
        if not self._is_open():
            raise AccessError(self._get_ledger_refusal())

    @api.model_create_multi
    def create(self, vals_list):
        self._check_ledger()
        return super().create(vals_list)

    def write(self, vals):
        self._check_ledger()
        return super().write(vals)

    def unlink(self):
        self._check_ledger()
        return super().unlink()
