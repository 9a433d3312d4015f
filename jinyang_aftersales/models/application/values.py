"""Kinds of applications, and sets of their fields and states. No model is in here."""

KINDS = [
    ("data_clearing", "Data Clearing"),
    ("password", "Administrator Password Recovery"),
]
# kind under which the paper is archived
PAPERS = {"data_clearing": "data_clearing", "password": "password_recovery"}
APPLIED_FIELDS = frozenset(
    {
        "kind",
        "partner_id",
        "contact_id",
        "installation_id",
        "date",
        "description",
        "scan",
        "scan_name",
    }
)
# by kind of application: the fields recorded when it is executed
EXECUTION = {
    "data_clearing": ("tool_used", "backup_taken"),
    "password": ("contact_told_id", "verified_how"),
}
EXECUTION_FIELDS = frozenset().union(*EXECUTION.values())
UNDONE = frozenset({"draft", "submitted", "approved", "refused", "cancelled"})
