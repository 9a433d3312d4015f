"""Runs commands of Odoo in a process of their own."""

import subprocess
import sys
from pathlib import Path

from .logs import bad_records
from .settings import RUN, write_conf

LAUNCHER = Path(__file__).with_name("launch.py")


def run_odoo(database, command, *arguments, said=None):
    """Run a command of Odoo on a database, and check its log.

    :param database: the database, by its ``name``
    :param str command: the words of the command, for example ``module uninstall``
    :param str arguments: arguments after the settings
    :param str said: what the command reads, for example Python for ``shell``
    :return: what the command wrote
    :rtype: str
    :raises AssertionError: when the command fails, or logs a warning or an error
    """
    words = command.split()
    log = RUN / f"{'-'.join(words)}-{database.name}.log"
    conf = write_conf(log.with_suffix(".conf"), database.name, logfile=log)
    result = subprocess.run(
        [sys.executable, LAUNCHER, *words, "-c", conf, "-d", database.name, *arguments],
        input=said,
        capture_output=True,
        text=True,
        timeout=500,
        check=False,
    )
    logged = log.read_text() if log.exists() else ""
    assert result.returncode == 0, result.stderr[-3000:] + logged[-3000:]
    assert logged, result.stderr[-3000:]
    assert not (bad := bad_records(log)), bad
    return result.stdout
