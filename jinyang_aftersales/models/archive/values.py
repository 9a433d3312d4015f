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
# working days until an original is due; 3 for the other kinds. 五.7.4, 五.7.5: customers' requests go on at once
DEADLINE_DAYS = {"change_request": 1, "data_clearing": 1, "password_recovery": 1}
RETENTION_YEARS = {"countersigned_contract": 10}
# where the stamped paper of a customer's request is; all but the first one are states of the archive's entry
ORIGINAL_STATES = [
    ("customer", "Expected from the Customer"),
    ("expected", "In Our Hands"),
    ("filed", "Filed"),
    ("on_loan", "On Loan"),
    ("lost", "Original Lost"),
    ("returned", "Given Back"),
]
# kinds due some working days after they were made, and on the working day after the return; all other days are agreed,
# or counted in calendar days (七.6)
COUNTED_FROM_MAKING = frozenset({"change_request", "data_clearing", "password_recovery"})
COUNTED_FROM_RETURN = frozenset({"visit_application", "trip_application"})
