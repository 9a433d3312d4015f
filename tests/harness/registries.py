"""Reuse of a registry, loaded once in a process, for the copies of one template, one after the other."""

from odoo.modules.registry import Registry
from odoo.sql_db import close_db, db_connect

# unused registries, by template
_idle = {}


def lend(template, name):
    """Give a copy the registry of another one, unless the models of the copy have changed.

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
    """Close this process's connections to a copy, and keep its registry for the next copy if there is a template."""
    registry = Registry.registries.get(name)
    Registry.delete(name)
    close_db(name)
    if template and registry is not None and not registry.registry_invalidated:
        _idle[template] = registry
