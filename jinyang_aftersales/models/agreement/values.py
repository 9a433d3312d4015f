"""Stages of agreements, and the fields of their lines. No model is in here."""

AGREEMENT_STAGES = [
    ("draft", "Draft"),
    ("sent", "Sent"),
    ("signed", "Signed"),
    ("lost", "Lost"),
]
AGREEMENT_STATES = [
    ("draft", "Draft"),
    ("sent", "Sent"),
    ("signed", "Signed"),
    ("active", "Active"),
    ("expired", "Expired"),
    ("renewed", "Renewed"),
    ("lost", "Lost"),
]
# what was agreed with the customer, and the invoicing dates that follow from the term
AGREED_LINE_FIELDS = {
    "contract_id",
    "display_type",
    "product_id",
    "name",
    "quantity",
    "uom_id",
    "price_unit",
    "specific_price",
    "automatic_price",
    "discount",
    "date_start",
    "date_end",
    "last_date_invoiced",
    "recurring_next_date",
    "recurring_rule_type",
    "recurring_interval",
    "recurring_invoicing_type",
    "is_canceled",
}
