from odoo import api, fields, models
from odoo.exceptions import AccessError

from ...groups import MANAGERS


class AftersalesServiceSettings(models.TransientModel):
    """Lets service managers change the service settings of their company, and nothing else of it."""

    _name = "aftersales.service.settings"
    _inherit = "aftersales.settings.screen.mixin"
    _description = "Service Settings"

    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        readonly=True,
        ondelete="cascade",
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    setup_warnings = fields.Text(compute="_compute_setup_warnings")

    @api.depends("company_id")
    def _compute_setup_warnings(self):
        for settings in self:
            settings._check_may_configure()
            settings.setup_warnings = "\n".join(settings.company_id._aftersales_setup_warnings())

    def _has_field_access(self, field, operation):
        """Refuse settings that service managers may not change."""
        if not super()._has_field_access(field, operation):
            return False
        setting = self._get_settings_by_name().get(field.name)
        return self.env.su or not setting or self._is_changed_by_user(setting)

    def action_save(self):
        """Write the settings to the company.

        :raise odoo.exceptions.AccessError: for users other than service managers of the company
        """
        self.ensure_one()
        self._check_may_configure()
        # sudo: managers may not write companies; checked above, and limited to the settings they may change
        self._apply_settings(self.company_id.sudo())
        return {"type": "ir.actions.act_window_close"}

    def _check_may_configure(self):
        """Refuse all but service managers, and companies other than the user's own.

        :raise odoo.exceptions.AccessError: with the reason
        """
        if not self.env.user.has_group(MANAGERS):
            raise AccessError(self.env._("Only service managers change the service settings."))
        if self.company_id - self.env.user.company_ids:
            raise AccessError(self.env._("Service settings are changed in one's own companies."))
