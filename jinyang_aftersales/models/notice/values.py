"""Choices of renewal notices. No model is in here."""

NOTICE_STATES = [
    ("pending", "Pending"),
    ("print", "To Print"),
    ("sent", "Sent"),
    ("superseded", "Superseded"),
    ("withheld", "Customer Archived"),
    ("missed", "Ended Without Notice"),
]
ANSWERS = [
    ("renewing", "Renewing"),
    ("considering", "Considering"),
    ("declining", "Declining"),
]
CHANNELS = [("mail", "E-mail"), ("fax", "Fax"), ("post", "Post")]
DELIVERIES = {
    "queued": ("outgoing",),
    "delivered": ("sent", "received"),
    "failed": ("exception", "cancel"),
}
