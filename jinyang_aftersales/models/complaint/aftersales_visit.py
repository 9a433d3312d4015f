from odoo import api, fields, models

from ...groups import READERS


class AftersalesVisit(models.Model):
    """Complaints about a visit."""

    _inherit = "aftersales.visit"

    complaint_count = fields.Integer(compute="_compute_complaint_count", groups=READERS)

    @api.depends_context("uid")
    def _compute_complaint_count(self):
        counts = self.env["aftersales.complaint"]._count_by("visit_id", self.ids)
        for visit in self:
            visit.complaint_count = counts[visit.id]

    def action_view_complaints(self):
        """Show the complaints about the visit that the user may read."""
        self.ensure_one()
        return self._get_list_action(
            "jinyang_aftersales.aftersales_complaint_action",
            [("visit_id", "=", self.id)],
            {
                "default_company_id": self.company_id.id,
                "default_partner_id": self.partner_id.id,
                "default_contact_id": self.contact_id.id,
                "default_visit_id": self.id,
                "default_ticket_id": self.ticket_id.id,
            },
        )
