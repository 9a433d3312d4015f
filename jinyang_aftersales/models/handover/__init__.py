"""Colleagues who leave: whose open work goes to whom. Every role of every document is found by its declaration.

Uses the subjects before it, all of whose documents it may hand over, and is used by none.
Order: what each document does when its person leaves, then the user who leaves.
"""

from . import (
    aftersales_archive_entry,
    aftersales_handover_job,
    res_users,
)
