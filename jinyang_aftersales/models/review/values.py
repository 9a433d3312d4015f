"""Kinds of what looks evaded. No model is in here."""

# the place of a kind in this list is part of the ids of its rows: new ones are added at the end
KINDS = [
    ("duplicate", "Marked as Duplicate After the Deadline"),
    ("service", "Changed After the Service"),
    ("unanswered", "Approved Visit Past Its Day"),
    ("late_return", "Return Entered Late"),
    ("project", "Project Past Its End"),
    ("late_end", "End of a Project Entered Late"),
    ("no_visit", "On Site Without a Visit"),
    ("change_kind", "Kind of a Change Corrected After Filing"),
    ("unknown", "Record of Former Times Unknown"),
    ("nobody", "Overdue Record of Nobody"),
    ("forgotten", "Open Ticket Nobody Works On"),
    ("application_paper", "Application Without Its Original"),
    ("change_paper", "Change Without Its Original"),
    ("delay", "Delayed Too Late, Again or Far"),
    ("late_cancel", "Visit Cancelled After Its Day"),
    ("call_cancel", "Call Cancelled When Overdue"),
    ("no_record", "Served, Closed Without a Record"),
    ("other_day", "Return Moved to a Later Day"),
    ("letter_late", "Letter in Time, Entered Late"),
    ("free_service", "Service Period Entered by a Specialist"),
]

# a day that is moved by more days is looked at, also when it was announced in time
FAR = 30


def company_day(moment):
    """SQL: the day of a moment in the time zone of its company, in a query that joins ``clock``.

    :param str moment: SQL: naive UTC
    :rtype: str
    """
    return f"({moment} AT TIME ZONE 'UTC' AT TIME ZONE clock.zone)::date"
