"""The cluster of setup/lib/postgres.sh, shared by concurrent runs: it stays while one uses it, the last stops it."""

import os
import shutil
import signal
import subprocess
import threading
import time

import psutil
import pytest
from harness.settings import CACHE, REPO

# a minimal run: it reports when it has the cluster, then uses it until it is told to end
SHORT_RUN = """
. "$1/setup/lib/common.sh"
. "$1/setup/lib/postgres.sh"
trap pg_stop EXIT
pg_start test
echo "$PGHOST"
read -r
psql -qAt -d postgres -c 'SELECT datname FROM pg_database ORDER BY datname'
"""


class ShortRun:
    """A run that uses the cluster as soon as the object is created.

    :param Path cache: folder of its cluster
    :param environment: variables of PostgreSQL for it
    """

    def __init__(self, cache, **environment):
        variables = {k: v for k, v in os.environ.items() if not k.startswith("PG")}
        self.process = subprocess.Popen(
            ["bash", "-c", SHORT_RUN, "run", REPO],
            env=variables | {"JINYANG_CACHE": str(cache)} | environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        lines = iter(self.process.stdout.readline, "")
        self.folder = next((line.strip() for line in lines if line.startswith("/")), None)
        assert self.folder, "the run did not get the cluster"

    def end(self):
        """Let it end and return the databases it saw; it fails if the server was stopped."""
        output, _ = self.process.communicate("\n", timeout=60)
        assert self.process.returncode == 0, output
        return output.split()


@pytest.fixture(scope="module")
def cache():
    """A folder for a cluster of its own, deleted in the end."""
    # not below the folder of this test, because PostgreSQL's own user needs access
    cache = CACHE / f"cluster-{os.getpid()}"
    cache.mkdir()
    yield cache
    server = _server(cache)
    if server:
        server.terminate()
        server.wait(20)
    shutil.rmtree(cache)


def _server(cache):
    for file in cache.glob("pg-test-*/data/postmaster.pid"):
        pid = int(file.read_text().split()[0])
        return psutil.Process(pid) if psutil.pid_exists(pid) else None
    return None


def test_the_last_of_several_runs_stops_it_whoever_started_it(cache):
    first, second = ShortRun(cache), ShortRun(cache)
    # like a demo that is started by a test of the first run
    third = ShortRun(cache, PGHOST=first.folder, PGUSER="odoo")
    for run in (first, second, third):
        assert _server(cache)
        assert "postgres" in run.end()
    assert not _server(cache)


def test_settings_for_another_server_do_not_reach_it(cache, tmp_path):
    first = ShortRun(cache)
    second = ShortRun(cache, TMPDIR=str(tmp_path), PGPORT="5433", PGUSER="me", PGSSLMODE="require")
    assert second.folder == first.folder
    first.end()
    second.end()


def _is_checkpointer(process):
    try:
        return "checkpointer" in " ".join(process.cmdline())
    except psutil.NoSuchProcess:
        # the backend of the run that was killed ends at any time
        return False


def test_a_run_waits_for_a_server_that_is_going_down(cache):
    first = ShortRun(cache)
    first.process.kill()
    first.process.wait()
    server = _server(cache)
    [checkpointer] = [child for child in server.children() if _is_checkpointer(child)]
    checkpointer.suspend()
    server.send_signal(signal.SIGINT)
    threading.Timer(4, checkpointer.resume).start()
    second = ShortRun(cache)
    assert _server(cache).pid != server.pid
    second.end()


def test_what_old_runs_left_goes_what_new_ones_left_stays(cache):
    """M68: folders and databases of killed runs are swept by a later run."""
    old, new = cache / "run-old", cache / "run-new"
    script = """
. "$1/setup/lib/common.sh"
. "$1/setup/lib/postgres.sh"
trap pg_stop EXIT
pg_start test
createdb jinyang_core_ffffffffffff
for name in run_old_core run_new_core core_00000000000{1,2,3,4,5,6}; do db_copy postgres "jinyang_$name"; done
"""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PG")}
    subprocess.run(
        ["bash", "-c", script, "run", REPO],
        env=environment | {"JINYANG_CACHE": str(cache)},
        check=True,
        timeout=120,
    )
    old.mkdir()
    new.mkdir()
    week_ago = time.time() - 8 * 86400
    os.utime(old, (week_ago, week_ago))
    tidy = '. "$1/setup/lib/common.sh"; . "$1/setup/lib/postgres.sh"; run_folder'
    subprocess.run(
        ["bash", "-c", tidy, "run", REPO],
        env=environment | {"JINYANG_CACHE": str(cache)},
        check=True,
    )
    assert not old.exists()
    assert new.exists()
    ours = [name for name in ShortRun(cache).end() if name.startswith("jinyang_")]
    kept = [f"jinyang_core_00000000000{number}" for number in range(2, 7)]
    assert ours == [*kept, "jinyang_core_ffffffffffff", "jinyang_run_new_core"]
