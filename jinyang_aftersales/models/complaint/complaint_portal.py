from odoo import models

from .aftersales_complaint import AftersalesComplaint as Complaint

PORTAL_FIELDS = frozenset(
    {
        "name",
        "kind",
        "state",
        "partner_id",
        "filed_by_id",
        "description",
        "date_received",
        "answer",
        "answered_on",
    }
)


class AftersalesComplaint(models.Model):
    """The customer's side of a complaint: what was said, how it stands and the answer (四 总监.4).

    Who is concerned, who looks into it and what is found out are no fields of the portal, for anybody.
    """

    _name = "aftersales.complaint"
    _inherit = ["aftersales.complaint", "aftersales.filing.mixin"]
    _portal_url = "/my/complaints"
    _portal_fields = PORTAL_FIELDS
    _protected_fields = {**Complaint._protected_fields, "filed_by_id": False}

    def _after_filing(self):
        """Whoever may investigate has been told when it was made."""

    def _get_filing_author(self):
        # whoever looks into it is not named before he answers
        return self.company_id.partner_id

    def _get_filing_text(self):
        return self.env._(
            "Thank you for telling us. We have received your complaint %s; somebody who has nothing to do with it looks"
            " into it and answers you. You can follow it on the portal; a reply to this mail reaches us there, too.",
            self.name,
        )
