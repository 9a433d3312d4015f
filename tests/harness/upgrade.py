"""Databases of former versions from the dumps that ``setup/dump`` wrote to ``tests/upgrade``."""

import gzip
import json
import os
import shutil
import subprocess
from ast import literal_eval

import psycopg2
from kept import find_losses, take_figures

from .database import PREFIX, Database, _admin, _counter
from .settings import DATA, PG, REPO

KEPT = REPO / "tests" / "upgrade"
VERSION = literal_eval((REPO / "jinyang_aftersales/__manifest__.py").read_text())["version"]
# the dump of the present version waits for the next one
DUMPS = sorted(dump for dump in KEPT.glob("*.sql.gz") if not dump.name.startswith(f"{VERSION}."))


class FormerDatabase(Database):
    """A database of a former version; ``figures``: those of its dump."""

    def __init__(self, dump):
        self.name = f"{PREFIX}{next(_counter)}"
        self.filestore = DATA / "filestore" / self.name
        self.figures = read_figures(dump)
        _admin("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'", self.name)
        psql = ["psql", "-qX", "-v", "ON_ERROR_STOP=1", "-d", self.name, "-o", os.devnull]
        environment = {f"PG{key.upper()}": str(value) for key, value in PG.items()}
        with gzip.open(dump) as text:
            process = subprocess.Popen(
                psql, stdin=subprocess.PIPE, stderr=subprocess.PIPE, env=os.environ | environment
            )
            shutil.copyfileobj(text, process.stdin)
            _, said = process.communicate()
        assert process.returncode == 0, said.decode()

    def find_losses(self, figures, damage=None):
        """Compare the present figures of the database with former ones.

        :param dict figures: former figures, with the present names
        :param str damage: an SQL statement to run before, rolled back afterwards
        :return: one line for each difference
        :rtype: list[str]
        """
        connection = psycopg2.connect(dbname=self.name, **PG)
        try:
            with connection.cursor() as cursor:
                if damage:
                    cursor.execute(damage)
                return find_losses(figures, take_figures(cursor, self.filestore, figures))
        finally:
            connection.close()


def read_figures(dump):
    """:return: the figures of a dump"""
    return json.loads(dump.with_suffix("").with_suffix(".json").read_text())


def read_renamed():
    """:return: the changed names, for ``kept.rename``"""
    return json.loads((KEPT / "renamed.json").read_text())
