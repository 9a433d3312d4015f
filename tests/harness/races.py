"""Two and more real transactions that are certain not to see each other's work."""

import threading
from dataclasses import dataclass
from functools import partial

import pytest

from .logs import LOST_RACE

# A dead-lock must fail the test, not hang it
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
        # the first query fixes what a REPEATABLE READ transaction sees: only then wait for the others
        env.cr.execute("SELECT 1")
        if self.outcome.attempts == 1:
            self.gate.wait()
        return self.function(env)

    def _run(self):
        from odoo.service.model import retrying

        try:
            with self.database.env(self.login) as env:
                # looking up the user has begun a transaction: the race begins with a new one
                env.cr.commit()
                self.outcome.value = retrying(partial(self._attempt, env), env)
        except Exception as error:  # noqa: BLE001 - the outcome is the result
            self.outcome.error = error


def race(database, *functions, login=None, timeout=60):
    """Run functions at once, each on a real cursor as a request of the server would be.

    Each runs through ``odoo.service.model.retrying``: what loses to a serialization failure or a lock is
    rolled back and tried again. All begin only when every transaction has its snapshot.

    :param Database database: where; what they commit stays
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

    What PostgreSQL tells the loser before Odoo tries again is expected in the log.
    """
    log_watch.expect(LOST_RACE)
    return partial(race, database)


@pytest.fixture
def penalty_race(penalty_database, log_watch):
    """Like ``race``, on ``penalty_database``."""
    log_watch.expect(LOST_RACE)
    return partial(race, penalty_database)
