"""Outcomes of penalty rules. No model is in here."""

OUTCOMES = [
    ("fine", "Fine"),
    ("compensation", "Compensation"),
    ("warning", "Written Warning"),
    ("fine_warning", "Fine and Written Warning"),
    ("demotion", "Demotion Proposed"),
    ("resign", "Resignation Proposed"),
    ("dismissal", "Dismissal Proposed"),
    ("choice", "Decided by the Manager"),
]
FIXED = ("fine", "compensation", "fine_warning")
FINES = (*FIXED, "choice")
# 三.5, 三.8, 三.13: the amount is the loss itself
DAMAGE = "DAMAGE"
# outcomes that include a sanction, with the kind of sanction
SANCTIONS = {
    "warning": "warning",
    "fine_warning": "warning",
    "demotion": "demotion",
    "resign": "resignation_advice",
    "dismissal": "dismissal",
}
# Fields that decide about cases. A change holds for cases from the day of the change on.
TERMS = (
    "active",
    "outcome",
    "amount",
    "amount_min",
    "amount_max",
    "grace_days",
    "to_fund",
)
# 三.7, 三.13, 三.11: outcomes among which a manager chooses
CHOICES = {
    "UNREACHABLE": ("fine", "warning"),
    DAMAGE: ("compensation",),
    "MISCONDUCT": ("fine", "warning", "fine_warning", "resign", "dismissal"),
}
# 三.9: rules whose cases a manager enters, although a meeting gives the occasion
MEETING = "MEETING"
# no fine is lower
LEAST = 1.0
# fields of a case that refer to the record in which it was found
EVIDENCE = {"evidence_model", "evidence_id", "evidence_name", "evidence_copy"}
COMPLAINT = "aftersales.complaint"
# fields of a case that say by which clause, and whether the employee knew it
REGULATION = ("regulation_id", "clause_text", "regulation_known", "regulation_known_on")
