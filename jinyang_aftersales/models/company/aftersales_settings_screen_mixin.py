from lxml import etree

from odoo import api, models


class AftersalesSettingsScreenMixin(models.AbstractModel):
    """A screen on which settings of one company are changed, made from the list of settings.

    The inheriting model has a field ``company_id``, and in its form an element named
    ``aftersales_settings``, in whose place the settings are shown.
    """

    _name = "aftersales.settings.screen.mixin"
    _inherit = "aftersales.settings.mixin"
    _description = "Screen of Service Settings"

    @api.model
    def _is_changed_by_user(self, setting):
        """Whether the user may change a setting on this screen.

        :param Setting setting: of the list
        :rtype: bool
        """
        return self.env.user.has_groups(setting.groups)

    @api.model
    def _get_settings_by_name(self):
        """All settings of the list, by the name of their field.

        :rtype: dict[str, Setting]
        """
        blocks = self._get_aftersales_settings()
        return {setting.name: setting for block in blocks for setting in block.settings}

    @api.model
    def _get_changed_settings(self):
        """Names of the settings that the user changes on this screen.

        :rtype: list[str]
        """
        settings = self._get_settings_by_name()
        return [name for name, setting in settings.items() if self._is_changed_by_user(setting)]

    @api.model
    def default_get(self, fields):
        defaults = super().default_get(fields)
        company = self.env["res.company"].browse(defaults.get("company_id")) or self.env.company
        for name, value in self._get_present_settings(company).items():
            if name in fields and f"default_{name}" not in self.env.context:
                defaults[name] = value
        return defaults

    @api.model_create_multi
    def create(self, vals_list):
        # Saving the screen writes all settings: fill in the company's values for settings that were not sent.
        companies = self.env["res.company"]
        filled = [
            {
                **self._get_present_settings(
                    companies.browse(vals.get("company_id")) or self.env.company
                ),
                **vals,
            }
            for vals in vals_list
        ]
        return super().create(filled)

    @api.model
    def _get_present_settings(self, company):
        """Settings of a company that the user may change, as values to write.

        :param res.company company: one that the user reads
        :rtype: dict
        """
        names = self._get_changed_settings()
        return company._convert_to_write({name: company[name] for name in names})

    def _apply_settings(self, company):
        """Write the settings to the company that the user may change and that differ from the company's.

        :param res.company company: in an environment with the rights to write it
        """
        self.ensure_one()
        names = [name for name in self._get_changed_settings() if self[name] != company[name]]
        if names:
            company.write(self._convert_to_write({name: self[name] for name in names}))

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        arch, view = super()._get_view(view_id, view_type, **options)
        blocks = sorted(self._get_aftersales_settings(), key=lambda block: block.sequence)
        for place in arch.xpath("//*[@name='aftersales_settings']"):
            for block in blocks:
                place.addprevious(self._prepare_block(block))
            place.getparent().remove(place)
        return arch, view

    @api.model
    def _prepare_block(self, block):
        """Element of the form with a block of settings.

        :param SettingsBlock block: of the list
        :rtype: lxml.etree.Element
        """
        groups = {setting.groups for setting in block.settings}
        # Show the title only to users who may change one of the settings below it.
        element = etree.Element(
            "div", name=f"aftersales_{block.name}", groups=",".join(sorted(groups))
        )
        etree.SubElement(element, "h2", {"class": "mt-4"}).text = block.title
        container = etree.SubElement(element, "div", {"class": "row mt-3 o_settings_container"})
        container.extend(self._prepare_setting(setting) for setting in block.settings)
        return element

    @api.model
    def _prepare_setting(self, setting):
        """Element of the form with one setting: label, help, field and unit.

        :param Setting setting: of the list
        :rtype: lxml.etree.Element
        """
        # sudo: the form is made once for all users; the groups in it hide settings that a user may not change
        described = self.sudo().fields_get([setting.name], ["help"])
        element = etree.Element(
            "setting", help=described[setting.name]["help"], groups=setting.groups
        )
        if setting.invisible:
            element.set("invisible", setting.invisible)
        unit = {"class": "oe_inline"} if setting.unit else {}
        etree.SubElement(element, "field", {"name": setting.name, **unit, **setting.attributes})
        if setting.unit:
            etree.SubElement(element, "span", {"class": "ms-2"}).text = setting.unit
        return element
