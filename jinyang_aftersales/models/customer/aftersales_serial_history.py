from odoo import fields, models

from .history import installation_field


class AftersalesSerialHistory(models.Model):
    """Which serial number an installation had, from when to when (五.6.2, 五.6.4)."""

    _name = "aftersales.serial.history"
    _description = "Serial Number History"
    _inherit = "aftersales.guard.mixin"
    _order = "issued_on desc, id desc"
    _allow_sudo_commands = False

    installation_id = installation_field()
    company_id = fields.Many2one(related="installation_id.company_id", store=True)
    serial_number = fields.Char(required=True, index="trigram")
    issued_on = fields.Datetime(required=True)
    issued_by_id = fields.Many2one(comodel_name="res.users", person="fact", string="Issued By")
    replaced_on = fields.Datetime()
    replaced_by_id = fields.Many2one(comodel_name="res.users", person="fact", string="Replaced By")
    reason = fields.Char(string="Why Replaced")
