"""Makes the common records of the tests of both addons in the template database; run in Odoo's shell, which gives
``env``.

They are defined in ``tests/ground.py`` of each addon; tests call these functions themselves on other databases.
"""

from importlib import import_module

# the dependent addon first: it makes the records of the other one, too
ADDONS = ("jinyang_aftersales_penalty", "jinyang_aftersales")


def prepare(env):
    """Make the common records of the installed addons.

    :param odoo.api.Environment env: of the superuser; the caller commits
    """
    addon = next(name for name in ADDONS if name in env.registry._init_modules)
    # with an empty context as in a test, not with language and time zone of the shell
    import_module(f"odoo.addons.{addon}.tests.ground").prepare(env(context={}))


if __name__ == "__main__":  # in Odoo's shell
    prepare(env)  # noqa: F821
