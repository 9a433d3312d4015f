from odoo import api, fields, models


class AftersalesImplementationFinish(models.TransientModel):
    """Asks on which day the work of an implementation ended (五.7.3, 七.6)."""

    _name = "aftersales.implementation.finish"
    _description = "Finish an Implementation"
    _inherit = "aftersales.dialog.mixin"

    implementation_id = fields.Many2one(
        comodel_name="aftersales.implementation", required=True, ondelete="cascade", readonly=True
    )
    date_planned = fields.Date(related="implementation_id.date_end", string="Planned End")
    day = fields.Date(
        string="Ended On",
        compute="_compute_day",
        store=True,
        readonly=False,
        required=True,
        help="The day on which the work really ended; the three forms are due three days later.",
    )

    @api.depends("implementation_id")
    def _compute_day(self):
        for wizard in self:
            company = wizard.implementation_id.company_id
            wizard.day = company and company._aftersales_today()

    def action_confirm(self):
        """Enter the end; see ``action_finish`` of the implementation for what is refused.

        :return: the dialogue about what was installed, where that is not known yet
        :rtype: dict
        """
        self.ensure_one()
        row = self.implementation_id
        row.action_finish(self.day)
        if row._lacks_result():
            return row.action_open_result()
        return {"type": "ir.actions.act_window_close"}
