from odoo import api, fields, models


class AftersalesServicePeriodChange(models.TransientModel):
    """Changes the service period of an installation by hand; the reason is kept as history."""

    _name = "aftersales.service.period.change"
    _description = "Change Service Period"

    installation_id = fields.Many2one(
        comodel_name="aftersales.installation", required=True, readonly=True, ondelete="cascade"
    )
    date_start = fields.Date(
        string="Service From",
        compute="_compute_dates",
        # what the user may not read is not shown here either
        compute_sudo=False,
        store=True,
        precompute=True,
        readonly=False,
        required=True,
    )
    date_end = fields.Date(
        string="Service To",
        compute="_compute_dates",
        compute_sudo=False,
        store=True,
        precompute=True,
        readonly=False,
        required=True,
    )
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
