"""How activities of the inbox are recognised that ask for an approval. No model is in here."""

# external id of the type of these activities, and the category of that type
APPROVAL_ACTIVITY = "jinyang_aftersales.mail_activity_approval"
APPROVAL_CATEGORY = "aftersales_approval"
# external id of the type of activities about decisions that are late
LATE_ACTIVITY = "jinyang_aftersales.mail_activity_approval_late"
# fields of an activity that tie it to its submission, its document and its manager
TIES = frozenset(
    {
        "active",
        "user_id",
        "res_id",
        "res_model_id",
        "res_model",
        "activity_type_id",
        "approval_id",
    }
)
