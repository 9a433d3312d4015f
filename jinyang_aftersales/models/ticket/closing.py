from odoo import api, models
from odoo.exceptions import ValidationError

from ...groups import MANAGERS


class HelpdeskTicket(models.Model):
    """Neither cancelling nor archiving a ticket is a way around its record (五.1.3)."""

    _inherit = "helpdesk.ticket"

    def _was_served(self):
        """:return: whether somebody has worked for the customer already"""
        self.ensure_one()
        return bool(self.service_done_on)

    @api.constrains("stage_id", "service_done_on")
    def _check_served(self):
        """五.1.3: who served the customer does not get rid of the record by cancelling or rejecting the ticket.

        A service manager may, for what was marked by mistake; duplicates have their record elsewhere.

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
            # recomputed fields are checked without the language of the user
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
        """A ticket out of sight is closed: nobody is rid of an open one by archiving it.

        :raises ValidationError: naming the ticket
        """
        if self.env.user.has_group(MANAGERS):
            return
        for ticket in self:
            if not (ticket.active or ticket.stage_id.closed):
                raise ValidationError(
                    self.env._("%s is open: close it before it is archived.", ticket.display_name)
                )
