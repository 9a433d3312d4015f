"""Complaints: investigated by somebody who is not concerned, hidden from who is.

Uses the subjects before it.
Order: the complaint, its handling, who may know of it, then links from other documents.
"""

from . import (
    aftersales_complaint,
    complaint_company,
    handling,
    privacy,
    complaint_portal,
    complaint_links,
)
