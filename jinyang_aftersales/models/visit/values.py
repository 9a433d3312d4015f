"""Choices, sets of fields and states of visits. No model is in here."""

SCORES = [(str(number), str(number)) for number in range(1, 6)]
TRANSPORTS = [
    ("train", "Train"),
    ("plane", "Plane"),
    ("bus", "Coach"),
    ("car", "Car"),
    ("other", "Other"),
]
SCORE_FIELDS = ("score_attitude", "score_skill", "score_result")
OPINION_FIELDS = ("customer_opinion", *SCORE_FIELDS)
# working days from today, and the half of the day
TIME_PROPOSALS = [
    ("1_morning", "Next Working Day, Morning"),
    ("1_afternoon", "Next Working Day, Afternoon"),
    ("2_morning", "The Day after, Morning"),
    ("2_afternoon", "The Day after, Afternoon"),
]
# how the customer signed the feedback form
FEEDBACK_WAYS = [("phone", "Signed on the Phone"), ("paper", "Signed on Paper")]
PAPER_FIELDS = frozenset({"paper_signed_on", "paper_scan", "paper_scan_name"})
# the feedback form, which the customer signs and the technician brings home
FEEDBACK_FIELDS = frozenset(
    {
        "arrived_on",
        "result",
        *OPINION_FIELDS,
        "signed_by_id",
        "signed_by_name",
        "customer_signature",
    }
)
ON_SITE_FIELDS = FEEDBACK_FIELDS | {"left_on", "returned_on"}
# what became of the plan; forgotten when the visit is planned anew
ANSWER_FIELDS = frozenset(
    {
        "answer_due_date",
        "answered_on",
        "answered_by_id",
        "cancel_reason",
        "served_by_id",
        "return_entered_on",
        "return_entered_by_id",
    }
)
TECHNICIANS = frozenset({"technician_ids", "lead_technician_id"})
TRIP_FIELDS = frozenset({"destination", "transport", "trip_date_start", "trip_date_end"})
# the plan of the visit, which is submitted
PLAN = (
    TECHNICIANS
    | TRIP_FIELDS
    | {
        "partner_id",
        "contact_id",
        "installation_id",
        "problem",
        "address",
        "date_planned_start",
        "date_planned_end",
        "arrival_agreed_with_id",
        "is_trip",
    }
)
DRAFT = frozenset({"draft"})
UNDECIDED = frozenset({"draft", "submitted"})
OPEN_STATES = UNDECIDED | {"approved", "on_site", "feedback"}
# states in which the technicians have left
AWAY = ("on_site", "feedback", "done")
