"""Prepares a copy of the demo for a dump that upgrades are tested with; called by setup/dump.

Usage: dump.py CONF FIGURES

The copy gets the modules that install themselves, as customers have them, and rows for the models that are empty in
the demo; data that an upgrade does not need are deleted. Figures of the result are written to the file FIGURES.
"""

import hashlib
import json
import sys
from pathlib import Path

from demo import LANG, TZ, serving
from dump_rows import make_rows
from kept import ADDONS, SHARED_MODELS, own_models, take_figures

from odoo import api
from odoo.modules.registry import Registry
from odoo.tools import SQL, config

# tables of temporary data, and sent mail without the letters; a condition says which rows are deleted
EMPTIED = {
    "bus_bus": "true",
    "ir_cron_progress": "true",
    "ir_cron_trigger": "true",
    "ir_logging": "true",
    "ir_profile": "true",
    "mail_mail": "id NOT IN (SELECT mail_id FROM aftersales_renewal_notice WHERE mail_id IS NOT NULL)",
    "res_device_log": "true",
    "res_users_log": "true",
}
# bytes from which on only one file of a kind is kept as it is
LARGE = 4000
# Fields with most of Odoo's translations, which are deleted: an update of Odoo loads them again.
WORDS = {
    "ir_model_fields": ("field_description", "help"),
    "ir_model_fields_selection": ("name",),
    "ir_module_module": ("shortdesc", "summary", "description"),
    "ir_ui_view": ("arch_db",),
}


def install_auto(env):
    """Install the modules that install themselves together with our addons.

    :param odoo.api.Environment env: of a superuser; its transaction is committed
    """
    modules = env["ir.module.module"]
    countries = env["res.company"].search([]).country_id
    missing = modules.search([("state", "=", "uninstalled"), ("auto_install", "=", True)]).filtered(
        lambda module: all(
            needed.state == "installed"
            for needed in module.dependencies_id
            if needed.auto_install_required
        )
        and (not module.country_ids or module.country_ids & countries)
    )
    if missing:
        missing.button_immediate_install()


def strip(env):
    """Delete data that our upgrade does not need, and passwords and secrets.

    :param odoo.api.Environment env: of a superuser
    """
    cr = env.cr
    for table, condition in EMPTIED.items():
        cr.execute(SQL("DELETE FROM %s WHERE %s", SQL.identifier(table), SQL(condition)))
    for table, columns in WORDS.items():
        ours = SQL(
            "SELECT res_id FROM ir_model_data WHERE model = %s AND module = ANY(%s)",
            table.replace("_", "."),
            list(ADDONS),
        )
        for column in columns:
            cr.execute(
                SQL(
                    "UPDATE %(table)s SET %(column)s = %(column)s - %(lang)s WHERE id NOT IN (%(ours)s)",
                    table=SQL.identifier(table),
                    column=SQL.identifier(column),
                    lang=LANG,
                    ours=ours,
                )
            )
    cr.execute("UPDATE ir_ui_view SET arch_prev = NULL")
    cr.execute(
        "DELETE FROM ir_attachment WHERE res_model IS NULL OR res_model != ALL(%s) OR res_field LIKE 'image%%'",
        [[*own_models(cr), *SHARED_MODELS]],
    )
    cr.execute("UPDATE res_users SET password = NULL")
    cr.execute(
        "UPDATE ir_config_parameter SET value = 'dump' WHERE key IN ('database.secret', 'database.uuid')"
    )
    env.invalidate_all()
    # store files in the database, because the dump has no filestore
    env["ir.config_parameter"].set_param("ir_attachment.location", "db")
    env["ir.attachment"].force_storage()


def shorten_files(env):
    """Keep one of the large files of each kind, and give the others a short content: letters of a year are too much.

    :param odoo.api.Environment env: of a superuser, with its files in the database
    """
    # what has been moved into the database is still to be written
    env.flush_all()
    env.cr.execute(
        """
        SELECT id FROM (
            SELECT id, row_number() OVER (PARTITION BY res_model, res_field, mimetype ORDER BY id) AS place
              FROM ir_attachment WHERE file_size > %s
        ) AS large WHERE place > 1
        """,
        [LARGE],
    )
    for (number,) in env.cr.fetchall():
        raw = f"file {number}".encode()
        env.cr.execute(
            "UPDATE ir_attachment SET db_datas = %s, checksum = %s, file_size = %s WHERE id = %s",
            [raw, hashlib.sha1(raw).hexdigest(), len(raw), number],
        )
    env.invalidate_all()


def main(conf, target):
    """Prepare the database and write its figures.

    :return: message about missing rows, None when there are none
    """
    config.parse_config(["-c", conf], setup_logging=True)
    name = config["db_name"][0]
    with Registry(name).cursor() as cr:
        install_auto(api.Environment(cr, api.SUPERUSER_ID, {}))
    context = {"lang": LANG, "tz": TZ, "mail_notify_force_send": False}
    with serving(), Registry(name).cursor() as cr:
        make_rows(api.Environment(cr, api.SUPERUSER_ID, context))
    with Registry(name).cursor() as cr:
        env = api.Environment(cr, api.SUPERUSER_ID, {})
        strip(env)
        shorten_files(env)
        figures = take_figures(cr, config.filestore(name))
    Path(target).write_text(json.dumps(figures, ensure_ascii=False, indent=1) + "\n")
    empty = [model for model, (count, _last) in figures["rows"].items() if not count]
    empty += [table for table, count in figures["tables"].items() if not count]
    return f"no rows: {', '.join(empty)}" if empty else None


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
