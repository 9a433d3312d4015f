from odoo import api, models

POST = "snailmail"


class AccountMoveSend(models.AbstractModel):
    """Invoices go by e-mail, not by post, of a company that does not use the services."""

    _inherit = "account.move.send"

    @api.model
    def _is_applicable_to_company(self, method, company):
        if method == POST and not company._aftersales_online():
            return False
        return super()._is_applicable_to_company(method, company)

    @api.model
    def _is_applicable_to_move(self, method, move, **move_data):
        if method == POST and not move.company_id._aftersales_online():
            return False
        return super()._is_applicable_to_move(method, move, **move_data)

    @api.model
    def _get_default_sending_methods(self, move):
        methods = super()._get_default_sending_methods(move)
        if move.company_id._aftersales_online():
            return methods
        return methods - {POST} or {"email"}
