"""Checks of logs: an unexpected warning or error fails the test."""

import contextlib
import io
import logging
import re

import click
import pytest
from checklog_odoo.checklog import do_checklog

# PostgreSQL's errors for the loser of a race, which Odoo retries
LOST_RACE = (
    r"bad query: [\s\S]*(could not serialize access|could not obtain lock|deadlock detected)"
)

# Pages of Odoo send several requests at the same time. If two of them write the same row of these models of Odoo, it
# logs the statement of the later one and retries it.
ODOO_RACES = (
    r'bad query: [\s\S]*"discuss_channel_member"[\s\S]*could not serialize access',
    r'bad query: [\s\S]*"res_users_settings_unique_user_id"',
    r"odoo\.http: .*(一个用户只能有一个用户设置|One user should only have one user settings)",
)


def bad_records(path, expected=()):
    """Return the warnings and errors of a server's log file that nothing in ``expected`` matches.

    :param Path path: the log file
    :param expected: regular expressions, searched in the whole record with its traceback
    :return: the records as one text, empty when the log is clean
    :rtype: str
    """
    found = io.StringIO()
    try:
        with contextlib.redirect_stdout(found):
            do_checklog(str(path), list(expected), echo=False, err_if_empty=False)
    except click.ClickException:
        return found.getvalue()
    return ""


class LogWatch(logging.Handler):
    """Collects what Odoo logs, in this process and in the log files of servers, for one test."""

    def __init__(self):
        super().__init__(logging.WARNING)
        self.expected = [*ODOO_RACES]
        self.files = []
        self.records = []

    def emit(self, record):
        """Keep a record of this process; called by ``logging``."""
        self.records.append(f"{record.levelname} {record.name}: {record.getMessage()}")

    def expect(self, *patterns):
        """Ignore records that match, because the test provokes them.

        :param str patterns: regular expressions, searched in the record with its traceback
        """
        self.expected += patterns

    def watch(self, path):
        """Check this log file of a server too when the test ends."""
        self.files.append(path)

    def complaints(self):
        """Return the unexpected records, as one text for each source.

        :rtype: list[str]
        """
        own = [
            text
            for text in self.records
            if not any(re.search(pattern, text) for pattern in self.expected)
        ]
        files = [
            f"{path}:\n{bad}" for path in self.files if (bad := bad_records(path, self.expected))
        ]
        return own + files


@pytest.fixture(autouse=True)
def log_watch():
    """Fail the test when Odoo logs a warning or an error that ``log_watch.expect(regex)`` did not name.

    Covers Odoo inside this process and every server started by ``odoo_server``.
    """
    watch = LogWatch()
    logging.getLogger("odoo").addHandler(watch)
    yield watch
    logging.getLogger("odoo").removeHandler(watch)
    if complaints := watch.complaints():
        pytest.fail("unexpected in the log:\n" + "\n".join(complaints), pytrace=False)
