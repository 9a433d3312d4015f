"""Runs a script of the update to 19.0.3.0.0 on the records of a test."""

import importlib.util

from odoo.tools.misc import file_path

FOLDER = "jinyang_aftersales_penalty/migrations/19.0.3.0.0"


def upgrade(env, name):
    """Run a migration script of this addon, as after an update from the version before.

    :param odoo.api.Environment env: environment of the test
    :param str name: name of the script without its ending
    """
    path = file_path(f"{FOLDER}/{name}.py")
    spec = importlib.util.spec_from_file_location(name.replace("-", "_"), path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    env.flush_all()
    module.migrate(env.cr, "19.0.2.0.0")
    env.invalidate_all()
