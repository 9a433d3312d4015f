from odoo.tools.translate import TranslationImporter

LANG = "zh_CN"


def post_init_hook(env):
    """Set up what data files cannot: time zones of existing companies, Chinese of the addons below.

    :param odoo.api.Environment env: superuser environment of the installation
    """
    env["res.company"].search([])._aftersales_default_tz()
    if env["res.lang"]._lang_get(LANG):
        # where Chinese is in use already, an installation keeps the translations it finds, wrong ones
        # too; where it is added later our file comes last and wins by itself
        importer = TranslationImporter(env.cr, verbose=False)
        importer.load_file(f"jinyang_aftersales/i18n_extra/{LANG}.po", LANG)
        importer.save(overwrite=True)
