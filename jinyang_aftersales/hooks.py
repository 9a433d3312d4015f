from odoo.fields import Command
from odoo.tools import SQL
from odoo.tools.translate import TranslationImporter

from .models.customer.key_rows import make_all_keys
from .models.shared.search_index import drop_functions

LANG = "zh_CN"
# who keeps accounts or personnel files works with Excel
EXPORTERS = ("account.group_account_invoice", "hr.group_hr_user")
# Companies that use Odoo's online services, by a table that is there if the module of the service is installed.
# Branches are paid through the providers of their head office. Sent SMS are deleted soon; that they were sent is kept
# with the message for half a year.
USERS_OF_SERVICES = {
    "payment_provider": """
        SELECT branch.id
        FROM payment_provider AS provider
        JOIN res_company AS company ON company.id = provider.company_id
        JOIN res_company AS branch ON starts_with(branch.parent_path, company.parent_path)
        WHERE provider.state = 'enabled'
    """,
    "snailmail_letter": "SELECT company_id FROM snailmail_letter WHERE state = 'sent'",
    "sms_sms": """
        SELECT COALESCE(message.record_company_id, sender.company_id)
        FROM sms_sms AS sms
        LEFT JOIN mail_message AS message ON message.id = sms.mail_message_id
        LEFT JOIN res_users AS sender ON sender.id = sms.create_uid
        WHERE sms.state IN ('process', 'pending', 'sent')
    """,
    "mail_notification": """
        SELECT COALESCE(message.record_company_id, sender.company_id)
        FROM mail_notification AS notification
        JOIN mail_message AS message ON message.id = notification.mail_message_id
        LEFT JOIN res_users AS sender ON sender.id = message.create_uid
        WHERE notification.notification_type = 'sms'
            AND notification.notification_status IN ('process', 'pending', 'sent')
    """,
}


def post_init_hook(env):
    """Set what data files cannot: time zones and services of existing companies, keys of existing contacts, Chinese
    terms of the OCA addons.

    :param odoo.api.Environment env: superuser environment of the installation
    """
    env["res.company"].search([])._aftersales_default_tz()
    drop_default_logos(env)
    keep_online_services(env)
    give_export_right(env)
    env.flush_all()
    make_all_keys(env.cr)
    env.invalidate_all()
    begin_weeks_on_monday(env)
    # users of before have their roles already
    env["res.users"].search([("share", "=", False)])._begin_at_home()
    correct_chinese(env, "jinyang_aftersales")


def uninstall_hook(env):
    """Take the home page away from users who begin on it; they begin where others do. Drop what searches are made of.

    :param odoo.api.Environment env: superuser environment of the uninstallation
    """
    home = env.ref("jinyang_aftersales.home_action", raise_if_not_found=False)
    users = env["res.users"].with_context(active_test=False)
    users.search(
        [("action_id", "=", home and home.id), ("action_id", "!=", False)]
    ).action_id = False
    drop_functions(env.cr)


def begin_weeks_on_monday(env):
    """Begin the week of Chinese calendars on Monday, unless somebody has chosen another day than Odoo's Sunday.

    :param odoo.api.Environment env: superuser environment
    """
    langs = env["res.lang"].with_context(active_test=False)
    langs.search([("code", "=", LANG), ("week_start", "=", "7")]).week_start = "1"


def give_export_right(env):
    """Let accountants and personnel officers who are there at the set-up export; managers may by their role.

    :param odoo.api.Environment env: superuser environment
    """
    right = env.ref("base.group_allow_export")
    groups = env["res.groups"]
    for xmlid in EXPORTERS:
        groups |= env.ref(xmlid)
    users = env["res.users"].search(
        [
            ("share", "=", False),
            ("all_group_ids", "in", groups.ids),
            ("all_group_ids", "!=", right.id),
        ]
    )
    users.write({"group_ids": [Command.link(right.id)]})


def drop_default_logos(env):
    """Take the picture "Your logo" away from companies that have none of their own.

    :param odoo.api.Environment env: superuser environment
    """
    env["res.company"].search(
        [("uses_default_logo", "=", True), ("logo_web", "!=", False)]
    ).logo = False


def correct_chinese(env, addon):
    """Load the Chinese that an addon of ours corrects in the addons below it.

    :param odoo.api.Environment env: superuser environment
    :param str addon: technical name of the addon, whose i18n_extra holds the corrections
    """
    if env["res.lang"]._lang_get(LANG):
        # If Chinese is active already, Odoo keeps existing translations at installation, also wrong ones:
        # overwrite them. If it is activated later, this file is loaded last and wins anyway.
        importer = TranslationImporter(env.cr, verbose=False)
        importer.load_file(f"{addon}/i18n_extra/{LANG}.po", LANG)
        importer.save(overwrite=True)


def keep_online_services(env):
    """Switch Odoo's online services on for companies that use them already: nothing vanishes that is at work.

    :param odoo.api.Environment env: superuser environment
    """
    env.flush_all()
    for table, companies in USERS_OF_SERVICES.items():
        env.cr.execute(SQL("SELECT to_regclass(%s)", table))
        if env.cr.fetchone()[0]:
            env.cr.execute(
                SQL(
                    "UPDATE res_company SET aftersales_online_services = TRUE WHERE id IN (%s)",
                    SQL(companies),
                )
            )
    env.invalidate_all()
    env.registry.clear_cache()
