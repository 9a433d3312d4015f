"""Sets of fields and states of implementations. No model is in here."""

# the plan: fixed when the work begins
PLAN = frozenset({"partner_id", "product_id", "date_start"})
# the work: fixed when it ends
WORK = frozenset({"contact_id", "scope", "date_end", "engineer_ids", "lead_engineer_id"})
# values for the installed software: fixed by the acceptance
RESULT = frozenset(
    {
        "installation_id",
        "is_further",
        "serial_issued",
        "is_serial_later",
        "version",
        "installed_on",
        "service_start",
        "service_end",
    }
)
# written by the customer's acceptance
ACCEPTANCE = frozenset({"customer_opinion", "signed_by_id", "signed_by_name", "customer_signature"})
DRAFT = frozenset({"draft"})
RUNNING = DRAFT | {"running"}
BEFORE_ACCEPTANCE = RUNNING | {"finished"}
# the end of the work and what follows from it: forgotten when the work goes on
END_FACTS = frozenset(
    {
        "end_entered_on",
        "end_entered_by_id",
        "forms_owed_by_id",
        "forms_back_on",
        "forms_waiting",
    }
)
UNFINISHED = ("draft", "running")
WAITING = ("finished", "accepted")
