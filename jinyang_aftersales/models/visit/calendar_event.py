from odoo import api, models
from odoo.exceptions import UserError

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


# how the synchronisation with other calendars marks what it writes, and what it is to send again
SYNC = "dont_notify"
SYNC_FLAGS = ("need_sync", "need_sync_m")


class CalendarEvent(models.Model):
    """Entries of visits follow the visit: the calendar shows the plan, the visit changes it (五.3.2).

    Moving an entry would ask neither the customer's contact nor for a reason. What somebody moved in another
    calendar is put back there, and the visit says so: an error would end the synchronisation for all entries.
    """

    _name = "calendar.event"
    # the guard first: it looks at what callers write, not at what Odoo makes of it
    _inherit = ["aftersales.guard.mixin", "calendar.event"]

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
        plan = PLAN & vals.keys()
        plan = plan and plan - self._get_unlocked_fields()
        entries = self._filter_visits() if plan else self.browse()
        if entries and self.env.context.get(SYNC):
            for entry in entries:
                entry._keep_plan(vals, plan)
            others = self - entries
            return super(CalendarEvent, others).write(vals) if others else True
        entries._check_no_visit()
        return super().write(vals)

    def _check_locked_deletion(self):
        """Entries of visits go with the visit, or when it is cancelled."""
        self._check_no_visit()

    def _cancel(self):
        """Deleted in Google's calendar: entries of visits are sent there again; see google_calendar."""
        return self._keep_cancelled("_cancel", "google_id")

    def _cancel_microsoft(self):
        """Deleted in Microsoft's calendar: entries of visits are sent there again; see microsoft_calendar."""
        return self._keep_cancelled("_cancel_microsoft", "microsoft_id")

    def _keep_cancelled(self, method, external_id):
        entries = self._filter_visits()
        for entry in entries:
            entry._keep_plan({external_id: False, "active": False}, {"active"})
        others = super(CalendarEvent, self - entries)
        return getattr(others, method)() if self - entries else None

    def _keep_plan(self, vals, plan):
        """Another calendar changed the entry of a visit: the plan stays, and goes back there.

        :param dict vals: values about to be written
        :param set plan: those of them that are the visit's
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
        """:return: visits these entries stand for, as superuser"""
        # sudo: whether it is the entry of a visit, whoever changes the calendar
        visits = self.env["aftersales.visit"].sudo()
        return visits.search([("calendar_event_id", "in", self.ids)]) if self.ids else visits

    def _filter_visits(self):
        """:return: those of the entries that stand for a visit"""
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
