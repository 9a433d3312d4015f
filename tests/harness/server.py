"""Real Odoo processes, to be killed and started again."""

import contextlib
import os
import signal
import time

import psutil
import pytest
import requests

from .nursery import Nursery
from .rpc import Json2, Session
from .settings import RUN, free_port, write_conf


class OdooServer:
    """One Odoo server on one database; made by the fixture ``odoo_server``.

    ``url`` is where it answers, ``log`` its log file, ``pid`` the main process while it runs.
    """

    def __init__(self, nursery, name, database, port, **options):
        self._nursery = nursery
        self.database = database
        self.port = port
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = RUN / f"{name}.log"
        self._output = RUN / f"{name}.out"
        options = {"http_port": self.port, "logfile": self.log, "log_level": "info", **options}
        if options.get("workers"):
            options["gevent_port"] = free_port()
        self._conf = write_conf(RUN / f"{name}.conf", database.name, **options)
        self._process = None

    @property
    def pid(self):
        """The process id of the main process, None when it does not run."""
        return self._process.pid if self.running else None

    @property
    def running(self):
        """Whether the main process lives."""
        with contextlib.suppress(psutil.NoSuchProcess):
            return self._process is not None and self._process.status() != psutil.STATUS_ZOMBIE
        return False

    def start(self, timeout=60):
        """Start the process and wait until it answers.

        :raises AssertionError: when it ends at once or does not answer in time
        """
        assert not self.running, "it runs already"
        self._process = self._nursery.start(
            self.database.template, self.database.name, self._conf, self._output
        )
        self.wait_ready(timeout)

    def wait_ready(self, timeout=60):
        """Wait until the server answers, for example after the database came back.

        :raises AssertionError: when the process is gone or does not answer in time
        """
        end = time.monotonic() + timeout
        while self.running and time.monotonic() < end:
            try:
                if requests.get(f"{self.url}/web/health", timeout=5).ok:
                    return
            except requests.RequestException:
                time.sleep(0.1)
        what = f"does not answer in {timeout} s" if self.running else "ended at once"
        raise AssertionError(f"the server {what}; the end of its log:\n{self.tail()}")

    def tail(self, lines=40):
        """Return the end of the log and of what the process printed.

        :rtype: str
        """
        texts = [path.read_text() for path in (self.log, self._output) if path.exists()]
        return "\n".join("\n".join(text.splitlines()[-lines:]) for text in texts)

    def freeze(self):
        """Stop every process of the server (SIGSTOP), so that it reads no further data."""
        self._signal_all(signal.SIGSTOP)

    def thaw(self):
        """Continue a frozen server (SIGCONT)."""
        self._signal_all(signal.SIGCONT)

    def kill(self):
        """Kill every process of the server at once (SIGKILL), as a power cut would.

        Safe in the sink's thread; returns when they are gone.
        """
        self._signal_all(signal.SIGKILL)
        self._process.wait(10)
        # workers are no children of this process: wait until the process group is empty
        group = [
            process for process in psutil.process_iter() if _group(process.pid) == self._process.pid
        ]
        psutil.wait_procs(group, timeout=10)

    def wait_gone(self, timeout=10):
        """Wait for the end of a server that the sink's thread kills, because a failed call may return before it.

        :raises psutil.TimeoutExpired: when it does not end
        """
        self._process.wait(timeout)

    def stop(self, timeout=20):
        """Ask the server to end (SIGTERM) after its jobs are done, and kill it if it does not end in time."""
        if not self._process:
            return
        if self.running:
            self.thaw()
            # Odoo would close the database of a running job, which then logs errors
            self.database.wait_idle(5)
            # the sink's thread may kill the server meanwhile
            with contextlib.suppress(psutil.NoSuchProcess, psutil.TimeoutExpired):
                self._process.terminate()
                self._process.wait(timeout)
        self.kill()

    def restart(self):
        """Start again after a kill or a stop; the log continues in the same file."""
        self.stop()
        self.start()

    def rpc(self, login="admin"):
        """Return a client for the JSON-2 API with a fresh key of this user.

        :rtype: Json2
        """
        return Json2(self.url, self.database.name, self.database.api_key(login))

    def session(self, login="admin", password=None):
        """Sign in as the web client does; the password of the harness' users is their login.

        :rtype: Session
        """
        return Session(self.url, self.database.name, login, password or login)

    def run_job(self, xmlid):
        """Run a scheduled job now, in a request of the administrator, and wait for its end.

        :param str xmlid: external id of the ``ir.cron``
        :raises requests.ConnectionError: when the server goes during the job
        :raises AssertionError: when the job failed
        """
        [[job]] = self.database.sql(
            "SELECT res_id FROM ir_model_data WHERE model = 'ir.cron' AND module || '.' || name = %s",
            xmlid,
        )
        result = self.rpc()("ir.cron", "method_direct_trigger", job)
        assert result is True, f"{xmlid} failed: {result}"

    def _signal_all(self, number):
        # workers of the group may still run after the main process has ended
        try:
            os.killpg(self._process.pid, number)
        except ProcessLookupError:
            return


def _group(pid):
    try:
        return os.getpgid(pid)
    except ProcessLookupError:
        return None


@pytest.fixture(scope="session")
def nursery(odoo_configured):
    """The process that forks servers; see :class:`Nursery`."""
    nursery = Nursery(write_conf(RUN / "nursery.conf"))
    yield nursery
    nursery.stop()


@pytest.fixture(scope="session")
def ports():
    """Ports of the first, second … server of each test: to a browser they are the same sites, whose files it keeps."""
    return []


@pytest.fixture
def odoo_server(request, nursery, ports, smtp_sink, log_watch):
    """Factory of running servers: ``odoo_server(database, workers=0, max_cron_threads=0, **options)``.

    Mail goes to ``smtp_sink``. No job thread runs unless ``max_cron_threads`` is set: run jobs by
    ``server.run_job``, or ``database.wake_jobs()``. Options are those of Odoo's configuration file. Call it
    twice for two servers on one database. When the test ends the servers are stopped, and their logs are
    checked by ``log_watch``.
    """
    servers = []

    def start(database, **options):
        name = f"{request.node.name.partition('[')[0]}-{len(servers)}"
        mail = {"smtp_server": smtp_sink.host, "smtp_port": smtp_sink.port}
        if len(servers) == len(ports):
            ports.append(free_port())
        port = ports[len(servers)]
        server = OdooServer(nursery, name, database, port, **{**mail, **options})
        servers.append(server)
        log_watch.watch(server.log)
        server.start()
        return server

    yield start
    for server in servers:
        server.stop()
