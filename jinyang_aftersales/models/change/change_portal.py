from odoo import models

from .aftersales_change_request import AftersalesChangeRequest as Change

PORTAL_FIELDS = frozenset(
    {
        "name",
        "title",
        "kind",
        "state",
        "partner_id",
        "contact_id",
        "installation_id",
        "serial_number",
        "user_id",
        "filed_by_id",
        "ticket_id",
        "description",
        "module",
        "reason",
        "customer_requested_on",
        "scan",
        "scan_name",
        "submitted_on",
        "confirmed_need",
        "confirmed_on",
        "date_promised",
        "customer_invited_on",
        "deployed_on",
        "opinion_result",
        "opinion_text",
        "opinion_on",
        "done_on",
    }
)


class AftersalesChangeRequest(models.Model):
    """The customer's side of a program change: filed with the stamped scan, followed to his opinion (五.4)."""

    _name = "aftersales.change.request"
    _inherit = ["aftersales.change.request", "aftersales.filing.mixin"]
    _portal_url = "/my/changes"
    _portal_fields = PORTAL_FIELDS
    _protected_fields = {**Change._protected_fields, "filed_by_id": False}

    def _after_filing(self):
        """What the customer files is submitted: the specialist is to confirm the need with him (五.4.2)."""
        self.action_submit()

    def _confirm_filing(self):
        """The mail of the submission says it already."""
