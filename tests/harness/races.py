"""Concurrent real transactions that are guaranteed not to see each other's changes."""

import threading
from dataclasses import dataclass
from functools import partial

import pytest

from .logs import LOST_RACE

# a dead-lock has to fail the test instead of blocking it
LOCK_TIMEOUT = "10s"


@dataclass
class Outcome:
    """How one contestant ended: ``value`` it returned or ``error`` it raised, after ``attempts`` tries."""

    value: object = None
    error: Exception = None
    attempts: int = 0


class _Contestant:
    def __init__(self, database, function, login, gate):
        self.database = database
        self.function = function
        self.login = login
        self.gate = gate
        self.outcome = Outcome()
        self.thread = threading.Thread(target=self._run, daemon=True)

    def _attempt(self, env):
        self.outcome.attempts += 1
        env.cr.execute(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'")
        # the first query takes the snapshot of a REPEATABLE READ transaction; wait for the others after it
        env.cr.execute("SELECT 1")
        if self.outcome.attempts == 1:
            self.gate.wait()
        return self.function(env)

    def _run(self):
        from odoo.service.model import retrying

        try:
            with self.database.env(self.login) as env:
                # end the transaction that looked up the user: the race needs a new snapshot
                env.cr.commit()
                self.outcome.value = retrying(partial(self._attempt, env), env)
        except Exception as error:  # noqa: BLE001 - the outcome is the result
            self.outcome.error = error


def race(database, *functions, login=None, timeout=60):
    """Run functions at the same time, each on a real cursor like a request to a server.

    Each runs through ``odoo.service.model.retrying``: after a serialization failure or a lock it is rolled back and
    retried. All begin only after every transaction has taken its snapshot.

    :param Database database: database to run on; committed changes stay
    :param functions: callables that take an environment
    :param str login: act as this user, with all checks; else as superuser
    :param float timeout: seconds for the whole race
    :return: one outcome per function, in their order
    :rtype: list[Outcome]
    :raises AssertionError: when one of them hangs
    """
    gate = threading.Barrier(len(functions), timeout=timeout)
    contestants = [_Contestant(database, function, login, gate) for function in functions]
    database.registry  # noqa: B018 - loaded before the start, not by the first contestant
    for contestant in contestants:
        contestant.thread.start()
    for contestant in contestants:
        contestant.thread.join(timeout)
        assert not contestant.thread.is_alive(), f"{contestant.function} hangs after {timeout} s"
    return [contestant.outcome for contestant in contestants]


@pytest.fixture(name="race")
def _race(database, log_watch):
    """``race(function, function, ..., login=None)`` on ``database``; see :func:`race`.

    PostgreSQL's errors for the transactions that Odoo retries are expected in the log.
    """
    log_watch.expect(LOST_RACE)
    return partial(race, database)


@pytest.fixture
def penalty_race(penalty_database, log_watch):
    """Like ``race``, on ``penalty_database``."""
    log_watch.expect(LOST_RACE)
    return partial(race, penalty_database)
