"""Penalties from proposal to decision; cases without an employee; cases found at an event of a document.

Uses the subjects before it.
Order: the penalty, then the extensions with its steps, then the documents that propose it.
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
