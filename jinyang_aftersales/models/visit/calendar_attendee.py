from odoo import api, models


class CalendarAttendee(models.Model):
    """Attendees of a visit's entry are its technicians: they are changed on the visit only."""

    _inherit = "calendar.attendee"

    @api.model_create_multi
    def create(self, vals_list):
        events = self.env["calendar.event"]
        for vals in vals_list:
            events |= events.browse(vals.get("event_id"))
        events._check_no_visit()
        return super().create(vals_list)

    def write(self, vals):
        if {"event_id", "partner_id"} & vals.keys() or vals.get("state") == "declined":
            self.event_id._check_no_visit()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_visit(self):
        self.event_id._check_no_visit()
