"""Fixtures for whole journeys, races and crashes; each is described where it is made (``harness/``).

``database`` - a throw-away copy of the database with the core addon, ``penalty_database`` - with both addons
``odoo_server`` - real Odoo processes on them, ``smtp_sink`` - the mail server they send to
``race``, ``penalty_race`` - functions in real transactions at once, ``browser`` - Chromium in Chinese
``log_watch`` - the log of all of them: what no test expects fails the test
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
from harness.logs import log_watch  # noqa: F401
from harness.races import _race, penalty_race  # noqa: F401
from harness.server import nursery, odoo_server, ports  # noqa: F401
from harness.smtp import smtp_sink  # noqa: F401


def pytest_configure():
    # a signal to end is one to end in order
    signal.signal(signal.SIGTERM, signal.default_int_handler)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item):
    report = yield
    if report.failed:
        item.failed = True
    return report
