"""A pytest plugin: a skipped test fails the run, because it proves nothing."""

import pytest

skipped = []


def _note(report):
    if report.skipped:
        reason = report.longrepr[-1] if isinstance(report.longrepr, tuple) else report.longrepr
        skipped.append(f"{report.nodeid}: {reason}")


def pytest_runtest_logreport(report):
    """Note a test that skipped itself or is marked as an expected failure."""
    _note(report)


def pytest_collectreport(report):
    """Note a whole file that skipped itself."""
    _note(report)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session):
    """Turn a success into a failure when a test was skipped."""
    if skipped and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter):
    """Name the skipped tests."""
    if skipped:
        terminalreporter.section("skipped tests count as failed")
        for line in skipped:
            terminalreporter.line(line)
