from odoo import api, fields, models


def _period_field(string):
    """:return: field for one end of the service period, the present one by default"""
    return fields.Date(
        string=string,
        compute="_compute_dates",
        # computed with the rights of the user: dates the user may not read are not proposed either
        compute_sudo=False,
        store=True,
        precompute=True,
        readonly=False,
        required=True,
    )


class AftersalesServicePeriodChange(models.TransientModel):
    """Changes the service period of an installation by hand; the reason is kept as history."""

    _name = "aftersales.service.period.change"
    _description = "Change Service Period"
    _inherit = "aftersales.dialog.mixin"

    installation_id = fields.Many2one(
        comodel_name="aftersales.installation", required=True, readonly=True, ondelete="cascade"
    )
    date_start = _period_field("Service From")
    date_end = _period_field("Service To")
    reason = fields.Char(required=True)

    @api.depends("installation_id")
    def _compute_dates(self):
        for wizard in self:
            installation = wizard.installation_id
            wizard.date_start = (
                installation.service_date_start or installation._default_service_start()
            )
            wizard.date_end = installation.service_date_end

    def action_apply(self):
        """Write the new period; see :meth:`aftersales.installation._change_period`."""
        self.ensure_one()
        self.installation_id._change_period(self.date_start, self.date_end, self.reason)
        return {"type": "ir.actions.act_window_close"}
