from odoo import api, models

from ...groups import READERS

# the app of helpdesk_mgmt, whose windows are in our menus
HELPDESK = "helpdesk_mgmt.helpdesk_ticket_main_menu"


class IrUiMenu(models.Model):
    """One app: who has a role of the service finds tickets in its menus only."""

    _inherit = "ir.ui.menu"

    @api.model
    def _load_menus_blacklist(self):
        hidden = super()._load_menus_blacklist()
        helpdesk = self.env.ref(HELPDESK, raise_if_not_found=False)
        if not helpdesk or not self.env.user.has_group(READERS):
            return hidden
        return [*hidden, helpdesk.id]
