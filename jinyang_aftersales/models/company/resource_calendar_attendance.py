from odoo import api, models


class ResourceCalendarAttendance(models.Model):
    """Weekly hours of a calendar; see ``resource.calendar``."""

    _inherit = "resource.calendar.attendance"

    @api.model_create_multi
    def create(self, vals_list):
        calendars = {vals["calendar_id"] for vals in vals_list if vals.get("calendar_id")}
        with self._changing_week(self.env["resource.calendar"].browse(calendars)):
            return super().create(vals_list)

    def write(self, vals):
        calendars = self.calendar_id
        if vals.get("calendar_id"):
            calendars |= calendars.browse(vals["calendar_id"])
        with self._changing_week(calendars):
            return super().write(vals)

    def unlink(self):
        with self._changing_week(self.calendar_id):
            return super().unlink()

    @api.model
    def _changing_week(self, calendars):
        return calendars._get_aftersales_companies()._aftersales_changing_week()
