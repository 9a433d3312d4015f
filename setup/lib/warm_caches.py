"""A pytest plugin: caches of templates, routes and groups are kept from one test to the next.

Odoo's test cases empty all caches of the registry after each test, so that each test compiles templates, routes and
groups anew for its first page and its first mail. With this plugin these caches are kept unless the test invalidated
them, as any change of their data does; all other caches are emptied as usual. Caches that the set-up of a class
invalidated are emptied again after its last test.
"""

import sys

import pytest

from odoo.orm.registry import Registry

# A cache to empty together with those that depend on it: its entries may be about records that are rolled back.
FORGOTTEN = "stable"

_clear_cache = Registry.clear_cache
_clear_all_caches = Registry.clear_all_caches
_changed = {"class": set(), "test": set()}
_scope = "class"


def clear_cache(registry, *names):
    """Empty some caches and note their names."""
    _changed[_scope].update(names)
    _clear_cache(registry, *names)


def clear_all_caches(registry):
    """Empty the caches a test may have changed; all of them unless the caller is Odoo's test case."""
    if sys._getframe(1).f_globals["__name__"].startswith("odoo.addons."):
        _clear_all_caches(registry)
        return
    _clear_cache(registry, FORGOTTEN, *_changed[_scope])
    _changed[_scope].clear()


def pytest_configure(config):
    """Activate the plugin for tests of an addon."""
    if config.getoption("--odoo-database", None):
        Registry.clear_cache = clear_cache
        Registry.clear_all_caches = clear_all_caches


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call():
    """Separate the changes of a test and its set-up from those of the set-up of its class."""
    global _scope
    _scope = "test"
    try:
        return (yield)
    finally:
        _scope = "class"
