from odoo import api, models


class ResourceCalendarAttendance(models.Model):
    """Weekly hours of a calendar; see ``resource.calendar``."""

    _inherit = "resource.calendar.attendance"

    @api.model_create_multi
    def create(self, vals_list):
        calendars = {vals["calendar_id"] for vals in vals_list if vals.get("calendar_id")}
        with self.env["resource.calendar"].browse(calendars)._aftersales_changing_week():
            return super().create(vals_list)

    def write(self, vals):
        calendars = self.calendar_id
        if vals.get("calendar_id"):
            calendars |= calendars.browse(vals["calendar_id"])
        with calendars._aftersales_changing_week():
            return super().write(vals)

    def unlink(self):
        with self.calendar_id._aftersales_changing_week():
            return super().unlink()
