"""Throw-away databases, and Odoo inside the test process to prepare and read them."""

import contextlib
import itertools
import os
import shutil
import time

import psutil
import psycopg2
import pytest
from psycopg2 import sql

from .launch import prepare
from .settings import DATA, PENALTY_TEMPLATE, PG, RUN, TEMPLATE, write_conf

PREFIX = f"jinyang_sys_{os.getpid()}_"
_counter = itertools.count(1)
# the job that contacts Odoo's update server, which tests must not
CALLS_HOME = "mail.ir_cron_module_update_notification"


def _admin(query, *names):
    connection = psycopg2.connect(dbname="postgres", **PG)
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(sql.SQL(query).format(*map(sql.Identifier, names)))
            return cursor.fetchall() if cursor.description else []
    finally:
        connection.close()


def drop_database(name):
    """Drop a database made by a test, with its files.

    :raises ValueError: when the name does not have the prefix of these tests
    """
    if not name.startswith(("jinyang_sys_", "jinyang_demo_sys")):
        raise ValueError(f"{name} was not made by these tests")
    _admin("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
    shutil.rmtree(DATA / "filestore" / name, ignore_errors=True)


def _drop_leftovers():
    # Drop databases of killed runs; not on a server shared with other machines, whose processes are not visible.
    if PG["host"].startswith("/"):
        for (name,) in _admin(
            "SELECT datname FROM pg_database WHERE datname LIKE 'jinyang!_sys!_%' ESCAPE '!'"
        ):
            if not psutil.pid_exists(int(name.split("_")[2])):
                drop_database(name)


class Database:
    """A copy of a database with its files; use it through the fixtures.

    ``name``: its name, ``template``: its origin. The administrator signs in as ``admin``, ``admin``.
    """

    template = None

    def __init__(self, template):
        self.template = template
        self.name = f"{PREFIX}{next(_counter)}"
        self.filestore = DATA / "filestore" / self.name
        _admin("CREATE DATABASE {} TEMPLATE {}", self.name, template)
        if (DATA / "filestore" / template).is_dir():
            # hard links, because files of the filestore are never changed
            shutil.copytree(DATA / "filestore" / template, self.filestore, copy_function=os.link)
        self.sql(
            "UPDATE ir_cron SET active = false WHERE id IN (SELECT res_id FROM ir_model_data"
            " WHERE module || '.' || name = %s)",
            CALLS_HOME,
        )

    def sql(self, query, *params):
        """Run one statement on a connection of its own, which sees committed data only, and commit.

        :param str query: with ``%s`` for each parameter
        :return: the rows as tuples, none for statements without a result
        :rtype: list[tuple]
        """
        connection = psycopg2.connect(dbname=self.name, **PG)
        try:
            with connection, connection.cursor() as cursor:
                cursor.execute(query, params)
                return cursor.fetchall() if cursor.description else []
        finally:
            connection.close()

    @property
    def registry(self):
        """The registry of this database in this process, up to date with what servers changed."""
        from odoo.modules.registry import Registry

        from .registries import lend

        if self.name not in Registry.registries:
            lend(self.template, self.name)
        return Registry(self.name).check_signaling()

    @contextlib.contextmanager
    def env(self, login=None, **context):
        """Give an environment on a real cursor; commits at the end, rolls back on an exception.

        :param str login: act as this user, with all checks; else as superuser
        :param context: keys for the context, for example ``lang="zh_CN"``
        """
        from odoo import api

        registry = self.registry
        with registry.cursor() as cr:
            env = api.Environment(cr, api.SUPERUSER_ID, context)
            if login:
                env = env(user=env["res.users"].search([("login", "=", login)]).ensure_one())
            yield env
        registry.signal_changes()

    def new_user(self, login, groups, **values):
        """Make a user whose password is the login and return the id.

        :param str login: may be short: the minimal length of passwords is not checked
        :param str groups: external ids of groups, comma separated
        :param values: further fields, for example ``name="李伟", lang="zh_CN"``
        :rtype: int
        """
        from odoo.tests import new_test_user

        with self.env() as env:
            user = new_test_user(env, login, groups, password=login, **values)
            # Odoo creates the settings with the first page, and logs an error when two requests do so at the same time
            env["res.users.settings"]._find_or_create_for_user(user)
            if "odoobot_state" in user._fields:
                # OdooBot greets users on their first page: two requests of Discuss then race for the row of its chat
                user.odoobot_state = "disabled"
            return user.id

    def new_staff(self, people, **values):
        """Make Chinese colleagues; see :meth:`new_user`.

        :param people: login, name and group of the core addon of each
        :param values: further fields of all
        :return: their ids by login
        :rtype: dict[str, int]
        """
        values = {"lang": "zh_CN", "tz": "Asia/Shanghai", **values}
        return {
            login: self.new_user(login, f"jinyang_aftersales.{group}", name=name, **values)
            for login, name, group in people
        }

    def api_key(self, login="admin"):
        """Make a key for the JSON-2 API that acts as this user and return it.

        :rtype: str
        """
        from odoo import fields

        with self.env() as env:
            user = env["res.users"].search([("login", "=", login)]).ensure_one()
            expires = fields.Datetime.add(fields.Datetime.now(), days=1)
            return (
                env["res.users.apikeys"].with_user(user).sudo()._generate("rpc", "tests", expires)
            )

    def only_jobs(self, *xmlids):
        """Switch off every scheduled job but these, so that a server with job threads runs no other.

        :param str xmlids: external ids of ``ir.cron`` records
        """
        self.sql(
            "UPDATE ir_cron SET active = id IN (SELECT res_id FROM ir_model_data"
            " WHERE model = 'ir.cron' AND module || '.' || name = ANY(%s))",
            list(xmlids),
        )

    def wait_idle(self, timeout=10):
        """Wait until no other connection, e.g. of a job, runs a query or has an open transaction.

        :rtype: bool
        :return: whether it became idle in time
        """
        end = time.monotonic() + timeout
        busy = "SELECT 1 FROM pg_stat_activity WHERE datname = %s AND state <> 'idle' AND pid <> pg_backend_pid()"
        while self.sql(busy, self.name):
            if time.monotonic() > end:
                return False
            time.sleep(0.05)
        return True

    def wake_jobs(self):
        """Notify the job threads of all servers, which otherwise only check for jobs once a minute."""
        _admin(f"NOTIFY cron_trigger, '{self.name}'")

    def drop(self):
        """Close this process's connections and drop the database with its files."""
        from .registries import give_back

        give_back(self.template, self.name)
        drop_database(self.name)


@pytest.fixture(scope="session", autouse=True)
def odoo_configured():
    """Set up Odoo in this process once, without a server and without a database."""
    from odoo.tools import config

    conf = write_conf(RUN / "tests.conf")
    config.parse_config(["-c", str(conf)], setup_logging=False)
    prepare()
    _drop_leftovers()


@pytest.fixture(scope="session")
def new_database(odoo_configured):
    """Factory of databases for a whole module or session: ``new_database(template=None)``."""
    made = []

    def make(template=TEMPLATE):
        made.append(Database(template))
        return made[-1]

    yield make
    for database in made:
        database.drop()


@pytest.fixture
def database(odoo_configured):
    """A fresh copy of the database with our addons, dropped after the test."""
    database = Database(TEMPLATE)
    yield database
    database.drop()


@pytest.fixture
def penalty_database(odoo_configured):
    """A fresh copy of the database with both addons, dropped after the test."""
    database = Database(PENALTY_TEMPLATE)
    yield database
    database.drop()
