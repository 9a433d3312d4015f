"""A pytest plugin: correct durations of tests that freeze the clock; ``--times FILE`` also writes them to a file."""

import collections
from pathlib import Path

import freezegun

# freezegun replaces the clock in all loaded modules; leave out the module by which pytest measures durations.
freezegun.configure(extend_ignore_list=["_pytest.timing"])

_seconds = collections.Counter()


def pytest_addoption(parser):
    """Add the option that names the file."""
    parser.addoption(
        "--times", type=Path, help="append a line for each test: seconds, tab, its name"
    )


def pytest_runtest_logreport(report):
    """Add up the duration of a test with its set-up and clean-up."""
    _seconds[report.nodeid] += report.duration


def pytest_sessionfinish(session):
    """Write the durations to the file."""
    if path := session.config.getoption("--times"):
        with path.open("a", encoding="utf-8") as file:
            file.writelines(f"{seconds:.2f}\t{name}\n" for name, seconds in _seconds.most_common())
