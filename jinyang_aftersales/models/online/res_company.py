from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import ormcache


class ResCompany(models.Model):
    """Cached answers whether a company uses the online services, for the models of this subject and for pages."""

    _inherit = "res.company"

    @ormcache("self.id")
    def _aftersales_online(self):
        """Whether Odoo's online services are used by the company.

        :rtype: bool
        """
        # sudo: the switch is no secret, and pages of customers ask for it, too
        return self.sudo().aftersales_online_services

    @api.model
    @ormcache()
    def _aftersales_online_ids(self):
        """Companies that use Odoo's online services.

        :rtype: tuple[int]
        """
        # sudo: the switch is no secret, and pages of customers ask for it, too
        companies = self.sudo().with_context(active_test=True)
        return companies.search([("aftersales_online_services", "=", True)])._ids

    def _aftersales_sms_provider(self):
        """:return: which provider sends the company's SMS, a key of the field that `sms_twilio` adds; "iap" is Odoo"""
        # sudo: the name of the provider is no secret, and the company may be one of another user
        provider = self.sudo().sms_provider if "sms_provider" in self._fields else ""
        return provider or "iap"

    def _aftersales_sms(self):
        """Whether SMS are written at the company: Odoo sends them, or a provider of the company's own.

        :rtype: bool
        """
        return self._aftersales_online() or self._aftersales_sms_provider() != "iap"

    def _aftersales_online_error(self):
        """:return: the exception with which a service that is switched off refuses, to be raised"""
        return UserError(
            self.env._(
                "%s does not use Odoo's online services. A service manager can switch them on in the service"
                " settings.",
                # sudo: the name of the user's own company
                self.sudo().name,
            )
        )

    def write(self, vals):
        switch = "aftersales_online_services"
        # sudo: only compared, the right to write is checked by writing
        changed = switch in vals and any(one[switch] != bool(vals[switch]) for one in self.sudo())
        result = super().write(vals)
        if changed:
            # with the switch itself: menus and bound actions; views are kept by a key that holds the switch
            self.env.registry.clear_cache()
        return result
