from odoo import api, models

from .services import MENUS


class IrUiMenu(models.Model):
    """Menus without payment providers and without the shop of apps."""

    _inherit = "ir.ui.menu"

    @api.model
    def _load_menus_blacklist(self):
        hidden = super()._load_menus_blacklist()
        # menus are kept for a user, not for one of the user's companies
        companies = self.env["res.company"].browse(self.env.user._get_company_ids())
        used = any(company._aftersales_online() for company in companies)
        if used or self.env.user._is_system():
            return hidden
        menus = (self.env.ref(name, raise_if_not_found=False) for name in MENUS)
        return [*hidden, *(menu.id for menu in menus if menu)]
