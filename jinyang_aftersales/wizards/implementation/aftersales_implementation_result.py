from odoo import api, fields, models

# proposed from the document, and kept as they are entered
PROPOSED = {"compute": "_compute_result", "store": True, "precompute": True, "readonly": False}
RESULT = ("installation_id", "is_further", "serial_issued", "is_serial_later", "version")


class AftersalesImplementationResult(models.TransientModel):
    """Asks what was installed, before the customer accepts it: serial number, version, which software (五.6.2)."""

    _name = "aftersales.implementation.result"
    _description = "What Was Installed"
    _inherit = "aftersales.dialog.mixin"

    implementation_id = fields.Many2one(
        comodel_name="aftersales.implementation", required=True, ondelete="cascade", readonly=True
    )
    partner_id = fields.Many2one(related="implementation_id.partner_id")
    product_id = fields.Many2one(related="implementation_id.product_id")
    known_count = fields.Integer(related="implementation_id.known_count")
    installation_id = fields.Many2one(
        comodel_name="aftersales.installation",
        string="Installed Software",
        **PROPOSED,
        domain="[('partner_id', '=', partner_id), ('product_id', '=', product_id)]",
    )
    is_further = fields.Boolean(
        string="Further Software",
        **PROPOSED,
        help="The customer gets this software a second time, with a serial number of its own.",
    )
    serial_present = fields.Char(
        string="Present Serial Number", related="installation_id.serial_number"
    )
    serial_issued = fields.Char(string="New Serial Number", **PROPOSED)
    is_serial_later = fields.Boolean(string="Serial Number Comes Later", **PROPOSED)
    version = fields.Char(**PROPOSED)

    @api.depends("implementation_id")
    def _compute_result(self):
        for dialog in self:
            for name in RESULT:
                dialog[name] = dialog.implementation_id[name]
            dialog.installation_id = dialog.installation_id or dialog.implementation_id._get_match()

    @api.onchange("is_further")
    def _onchange_is_further(self):
        if self.is_further:
            self.installation_id = False

    def action_confirm(self):
        """Enter the result; see ``_record_result`` of the implementation for what is refused."""
        self.ensure_one()
        self.implementation_id._record_result(
            {name: self._fields[name].convert_to_write(self[name], self) for name in RESULT}
        )
        return {"type": "ir.actions.act_window_close"}
