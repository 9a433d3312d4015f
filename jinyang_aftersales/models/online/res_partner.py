from odoo import api, models


class ResPartner(models.Model):
    """Names, tax numbers and addresses of customers are looked up nowhere while the services are off.

    The methods below are those of `partner_autocomplete` and `base_geolocalize`, which load before this addon. The
    process that installs them later has them the other way round until it is started again; until then the services
    of Odoo are refused by their address alone. Without these modules a call from outside finds nothing.
    """

    _inherit = "res.partner"

    @api.model
    def autocomplete_by_name(self, *args, **kwargs):
        """Find companies by the name typed so far.

        :rtype: list[dict]
        """
        look_up = getattr(super(), "autocomplete_by_name", None)
        if not (look_up and self.env.company._aftersales_online()):
            return []
        return look_up(*args, **kwargs)

    @api.model
    def autocomplete_by_vat(self, *args, **kwargs):
        """Find companies by their tax number, at Odoo and at the register of the European Union.

        :rtype: list[dict]
        """
        look_up = getattr(super(), "autocomplete_by_vat", None)
        if not (look_up and self.env.company._aftersales_online()):
            return []
        return look_up(*args, **kwargs)

    @api.model
    def enrich_by_domain(self, *args, **kwargs):
        """Find out about a company by its domain; Odoo does it when an administrator signs in.

        :rtype: dict
        """
        look_up = getattr(super(), "enrich_by_domain", None)
        if not (look_up and self.env.company._aftersales_online()):
            return {}
        return look_up(*args, **kwargs)

    def geo_localize(self):
        """Send the address to a server of maps.

        :return: whether it was sent
        :rtype: bool
        :raises UserError: while the services are off
        """
        if not self.env.company._aftersales_online():
            raise self.env.company._aftersales_online_error()
        localize = getattr(super(), "geo_localize", None)
        return bool(localize and localize())
