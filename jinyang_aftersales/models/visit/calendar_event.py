from odoo import api, models
from odoo.exceptions import UserError

from ..shared.aftersales_guard_mixin import OPEN, OPEN_KEY

# what of a visit its entry in the calendar shows; alarms, notes and tags are free
PLAN = frozenset(
    {
        "active",
        "allday",
        "attendee_ids",
        "duration",
        "location",
        "name",
        "partner_ids",
        "recurrency",
        "res_id",
        "res_model_id",
        "start",
        "start_date",
        "stop",
        "stop_date",
        "user_id",
    }
)


class CalendarEvent(models.Model):
    """Entries of visits follow the visit: the calendar shows the plan, the visit changes it (五.3.2).

    Moving an entry would ask neither the customer's contact nor for a reason.
    """

    _inherit = "calendar.event"

    @api.model
    def _get_activity_excluded_models(self):
        # the visit itself says what is to be done and when
        return super()._get_activity_excluded_models() + ["aftersales.visit"]

    @api.depends("res_id", "res_model_id")
    def _compute_user_can_edit(self):
        result = super()._compute_user_can_edit()
        entries = self._origin._find_visits().calendar_event_id
        for event in self:
            if event._origin.id in entries._ids:
                event.user_can_edit = False
        return result

    def write(self, vals):
        if PLAN & vals.keys():
            self._check_no_visit()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_visit(self):
        self._check_no_visit()

    def _find_visits(self):
        """:return: visits these entries stand for, as superuser"""
        # sudo: whether it is the entry of a visit, whoever changes the calendar
        visits = self.env["aftersales.visit"].sudo()
        return visits.search([("calendar_event_id", "in", self.ids)]) if self.ids else visits

    def _check_no_visit(self):
        """Refuse to change the plan of a visit in the calendar.

        :raises UserError: naming the visit, and where to go
        """
        if self.env.su or self.env.context.get(OPEN_KEY) is OPEN:
            return
        visit = self._find_visits()[:1]
        if visit:
            raise UserError(
                self.env._(
                    "This is the visit %s. Open it and use Reschedule or Cancel there: the time was agreed with the"
                    " customer and approved.",
                    visit.display_name,
                )
            )
