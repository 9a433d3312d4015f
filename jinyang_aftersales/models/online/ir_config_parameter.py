from odoo import SUPERUSER_ID, api, models
from odoo.tools import ormcache

from .services import ADDRESSES


class IrConfigParameter(models.Model):
    """Addresses of the online services cannot be read by users of a company that does not use the services.

    Odoo's modules read the address before each call: the error ends the call before data are sent.
    """

    _inherit = "ir.config_parameter"

    # for the key of the cache below, which sees no names of this module
    _service_addresses = ADDRESSES

    @api.model
    @ormcache("key", "self.env.uid != 1 and key in self._service_addresses and self.env.company.id")
    def _get_param(self, key):
        """Read a parameter; the answer is cached by key and, for addresses of services, by the company that asks.

        Scheduled jobs run as OdooBot, whose company says nothing about the rows they send: they are refused nothing.
        Messages queued while the services were used leave; later ones are refused before they are queued.

        :raises UserError: when it is the address of a service that the user's company does not use
        """
        asked_by_job = self.env.uid == SUPERUSER_ID
        if key in ADDRESSES and not asked_by_job and not self.env.company._aftersales_online():
            raise self.env.company._aftersales_online_error()
        return super()._get_param(key)
