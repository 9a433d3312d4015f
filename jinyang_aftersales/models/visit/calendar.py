from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_datetime
from odoo.tools.misc import clean_context

# no invitations: the specialist tells the customer, and technicians see the entry in their calendar
SILENT = {
    "no_mail_to_attendees": True,
    "skip_attendee_notification": True,
    "skip_contact_description": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
}


class AftersalesVisit(models.Model):
    """Calendar of the technicians: one entry for each visit, and a warning when entries overlap."""

    _inherit = "aftersales.visit"

    # === Calendar entry === #

    def _prepare_event_vals(self):
        """Values of the calendar entry.

        :rtype: dict
        """
        self.ensure_one()
        return {
            "name": self.display_name,
            "start": self.date_planned_start,
            "stop": self.date_planned_end,
            "location": self.address,
            "user_id": self.lead_technician_id.id,
            "partner_ids": [fields.Command.set(self.technician_ids.partner_id.ids)],
            "res_model_id": self.env["ir.model"]._get_id(self._name),
            "res_id": self.id,
        }

    def _create_event(self):
        """Put the visit into the calendars of its technicians.

        :rtype: calendar.event
        """
        self.ensure_one()
        context = clean_context(self.env.context)
        # the calendar would take the document of the open window as that of the entry
        for key in ("active_id", "active_ids", "active_model"):
            context.pop(key, None)
        # sudo: writes into the calendars of others
        events = self.env(context={**context, **SILENT})["calendar.event"].sudo()
        return events.create(self.sudo()._prepare_event_vals())

    def _sync_event(self):
        """Bring calendar entries in line with visits that were moved or cancelled."""
        for visit in self:
            # sudo: writes into the calendars of others
            visit = visit.sudo().with_context(**SILENT)
            event = visit.calendar_event_id.exists()
            if visit.state not in ("approved", "on_site", "feedback", "done"):
                event._unlink_unlocked()
            elif event:
                vals = visit._prepare_event_vals()
                event._write_unlocked(
                    {name: vals[name] for name in ("start", "stop", "location", "name")}
                )
            else:
                visit._write_unlocked({"calendar_event_id": visit._create_event().id})

    def action_reschedule(self, start, end, agreed_with, reason):
        """Move an approved visit to another time agreed with the customer (五.3.2); the approval stays.

        :param datetime.datetime start: the new arrival
        :param datetime.datetime end: the new planned end
        :param agreed_with: res.partner, the customer's contact
        :param str reason: why
        :raises AccessError: for users who may not write the visit
        :raises UserError: unless the visit is approved and has not begun, or when something is missing
        """
        self.ensure_one()
        self.check_access("write")
        start, end = fields.Datetime.to_datetime(start), fields.Datetime.to_datetime(end)
        reason = (reason or "").strip()
        if self.state != "approved":
            raise UserError(
                self.env._(
                    "%(document)s is %(state)s: only approved visits that have not begun are rescheduled.",
                    document=self.display_name,
                    state=self._state_label(),
                )
            )
        if not (start and end and agreed_with and reason):
            raise UserError(
                self.env._("Give the new time, the contact who agreed to it and the reason.")
            )
        if end < fields.Datetime.now():
            raise UserError(self.env._("The new time has passed already."))
        old = self.date_planned_start
        vals = {
            "date_planned_start": start,
            "date_planned_end": end,
            "arrival_agreed_with_id": agreed_with.id,
        }
        if self.is_trip:
            # the whole trip moves with the arrival
            days = self.company_id._aftersales_day(start) - self.company_id._aftersales_day(old)
            vals["trip_date_start"] = self.trip_date_start + days
            vals["trip_date_end"] = self.trip_date_end + days
        self._write_unlocked(vals)
        self._message_log(
            body=self.env._(
                "Rescheduled from %(old)s to %(new)s, agreed with %(contact)s: %(reason)s",
                old=self._format_moment(old),
                new=self._format_moment(start),
                contact=agreed_with.name,
                reason=reason,
            )
        )
        self._close_deadline("visit_answer")
        self._set_answer_due()
        self._sync_event()
        self._move_original()

    def action_open_reschedule(self):
        """Ask for the new time and the reason."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Reschedule"),
            "res_model": "aftersales.visit.reschedule",
            "view_mode": "form",
            "target": "new",
            "context": {"default_visit_id": self.id},
        }

    def _format_moment(self, moment):
        """:return: date and time as text, in the time zone of the company"""
        return format_datetime(
            self.env, moment, tz=self.company_id._aftersales_zone().zone, dt_format="short"
        )

    # === Overlap === #

    @api.depends("date_planned_start", "date_planned_end", "technician_ids", "state")
    def _compute_overlap_warning(self):
        warnings = self._find_overlaps()
        for visit in self:
            visit.overlap_warning = "\n".join(warnings[visit]) or False

    def _find_overlaps(self):
        """Other visits and calendar entries of the technicians at the same time.

        One query finds them for all visits at once; two more read the names.

        :return: a line of text for each overlap, by visit
        :rtype: dict
        """
        lines = defaultdict(list)
        rows = self._query_overlaps()
        users = self.env["res.users"].browse({row[1] for row in rows})
        # the calendar itself shows private entries of colleagues as busy
        events = self.env["calendar.event"].browse({row[3] for row in rows if row[3]})
        names = {event.id: event.display_name for event in events}
        for number, user_id, visit_name, event_id, start, stop in rows:
            lines[self[number]].append(
                self.env._(
                    "%(technician)s: %(what)s, %(start)s – %(end)s",
                    technician=users.browse(user_id).name,
                    what=visit_name or names[event_id],
                    start=self[number]._format_moment(start),
                    end=self[number]._format_moment(stop),
                )
            )
        return lines

    def _query_overlaps(self):
        """:return: rows of (position in self, user, name of a visit, calendar entry, start, end)"""
        wanted = [
            SQL(
                "(%s::int, %s::int, %s::timestamp, %s::timestamp, %s::int, %s::int)",
                number,
                visit._origin.id or 0,
                visit.date_planned_start,
                visit.date_planned_end,
                user.id,
                user.partner_id.id,
            )
            for number, visit in enumerate(self)
            if visit.date_planned_start
            and visit.date_planned_end
            and visit.state in ("draft", "submitted", "approved", "on_site")
            for user in visit.technician_ids._origin
        ]
        if not wanted:
            return []
        self.flush_model(
            [
                "date_planned_start",
                "date_planned_end",
                "technician_ids",
                "state",
                "name",
                "calendar_event_id",
            ]
        )
        self.env["calendar.event"].flush_model(["start", "stop", "active", "show_as"])
        self.env["calendar.attendee"].flush_model(["event_id", "partner_id", "state"])
        return self.env.execute_query(
            SQL(
                """
                WITH wanted (number, visit_id, start, stop, user_id, partner_id) AS (VALUES %(wanted)s)
                SELECT w.number, w.user_id, v.name, NULL::int, v.date_planned_start AS start, v.date_planned_end
                  FROM wanted w
                  JOIN aftersales_visit_technician_rel t ON t.user_id = w.user_id
                  JOIN aftersales_visit v ON v.id = t.visit_id
                 WHERE v.id != w.visit_id AND v.state IN ('submitted', 'approved', 'on_site')
                   AND v.date_planned_start < w.stop AND v.date_planned_end > w.start
                UNION ALL
                SELECT w.number, w.user_id, NULL, e.id, e.start, e.stop
                  FROM wanted w
                  JOIN calendar_attendee a ON a.partner_id = w.partner_id
                  JOIN calendar_event e ON e.id = a.event_id
                 WHERE e.active AND a.state IS DISTINCT FROM 'declined'
                   AND e.show_as IS DISTINCT FROM 'free'
                   AND e.start < w.stop AND e.stop > w.start
                   AND NOT EXISTS (SELECT FROM aftersales_visit o WHERE o.calendar_event_id = e.id)
                 ORDER BY number, start
                """,
                wanted=SQL(", ").join(wanted),
            )
        )
