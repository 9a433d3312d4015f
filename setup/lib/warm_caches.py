"""A pytest plugin: what a test has not changed is known to the next one, as it is between two requests.

Odoo's test cases empty all caches of the registry after each test, and templates, routes and groups are then read and
compiled anew for the first page and the first mail of each. Here these four stay unless the test invalidated them,
which it must when it changes what they are made of; all others are emptied as ever. What the set-up of a class
invalidated is emptied again after its last test.
"""

import sys

import pytest

from odoo.orm.registry import Registry

# emptied with those that depend on it: records and settings, where an entry may be about what is rolled back
FORGOTTEN = "stable"

_clear_cache = Registry.clear_cache
_clear_all_caches = Registry.clear_all_caches
_changed = {"class": set(), "test": set()}
_scope = "class"


def clear_cache(registry, *names):
    """Empty some caches and note which."""
    _changed[_scope].update(names)
    _clear_cache(registry, *names)


def clear_all_caches(registry):
    """Empty what a test may have left behind; for everybody but Odoo's test cases all caches."""
    if sys._getframe(1).f_globals["__name__"].startswith("odoo.addons."):
        _clear_all_caches(registry)
        return
    _clear_cache(registry, FORGOTTEN, *_changed[_scope])
    _changed[_scope].clear()


def pytest_configure(config):
    """Begin, where the tests of an addon run."""
    if config.getoption("--odoo-database", None):
        Registry.clear_cache = clear_cache
        Registry.clear_all_caches = clear_all_caches


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call():
    """Tell what a test changes, with its own set-up, from what its class does."""
    global _scope
    _scope = "test"
    try:
        return (yield)
    finally:
        _scope = "class"
