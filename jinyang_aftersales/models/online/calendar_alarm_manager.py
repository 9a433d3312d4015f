from odoo import models

from .services import SMS


class CalendarAlarmManager(models.AbstractModel):
    """Reminders by SMS are not sent for events of users whose company sends none."""

    _inherit = "calendar.alarm_manager"

    def _get_events_by_alarm_to_notify(self, alarm_type):
        found = super()._get_events_by_alarm_to_notify(alarm_type)
        if alarm_type != SMS:
            return found
        events = self.env["calendar.event"]
        used = {
            alarm: events.browse(ids)
            .filtered(lambda event: event.user_id.company_id._aftersales_sms())
            .ids
            for alarm, ids in found.items()
        }
        return {alarm: ids for alarm, ids in used.items() if ids}
