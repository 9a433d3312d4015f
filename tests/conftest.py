"""Fixtures for journeys, races and crashes; each is documented where it is defined (``harness/``).

``database`` - a throw-away copy of the database with the core addon, ``penalty_database`` - with both addons
``demo`` - the demo company, made once
``odoo_server`` - real Odoo processes on them, ``smtp_sink`` - the mail server they send to
``race``, ``penalty_race`` - run functions in concurrent real transactions, ``browser`` - Chromium in Chinese
``log_watch`` - checks all logs: an unexpected warning or error fails the test
"""

import signal

import pytest
from harness.browser import browser, chromium, profiles  # noqa: F401
from harness.database import (  # noqa: F401
    database,
    new_database,
    odoo_configured,
    penalty_database,
)
from harness.demo import demo  # noqa: F401
from harness.logs import log_watch  # noqa: F401
from harness.races import _race, penalty_race  # noqa: F401
from harness.server import nursery, odoo_server, ports  # noqa: F401
from harness.smtp import smtp_sink  # noqa: F401


def pytest_configure():
    # handle SIGTERM like Ctrl-C, so that fixtures are cleaned up
    signal.signal(signal.SIGTERM, signal.default_int_handler)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item):
    report = yield
    if report.failed:
        item.failed = True
    return report
