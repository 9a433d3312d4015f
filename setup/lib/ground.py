"""Makes what the tests of both addons stand on, once for all of them; to be run by Odoo's shell, which gives ``env``.

What that is stands in ``tests/ground.py`` of each addon, which the tests use, too, where it has not been made.
"""

from importlib import import_module

# the one that stands on the others first
ADDONS = ("jinyang_aftersales_penalty", "jinyang_aftersales")


def prepare(env):
    """Make the ground of the addons that are installed.

    :param odoo.api.Environment env: of the superuser; the caller commits
    """
    addon = next(name for name in ADDONS if name in env.registry._init_modules)
    # the shell's own language and time zone stay out of it, as in a test
    import_module(f"odoo.addons.{addon}.tests.ground").prepare(env(context={}))


if __name__ == "__main__":  # in Odoo's shell
    prepare(env)  # noqa: F821
