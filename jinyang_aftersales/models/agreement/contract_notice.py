from odoo import models


# the model is several rooms, see contract_contract.py
class ContractContract(models.Model):
    """Renewal notices of an agreement."""

    _inherit = "contract.contract"

    def _message_receive_bounce(self, email, partner):
        # the mail of a notice belongs to its agreement
        result = super()._message_receive_bounce(email, partner)
        self.notice_ids._handle_bounce(email)
        return result
