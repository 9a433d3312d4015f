from odoo import api, fields, models

from ...tools.keys import serial_key
from .history import installation_field


class AftersalesSerialHistory(models.Model):
    """Which serial number an installation had, from when to when (五.6.2, 五.6.4)."""

    _name = "aftersales.serial.history"
    _description = "Serial Number History"
    _inherit = ["aftersales.guard.mixin", "aftersales.search.mixin"]
    _order = "issued_on desc, id desc"
    _allow_sudo_commands = False
    _rec_name = "serial_number"
    _search_text = ("serial_key",)

    installation_id = installation_field()
    company_id = fields.Many2one(related="installation_id.company_id", store=True)
    serial_number = fields.Char(required=True)
    serial_key = fields.Char(compute="_compute_serial_key", store=True, precompute=True)
    issued_on = fields.Datetime(required=True)
    issued_by_id = fields.Many2one(comodel_name="res.users", person="fact", string="Issued By")
    replaced_on = fields.Datetime()
    replaced_by_id = fields.Many2one(comodel_name="res.users", person="fact", string="Replaced By")
    reason = fields.Char(string="Why Replaced")

    @api.depends("serial_number")
    def _compute_serial_key(self):
        for row in self:
            row.serial_key = serial_key(row.serial_number) or False
