from odoo import api, models
from odoo.exceptions import UserError

# fields of a calendar entry that follow its visit; alarms, notes and tags are free
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


# context key of writes by the synchronisation with other calendars, and fields that make it send an entry again
SYNC = "dont_notify"
SYNC_FLAGS = ("need_sync", "need_sync_m")


class CalendarEvent(models.Model):
    """The entry of a visit shows its plan, which is changed on the visit only (五.3.2).

    The visit asks for the contact who agreed and for a reason; moving the entry would not. An entry that was moved
    in another calendar is put back there, with a note on the visit: an error would end the synchronisation of all
    entries.
    """

    _name = "calendar.event"
    # the guard before the calendar's own write: it checks the values of the caller, not those Odoo adds
    _inherit = ["aftersales.guard.mixin", "calendar.event"]

    @api.model
    def _get_activity_excluded_models(self):
        # no activity for the entry of a visit: the visit has its own deadlines
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
        """Keep the plan of visits when the synchronisation with another calendar writes another one."""
        plan = self.env.context.get(SYNC) and PLAN & vals.keys()
        plan = plan and plan - self._get_unlocked_fields()
        entries = self._filter_visits() if plan else self.browse()
        for entry in entries:
            entry._keep_plan(vals, plan)
        others = self - entries
        return super(CalendarEvent, others).write(vals) if others or not entries else True

    def _check_locked_vals(self, vals):
        """Refuse to change the plan of entries of visits."""
        if not PLAN.isdisjoint(vals):
            self._check_no_visit()
        return super()._check_locked_vals(vals)

    def _check_locked_deletion(self):
        """Refuse to delete entries of visits; they are deleted with the visit, or when it is cancelled."""
        self._check_no_visit()
        return super()._check_locked_deletion()

    def _cancel(self):
        """Deleted in Google's calendar: send entries of visits there again; see google_calendar."""
        others = self._keep_cancelled("google_id")
        return super(CalendarEvent, others)._cancel() if others else None

    def _cancel_microsoft(self):
        """Deleted in Microsoft's calendar: send entries of visits there again; see microsoft_calendar."""
        others = self._keep_cancelled("microsoft_id")
        return super(CalendarEvent, others)._cancel_microsoft() if others else None

    def _keep_cancelled(self, external_id):
        """Keep entries of visits that were deleted in another calendar.

        :param str external_id: field with the id of the entry in that calendar
        :return: the other entries
        """
        entries = self._filter_visits()
        for entry in entries:
            entry._keep_plan({external_id: False, "active": False}, {"active"})
        return self - entries

    def _keep_plan(self, vals, plan):
        """Write changes from another calendar to the entry of a visit, except for the plan, which is sent back there.

        :param dict vals: values about to be written
        :param set plan: names of the values that belong to the plan
        """
        self.ensure_one()
        moved = {name for name in plan if not self._fields[name].relational}
        changed = self._changed_fields(vals, moved)
        free = {name: value for name, value in vals.items() if name not in plan}
        if changed:
            free |= {flag: True for flag in SYNC_FLAGS if flag in self._fields}
            for visit in self._find_visits():
                visit._message_log(
                    body=visit.env._(
                        "Changed in another calendar and put back: %s. Use Reschedule or Cancel here, the time was"
                        " agreed with the customer and approved.",
                        self._labels(changed),
                    )
                )
        free = {name: value for name, value in free.items() if name in self._fields}
        return super(CalendarEvent, self.with_context(**{SYNC: True})).write(free)

    def _find_visits(self):
        """:return: visits of these entries, as superuser"""
        # sudo: finds visits that the user of the calendar may not read
        visits = self.env["aftersales.visit"].sudo()
        return visits.search([("calendar_event_id", "in", self.ids)]) if self.ids else visits

    def _filter_visits(self):
        """:return: the entries that belong to a visit"""
        return self & self.browse(self._find_visits().calendar_event_id.ids)

    def _check_no_visit(self):
        """Refuse to change the plan of a visit in the calendar.

        :raises UserError: naming the visit, and where to go
        """
        visit = self._find_visits()[:1]
        if visit:
            raise UserError(
                self.env._(
                    "This is the visit %s. Open it and use Reschedule or Cancel there: the time was agreed with the"
                    " customer and approved.",
                    visit.display_name,
                )
            )
