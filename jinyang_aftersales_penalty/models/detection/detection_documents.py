from odoo import models

# Only rows that can be cases: not complete, or complete after 10:00 UTC of the last day (see SAFE in the search).
LATE = (
    "(company_id, record_due_date) WHERE record_due_date IS NOT NULL"
    " AND ({done} IS NULL OR {done} >= record_due_date + interval '10 hours')"
)


class HelpdeskTicket(models.Model):
    _inherit = "helpdesk.ticket"

    _late_record_idx = models.Index(LATE.format(done="record_completed_on"))


class AftersalesVisit(models.Model):
    _inherit = "aftersales.visit"

    _late_record_idx = models.Index(LATE.format(done="record_filled_on"))


class AftersalesDeadlineMixin(models.AbstractModel):
    _inherit = "aftersales.deadline.mixin"

    def _apply_delay(self, delay, deadline):
        """三.8: a delay announced too late is no excuse: search the document before its day is moved."""
        if not delay.in_time:
            self.env["aftersales.penalty.detection"]._detect_document(self, delay.kind)
        return super()._apply_delay(delay, deadline)
