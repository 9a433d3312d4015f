from odoo import api, models
from odoo.exceptions import ValidationError

from ...groups import MANAGERS


class HelpdeskTicket(models.Model):
    """A ticket cannot be cancelled or archived to avoid its service record (五.1.3)."""

    _inherit = "helpdesk.ticket"

    def _was_served(self):
        """:return: whether the service has been done already"""
        self.ensure_one()
        return bool(self.service_done_on)

    @api.constrains("stage_id", "service_done_on")
    def _check_served(self):
        """五.1.3: a served ticket needs its record also when it is cancelled or rejected.

        Service managers may close it without one, e.g. when the service was marked by mistake; the record of a
        duplicate is in the ticket it repeats.

        :raises ValidationError: naming each ticket and what it lacks
        """
        if self.env.user.has_group(MANAGERS):
            return
        served = self.filtered(
            lambda ticket: ticket.stage_id.closed
            and not ticket.stage_id.record_required
            and not ticket.record_complete
            and ticket._was_served()
        )
        if served:
            # Constraints of recomputed fields run without the user's language.
            served = served.with_context(lang=self.env.lang or self.env.user.lang)
            raise ValidationError(
                served.env._(
                    "The customer was served: complete the service record, or have a service manager close the"
                    " ticket without one. Missing:\n%s",
                    served._name_missing(),
                )
            )

    @api.constrains("active")
    def _check_archived(self):
        """Only closed tickets are archived; service managers may archive others, too.

        :raises ValidationError: naming the ticket
        """
        if self.env.user.has_group(MANAGERS):
            return
        for ticket in self:
            if not (ticket.active or ticket.stage_id.closed):
                raise ValidationError(
                    self.env._("%s is open: close it before it is archived.", ticket.display_name)
                )
