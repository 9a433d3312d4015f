from lxml import etree

from odoo import api, fields, models


class ResConfigSettings(models.TransientModel):
    """Odoo's settings of the after-sales service, for administrators."""

    _name = "res.config.settings"
    _inherit = ["res.config.settings", "aftersales.settings.screen.mixin"]

    aftersales_setup_warnings = fields.Text(compute="_compute_aftersales_setup_warnings")

    @api.depends("company_id")
    def _compute_aftersales_setup_warnings(self):
        for settings in self:
            warnings = settings.company_id._aftersales_setup_warnings()
            settings.aftersales_setup_warnings = "\n".join(warnings)

    @api.model
    def _is_changed_by_user(self, setting):
        # Odoo saves its settings for administrators only
        return self.env.is_admin()

    def set_values(self):
        result = super().set_values()
        self._apply_settings(self.company_id)
        return result

    @api.model
    def _prepare_block(self, block):
        element = etree.Element("block", name=f"aftersales_{block.name}", title=block.title)
        element.extend(self._prepare_setting(setting) for setting in block.settings)
        return element

    @api.model
    def _prepare_setting(self, setting):
        element = super()._prepare_setting(setting)
        del element.attrib["groups"]
        element.set("company_dependent", "1")
        return element
