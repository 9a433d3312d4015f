from odoo import models


class CalendarAlarmManager(models.AbstractModel):
    """Reminders by SMS are not sent while the services are off, for they would only fail."""

    _inherit = "calendar.alarm_manager"

    def _get_events_by_alarm_to_notify(self, alarm_type):
        if alarm_type == "sms" and not self.env.company._aftersales_online():
            return {}
        return super()._get_events_by_alarm_to_notify(alarm_type)
