from odoo import api, models

from .services import ADDRESSES, PORTAL_PAYMENT


class IrConfigParameter(models.Model):
    """Addresses of the online services are not given out to a company that does not use them: no data leaves."""

    _inherit = "ir.config_parameter"

    @api.model
    def get_param(self, key, default=False):
        """Read a parameter.

        :raises UserError: when it is the address of a service that the company does not use
        """
        if key in ADDRESSES and not self.env.company._aftersales_online():
            raise self.env.company._aftersales_online_error()
        if key == PORTAL_PAYMENT and not self.env.company._aftersales_online():
            return False
        return super().get_param(key, default)
