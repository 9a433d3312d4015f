"""A pytest plugin: right durations although tests freeze the clock; ``--times FILE`` writes them down, too."""

import collections
from pathlib import Path

import freezegun

# freezegun puts a frozen clock into every loaded module: the one that pytest measures with keeps the real one
freezegun.configure(extend_ignore_list=["_pytest.timing"])

_seconds = collections.Counter()


def pytest_addoption(parser):
    """Add the option that names the file."""
    parser.addoption(
        "--times", type=Path, help="append a line for each test: seconds, tab, its name"
    )


def pytest_runtest_logreport(report):
    """Add up what a test took with its set-up and its clean-up."""
    _seconds[report.nodeid] += report.duration


def pytest_sessionfinish(session):
    """Write down what was measured."""
    if path := session.config.getoption("--times"):
        with path.open("a", encoding="utf-8") as file:
            file.writelines(f"{seconds:.2f}\t{name}\n" for name, seconds in _seconds.most_common())
