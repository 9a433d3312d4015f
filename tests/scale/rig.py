"""Measures our side against a peer's: in one process, in turn, on the same rows, results compared before times.

A bench is a module of this folder with a ``TITLE``, with ``fill(side)``, which makes the rows of a database, and with
``rows(ours, peer)``, which gives a :class:`Row` for each comparison. ``setup/bench`` runs it.
"""

import cProfile
import gc
import os
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from statistics import median, quantiles

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry

PAIRS = 9


@dataclass
class Side:
    """One database and whoever works in it.

    :ivar name: "ours" or "peer"
    :ivar env: environment of the superuser
    :ivar facts: what ``fill`` made: ids and users, by name; kept in the database's parameters
    """

    name: str
    env: api.Environment
    facts: dict = field(default_factory=dict)

    @classmethod
    def open(cls, name, database):
        """:return: the side of a database, which is loaded if it is not yet"""
        cursor = Registry(database).cursor()
        return cls(name, api.Environment(cursor, SUPERUSER_ID, {"lang": "zh_CN"}))

    def as_user(self, user_id):
        """:return: an environment of the user, with caches of its own"""
        context = {"lang": "zh_CN", "tz": "Asia/Shanghai", "uid": user_id}
        return api.Environment(self.env.cr, user_id, context)


@dataclass
class Row:
    """A comparison.

    :ivar name: what is measured, as the table names it
    :ivar ours: function of our side: does the work, returns what ``check`` compares
    :ivar peer: function of the peer's side
    :ivar target: largest ratio allowed, None where only noted
    :ivar more: how many queries more than the peer's are allowed for each record, None where only noted
    :ivar size: number of records that one run handles
    :ivar check: function of both results; returns a text if ours is wrong
    :ivar plain: the peer is plain SQL, or a plain search, on our own database
    """

    name: str
    ours: Callable
    peer: Callable
    target: float | None = None
    more: float | None = None
    size: int = 1
    check: Callable | None = None
    plain: bool = False


@dataclass
class Times:
    seconds: list = field(default_factory=list)
    queries: int = 0
    result: object = None

    def spread(self):
        """:return: quarter and three quarters of the measured times, in ms"""
        low, _middle, high = quantiles(self.seconds, n=4)
        return low * 1000, high * 1000


def run_once(side, work, times=None):
    """Do the work once, up to what a commit would do, and take it back.

    :param Side side: whose cursor is used
    :param work: function that is called with the side
    :param Times times: gets the time, the number of queries and the result
    """
    cursor = side.env.cr
    side.env.flush_all()
    side.env.invalidate_all()
    cursor.execute("SAVEPOINT bench")
    gc.collect()
    try:
        queries, begun = cursor.sql_log_count, time.perf_counter()
        result = work(side)
        # what is computed, and what is done before a commit, belongs to the work
        cursor.flush()
        seconds, queries = time.perf_counter() - begun, cursor.sql_log_count - queries
    finally:
        cursor.clear()
        cursor.execute("ROLLBACK TO SAVEPOINT bench")
        side.env.invalidate_all()
    if times is not None:
        times.seconds.append(seconds)
        times.queries, times.result = queries, result
    return result


def measure(row, ours, peer, pairs=PAIRS):
    """:return: the line of the table, and whether both targets are met"""
    peer = ours if row.plain else peer
    run_once(ours, row.ours)
    run_once(peer, row.peer)
    first, second = Times(), Times()
    for _pair in range(pairs):
        run_once(ours, row.ours, first)
        run_once(peer, row.peer, second)
    wrong = row.check(first.result, second.result) if row.check else None
    if wrong:
        return f"| {row.name} | wrong: {wrong} | | | | | no |", False
    ratio = median(a / b for a, b in zip(first.seconds, second.seconds, strict=True))
    more = (first.queries - second.queries) / row.size
    met = (row.target is None or ratio <= row.target) and (row.more is None or more <= row.more)
    target = "" if row.target is None else f"≤ {row.target:g}"
    if row.more is not None:
        target += f", ≤ +{row.more:g} q"
    cells = [row.name]
    for times in (first, second):
        low, high = times.spread()
        cells.append(
            f"{median(times.seconds) * 1000:.1f} ms ({low:.1f}–{high:.1f}),"
            f" {times.queries / row.size:.4g} q"
        )
    cells += [f"**{ratio:.2f}**", f"{more:+.3g} q", target, "yes" if met else "no"]
    return "| " + " | ".join(cells) + " |", met


HEAD = (
    "| row | ours: median (quartiles), queries | peer | ratio | more queries | target | met |\n"
    "|---|---|---|---|---|---|---|"
)


def write_profiles(row, ours, peer, folder):
    """Write where the time of one run of each side goes, for ``pstats``."""
    word = re.sub(r"\W+", "_", row.name).strip("_")
    for kind, side, work in (
        ("ours", ours, row.ours),
        ("peer", ours if row.plain else peer, row.peer),
    ):
        profile = cProfile.Profile()
        run_once(side, work)
        run_once(side, partial(profile.runcall, _with_flush, work))
        profile.dump_stats(Path(folder) / f"{word}.{kind}.pstats")


def _with_flush(work, side):
    result = work(side)
    side.env.cr.flush()
    return result


def compare(rows, ours, peer, pairs=PAIRS, show=print):
    """Measure all rows; where BENCH_PROFILE names a folder, write profiles of ours instead.

    :return: lines of the table, and the names of the rows whose target is not met
    """
    lines, missed = [HEAD], []
    words = os.environ.get("BENCH_ONLY", "")
    folder = os.environ.get("BENCH_PROFILE")
    show(HEAD)
    for row in rows:
        if not re.search(words, row.name):
            continue
        if folder:
            write_profiles(row, ours, peer, folder)
            continue
        line, met = measure(row, ours, peer, pairs)
        show(line)
        lines.append(line)
        if not met:
            missed.append(row.name)
    return lines, missed
