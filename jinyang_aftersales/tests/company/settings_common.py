"""Checks of the settings of each addon; they run in a test class that inherits them."""

from lxml import etree

from odoo.exceptions import AccessError
from odoo.fields import Command

SCREENS = ("aftersales.service.settings", "res.config.settings")


class SettingsChecks:
    """Every setting is on both screens and can be changed there by users with the right to it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.settings = cls.env["aftersales.service.settings"]._get_settings_by_name()
        cls.administrator = cls.make_user(
            "administrator",
            "base.group_system,jinyang_aftersales.group_director,payroll.group_payroll_manager"
            if "hr.payslip" in cls.env
            else "base.group_system,jinyang_aftersales.group_director",
        )

    def shown(self, model, user):
        """Names of the settings in the form of a screen.

        :param str model: one of ``SCREENS``
        :param user: res.users, who opens it
        :rtype: list[str]
        """
        view = self.env.ref(
            {
                "aftersales.service.settings": "jinyang_aftersales.aftersales_service_settings_view_form",
                "res.config.settings": "base.res_config_settings_view_form",
            }[model]
        )
        arch = etree.fromstring(self.env[model].with_user(user).get_view(view.id)["arch"])
        return [
            node.get("name")
            for node in arch.xpath("//setting/field")
            if node.get("name") in self.settings
        ]

    def value(self, name):
        """Value of a setting that the company has.

        :param str name: of the setting
        """
        return self.company._convert_to_write({name: self.company[name]})[name]

    def other_value(self, name):
        """A value of a setting that the company does not have.

        :param str name: of the setting
        """
        field = self.env["res.company"]._fields[name]
        present = self.company[name]
        if field.type == "many2one":
            return self.manager.id
        if field.type == "selection":
            return next(value for value in field.get_values(self.env) if value != present)
        if field.type == "char":
            return f"{present or ''}x"
        return not present if field.type == "boolean" else present + 1

    def test_every_field_of_the_company_is_in_the_list(self):
        company = self.env["res.company"]
        writable = {
            name
            for name, field in company._fields.items()
            if name.startswith("aftersales_") and not field.readonly
        }
        self.assertEqual(writable, set(self.settings))

    def test_every_setting_is_on_both_screens_once(self):
        for model in SCREENS:
            with self.subTest(screen=model):
                self.assertCountEqual(self.shown(model, self.administrator), self.settings)

    def test_every_setting_has_label_and_help(self):
        model = self.env["aftersales.service.settings"]
        for name, field in model.fields_get(self.settings, ["string", "help"]).items():
            with self.subTest(name=name):
                self.assertTrue(field["string"] and field["help"])

    def test_every_setting_is_changed_on_either_screen(self):
        for model in SCREENS:
            for name in self.settings:
                with self.subTest(screen=model, name=name):
                    value = self.other_value(name)
                    screen = self.env[model].with_user(self.administrator).create({name: value})
                    getattr(screen, "execute" if model == SCREENS[1] else "action_save")()
                    self.assertEqual(self.value(name), value)

    def test_manager_sees_and_changes_what_is_the_managers_only(self):
        own = [name for name, item in self.settings.items() if self.manager.has_groups(item.groups)]
        self.assertCountEqual(self.shown(SCREENS[0], self.manager), own)
        screens = self.env[SCREENS[0]].with_user(self.manager)
        for name in self.settings:
            value = self.other_value(name)
            before = self.value(name)
            with self.subTest(name=name):
                if name in own:
                    screens.create({name: value}).action_save()
                    self.assertEqual(self.value(name), value)
                    continue
                with self.assertRaises(AccessError):
                    screens.create({name: value})
                with self.assertRaises(AccessError):
                    screens.create({}).write({name: value})
                screen = screens.create({})
                screen.sudo().write({name: value})
                screen.action_save()
                self.assertEqual(self.value(name), before)

    def test_settings_not_sent_stay_as_they_are(self):
        other = self.make_company("Branch")
        self.administrator.company_ids = [Command.link(other.id)]
        before = {name: other[name] for name in self.settings}
        for name in self.settings:
            if name != "aftersales_tz" and self.company._fields[name].type != "many2one":
                self.company[name] = self.other_value(name)
        for model, save in zip(SCREENS, ("action_save", "execute"), strict=True):
            with self.subTest(screen=model):
                screens = self.env[model].with_user(self.administrator)
                screens = screens.with_context(allowed_company_ids=(self.company + other).ids)
                screen = screens.create({"company_id": other.id, "aftersales_payment_days": 21})
                getattr(screen, save)()
                after = {name: other[name] for name in self.settings}
                self.assertEqual(after, {**before, "aftersales_payment_days": 21})
