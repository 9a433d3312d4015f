from odoo.tools.translate import TranslationImporter

LANG = "zh_CN"


def post_init_hook(env):
    """Set what data files cannot: time zones of existing companies, Chinese terms of the OCA addons.

    :param odoo.api.Environment env: superuser environment of the installation
    """
    env["res.company"].search([])._aftersales_default_tz()
    if env["res.lang"]._lang_get(LANG):
        # If Chinese is active already, Odoo keeps existing translations at installation, also wrong ones:
        # overwrite them. If it is activated later, this file is loaded last and wins anyway.
        importer = TranslationImporter(env.cr, verbose=False)
        importer.load_file(f"jinyang_aftersales/i18n_extra/{LANG}.po", LANG)
        importer.save(overwrite=True)
