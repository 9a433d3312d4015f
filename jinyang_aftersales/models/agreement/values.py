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
LETTER_CHANNELS = [("mail", "E-mail"), ("fax", "Fax"), ("post", "Post")]
OWED_STATES = [("nothing", "Owes Nothing"), ("open", "Open"), ("overdue", "Overdue")]
# what is asked for when the agreement is signed for us, and when the customer's copy returns (五.2.3 – 五.2.5)
SIGNING_FIELDS = (
    "signed_by_id",
    "signed_on",
    "is_sealed",
    "return_due_date",
    "payment_due_date",
    "invoice_contact_id",
    "invoice_address",
)
COPY_FIELDS = ("customer_signatory", "countersigned_on", "is_customer_sealed")
# our side of a signed agreement, which a manager may correct
SIGNED_FIELDS = ("signed_by_id", "signed_on", "is_sealed")
# how the paper invoice left
DISPATCH_FIELDS = ("invoice_sent_on", "invoice_courier", "invoice_tracking_number")
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
# who keeps accounts: they read agreements, make their invoices and record how these left
ACCOUNTANTS = "account.group_account_invoice,account.group_account_readonly"
