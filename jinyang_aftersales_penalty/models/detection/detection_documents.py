from odoo import models

# the cases among the many: incomplete, or complete after the safe hour of the last day (see the search)
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
        """三.8: a delay announced too late excuses nothing, the case is found before its day moves."""
        if not delay.in_time:
            self.env["aftersales.penalty.detection"]._detect_document(self, delay.kind)
        return super()._apply_delay(delay, deadline)
