from odoo import api, models

from ...groups import MANAGERS
from .kinds import AGREEMENTS, LEDGER, TICKETS
from .templates import NAMES


def _template(env, code):
    """:return: the template of a kind of table, as the import screen offers it"""
    if not env.user.has_group(MANAGERS):
        return []
    label = env._("Template %s", NAMES[code])
    return [{"label": label, "template": f"/jinyang_aftersales/takeover/template/{code}"}]


class AftersalesInstallation(models.Model):
    _inherit = "aftersales.installation"

    @api.model
    def get_import_templates(self):
        """See the base method: the ledger of customers and software."""
        return super().get_import_templates() + _template(self.env, LEDGER)


class ResPartner(models.Model):
    _inherit = "res.partner"

    @api.model
    def get_import_templates(self):
        """See the base method: the ledger of customers and software, besides Odoo's own."""
        return super().get_import_templates() + _template(self.env, LEDGER)


class ContractContract(models.Model):
    _inherit = "contract.contract"

    @api.model
    def get_import_templates(self):
        """See the base method: the agreements in force."""
        return super().get_import_templates() + _template(self.env, AGREEMENTS)


class HelpdeskTicket(models.Model):
    _inherit = "helpdesk.ticket"

    @api.model
    def get_import_templates(self):
        """See the base method: the open tickets of another system."""
        return super().get_import_templates() + _template(self.env, TICKETS)
