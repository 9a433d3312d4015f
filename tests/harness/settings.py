"""Folders and databases of the test run, from the environment variables set by setup/test."""

import os
import socket
from pathlib import Path

import pytest


def _setting(name):
    value = os.environ.get(name)
    if not value:
        pytest.exit(f"{name} is not set; run these tests by: ONLY=system ./setup/test", 2)
    return value


TEMPLATE = _setting("JINYANG_TEMPLATE")
PENALTY_TEMPLATE = _setting("JINYANG_TEMPLATE_PENALTY")
RUN = Path(_setting("JINYANG_RUN"))
DATA = Path(_setting("JINYANG_DATA"))
ADDONS = _setting("JINYANG_ADDONS")
CACHE = Path(_setting("JINYANG_CACHE"))
PG = {"host": _setting("PGHOST"), "port": _setting("PGPORT"), "user": _setting("PGUSER")}
REPO = Path(__file__).resolve().parents[2]


def free_port():
    """Return a free TCP port of 127.0.0.1.

    :rtype: int
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def write_conf(path, database=None, **options):
    """Write a configuration file for Odoo and return its path.

    :param Path path: the file to write
    :param str database: the only database to serve; none leaves the choice to the caller
    :param options: further settings by their names in the file
    :rtype: Path
    """
    settings = {
        "addons_path": ADDONS,
        "data_dir": DATA,
        "db_host": PG["host"],
        "db_port": PG["port"],
        "db_user": PG["user"],
        "list_db": False,
        "without_demo": True,
        "max_cron_threads": 0,
        "http_interface": "127.0.0.1",
        **options,
    }
    if database:
        settings |= {"db_name": database, "dbfilter": f"^{database}$"}
    lines = [f"{key} = {value}\n" for key, value in settings.items()]
    path.write_text("".join(["[options]\n", *lines]))
    return path
