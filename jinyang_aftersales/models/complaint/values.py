"""Choices, states and sets of fields of complaints. No model is in here."""

from dateutil.relativedelta import relativedelta

KINDS = [
    ("attitude", "Attitude"),
    ("quality", "Quality"),
    ("delay", "Delay"),
    ("other", "Other"),
]
ORIGINS = [
    ("phone", "Phone"),
    ("ticket", "Ticket"),
    ("callback", "Call-back"),
    ("portal", "Portal"),
    ("letter", "Letter or Mail"),
]
OUTCOMES = [("confirmed", "Confirmed"), ("unfounded", "Unfounded")]
OPEN_STATES = ("received", "investigating")
SAID = frozenset({"description", "partner_id", "origin", "date_received"})
SOURCE = frozenset({"kind", "contact_id", "ticket_id", "visit_id", "callback_id"})
# results of the investigation
DECIDED = frozenset({"findings", "outcome", "answer_draft"})
HANDLERS = frozenset({"employee_id", "investigator_id"})
COMPLAINT = "aftersales.complaint"
# 七.2: 半年内, within half a year
HALF_YEAR = relativedelta(months=6)
