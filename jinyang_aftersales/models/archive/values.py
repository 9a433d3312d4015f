"""Kinds of originals, with their numbers and the years they are kept. No model is in here."""

ARCHIVE_KINDS = [
    ("visit_application", "Visit Application"),
    ("trip_application", "Business Trip Application"),
    ("change_request", "Program Change Request"),
    ("data_clearing", "Data Clearing Application"),
    ("password_recovery", "Password Recovery Application"),
    ("countersigned_contract", "Counter-Signed Agreement"),
    ("implementation_order", "Implementation Order"),
    ("acceptance", "Acceptance Form"),
    ("start_plan", "Software Start Plan"),
    ("appraisal", "Appraisal Form"),
]
# prefixes of the numbers, unique for each kind: the kind of a paper is seen from its number
PREFIXES = {
    "visit_application": "SM",
    "trip_application": "CC",
    "change_request": "XG",
    "data_clearing": "QC",
    "password_recovery": "MM",
    "countersigned_contract": "HT",
    "implementation_order": "GC",
    "acceptance": "YS",
    "start_plan": "QY",
    "appraisal": "KH",
}
RETENTION_YEARS = {"countersigned_contract": 10}
# kinds due some working days after they were made, and on the working day after the return; all other days are agreed,
# or counted in calendar days (七.6)
COUNTED_FROM_MAKING = frozenset({"change_request", "data_clearing", "password_recovery"})
COUNTED_FROM_RETURN = frozenset({"visit_application", "trip_application"})
