from odoo import fields, models


class AftersalesSerialEntry(models.TransientModel):
    """Asks who has it in hand for the serial number of a software (五.6.2)."""

    _name = "aftersales.serial.entry"
    _description = "Enter Serial Number"
    _inherit = "aftersales.dialog.mixin"

    installation_id = fields.Many2one(
        comodel_name="aftersales.installation", required=True, readonly=True, ondelete="cascade"
    )
    serial_present = fields.Char(
        related="installation_id.serial_number", string="Present Serial Number"
    )
    serial_number = fields.Char(string="New Serial Number", required=True)
    serial_reason = fields.Char(string="Why Replaced")

    def action_apply(self):
        """Enter the number; see ``_enter_serial`` of the installation for what is refused."""
        self.ensure_one()
        self.installation_id._enter_serial(self.serial_number, self.serial_reason)
        return {"type": "ir.actions.act_window_close"}
