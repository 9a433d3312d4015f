from odoo import api, models
from odoo.exceptions import AccessError

from .services import SMS_WINDOW, WINDOWS


class IrModelAccess(models.Model):
    """Rights to the wizards of online services are refused to users of a company that does not use the services.

    Odoo checks the right to read a model before it shows an action, a menu or a view of it, and before remote calls.
    """

    _inherit = "ir.model.access"

    @api.model
    def _is_switched_off(self, model):
        """Whether a model is the window of a service that the company does not use.

        :param str model: name of the model
        :rtype: bool
        """
        if model not in WINDOWS:
            return False
        company = self.env.company
        return not (
            company._aftersales_sms() if model == SMS_WINDOW else company._aftersales_online()
        )

    @api.model
    def check(self, model, mode="read", raise_exception=True):
        if self.env.su or not self._is_switched_off(model):
            return super().check(model, mode, raise_exception)
        if raise_exception:
            raise self._make_access_error(model, mode)
        return False

    def _make_access_error(self, model, mode):
        if self._is_switched_off(model):
            return AccessError(str(self.env.company._aftersales_online_error()))
        return super()._make_access_error(model, mode)
