from odoo import SUPERUSER_ID, api, models

from .services import ADDRESSES


class IrConfigParameter(models.Model):
    """Addresses of the online services cannot be read by users of a company that does not use the services.

    Odoo's modules read the address before each call: the error ends the call before data are sent.
    """

    _inherit = "ir.config_parameter"

    @api.model
    def get_param(self, key, default=False):
        """Read a parameter.

        Scheduled jobs run as OdooBot, whose company says nothing about the rows they send: they are refused nothing.
        Messages queued while the services were used leave; later ones are refused before they are queued.

        :raises UserError: when it is the address of a service that the user's company does not use
        """
        asked_by_job = self.env.uid == SUPERUSER_ID
        if key in ADDRESSES and not asked_by_job and not self.env.company._aftersales_online():
            raise self.env.company._aftersales_online_error()
        return super().get_param(key, default)
