"""The models of a database, loaded once in a process and used for each copy of one template, one after the other."""

from odoo.modules.registry import Registry
from odoo.sql_db import close_db, db_connect

# by template: what no copy uses now
_idle = {}


def lend(template, name):
    """Give a copy the models another copy had, unless its own ones have changed meanwhile.

    :param str template: the database it is a copy of
    :param str name: the copy
    :return: its registry, None when it has to be loaded
    """
    registry = _idle.pop(template, None)
    if registry is None:
        return None
    models = registry.registry_sequence
    registry.db_name, registry._db = name, db_connect(name)
    registry.setup_signaling()
    if registry.registry_sequence != models:
        return None
    registry.clear_all_caches()
    registry.cache_invalidated.clear()
    Registry.registries[name] = registry
    return registry


def give_back(template, name):
    """Close what this process holds open of a copy, and keep its models for the next one; of no template: for none."""
    registry = Registry.registries.get(name)
    Registry.delete(name)
    close_db(name)
    if template and registry is not None and not registry.registry_invalidated:
        _idle[template] = registry
