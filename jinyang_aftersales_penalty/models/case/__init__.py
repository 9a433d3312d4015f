"""Penalties: proposed, told, objected to, decided; exceptions; cases that arise at once.

Uses the subjects before it.
Order: the penalty, then the steps of its life, then what proposes it.
"""

from . import (
    aftersales_penalty,
    proposing,
    notice,
    deadlines,
    refuting,
    aftersales_penalty_exception,
    aftersales_archive_entry,
    aftersales_complaint,
)
