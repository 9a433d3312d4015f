import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...groups import INTERNAL, MANAGERS

# what decides which record a ticket owes: fixed once the service is done
DECIDING = frozenset({"channel_id", "category_id", "duplicate_id"})


class HelpdeskTicket(models.Model):
    """Changes of tickets that are looked at: after the service, without a visit, and of two people at a time.

    ====================================  =====================================================
    Change after the service              May
    ====================================  =====================================================
    channel, category, duplicate mark     service managers; specialists with a reason
    an empty category, an empty channel   everybody, as part of the record
    company                               service managers
    who did the service                   service managers with a reason
    when it was done                      service managers
    ====================================  =====================================================

    Managers decide nothing about services of their own: another one ends the duty, says who it was, moves the day.
    """

    _inherit = "helpdesk.ticket"

    channel_id = fields.Many2one(tracking=True)
    category_id = fields.Many2one(tracking=True)
    partner_id = fields.Many2one(tracking=True)
    correction_ids = fields.One2many(
        comodel_name="aftersales.ticket.correction",
        inverse_name="ticket_id",
        string="Corrections after the Service",
        readonly=True,
        copy=False,
        groups=MANAGERS,
    )
    visit_waived_reason = fields.Text(
        string="On Site without a Visit Because",
        readonly=True,
        copy=False,
        tracking=True,
        groups=INTERNAL,
        help="Why a service manager lets an on-site ticket be closed although no visit was approved (五.3.3).",
    )
    visit_waived_by_id = fields.Many2one(
        comodel_name="res.users",
        person="fact",
        string="Allowed without a Visit By",
        readonly=True,
        copy=False,
        groups=INTERNAL,
    )
    visit_waived_on = fields.Date(
        string="Allowed without a Visit On", readonly=True, copy=False, groups=INTERNAL
    )
    lacks_visit = fields.Boolean(
        string="No Approved Visit", compute="_compute_lacks_visit", groups=INTERNAL
    )

    # === After the service === #

    def write(self, vals):
        changes = self._find_corrections(
            vals, (DECIDING | {"company_id", "service_done_on"}) - self._get_unlocked_fields()
        )
        result = super().write(vals)
        if changes:
            self._keep_corrections(changes, "")
        if "duplicate_id" in vals:
            self._follow_duplicate()
        return result

    def _check_locked_vals(self, vals):
        """Refuse to change what decides about the record of a served ticket, but for service managers."""
        super()._check_locked_vals(vals)
        if "service_done_on" in vals:
            moment = fields.Datetime.to_datetime(vals["service_done_on"])
            for ticket in self.sudo().filtered("service_done_on"):
                # the day of the record is counted from it
                if not (moment and moment <= ticket.service_done_on):
                    ticket.sudo(False)._check_not_served()
        if self.env.user.has_group(MANAGERS):
            return
        if self._find_corrections(vals, {"company_id"}):
            # the rules of another company would hold for it
            self._check_manager()
        for ticket, name, _old in self._find_corrections(vals, DECIDING)[:1]:
            raise UserError(
                self.env._(
                    "The service of %(ticket)s is done: use the button “Correct” and give the reason to change:"
                    " %(field)s",
                    ticket=ticket.display_name,
                    field=self._labels([name]),
                )
            )

    def _find_corrections(self, vals, names):
        """Changes of served tickets in fields that decide about their record.

        :param dict vals: values about to be written
        :param names: names of the fields to look at, a set
        :return: ticket, name of the field and its former value as text
        :rtype: list[tuple]
        """
        names = names & vals.keys()
        if not names:
            return []
        found = []
        # sudo: also users who may not read the mark of the service
        for ticket in self.sudo().filtered("service_done_on"):
            found += [
                (ticket.sudo(False), name, ticket._say_corrected(name))
                for name in sorted(ticket._changed_fields(vals, names))
                if not ticket._is_filled_in(name, vals[name])
            ]
        return found

    def _say_corrected(self, name):
        """:return: value of a field as text, for the list of corrections"""
        value = self[name]
        if self._fields[name].type == "datetime":
            zone = self.company_id._aftersales_zone()
            return value and pytz.utc.localize(value).astimezone(zone).strftime("%Y-%m-%d %H:%M")
        return value.display_name or ""

    def _check_not_served(self):
        """:raises UserError: when the user did the service: somebody else decides about its record"""
        # sudo: also users who may not read who did the service
        for ticket in self.filtered(lambda row: row.sudo().service_done_by_id == self.env.user):
            raise UserError(
                self.env._(
                    "%s: you did the service yourself. Another manager or the director decides about its record.",
                    ticket.display_name,
                )
            )

    def _is_filled_in(self, name, value):
        """Whether a change fills in what was still unknown, as part of the record.

        :param str name: name of the field
        :param value: the new value, as it is written
        :rtype: bool
        """
        if self[name] or name not in ("category_id", "channel_id"):
            return False
        new = self._fields[name].convert_to_record(
            self._fields[name].convert_to_cache(value, self), self
        )
        return name == "category_id" or new.service_mode != "on_site"

    def _keep_corrections(self, changes, reason):
        """Keep what was changed after the service.

        :param list changes: see :meth:`_find_corrections`
        :param str reason: why, empty where a service manager changed the ticket itself
        """
        manager = self.env.user.has_group(MANAGERS)
        # sudo: users who correct a ticket neither make nor read these rows
        self.env["aftersales.ticket.correction"].sudo()._create_unlocked(
            [
                {
                    "company_id": ticket.company_id.id,
                    "ticket_id": ticket.id,
                    "field_name": name,
                    "old_value": old,
                    "new_value": ticket.sudo()._say_corrected(name),
                    "reason": reason,
                    "user_id": self.env.uid,
                    "by_manager": manager,
                    "date": ticket.company_id._aftersales_today(),
                }
                for ticket, name, old in changes
            ]
        )

    def _follow_duplicate(self):
        """A duplicate mark after the service ends the duty only if a service manager sets it who did not serve;
        taking one away that was there before the service begins it.
        """
        manager = self.env.user.has_group(MANAGERS)
        # sudo: follows from the mark, also for users who may not read the duty
        for ticket in self.sudo().filtered("service_done_on"):
            if ticket.duplicate_id:
                accepted = manager and ticket.service_done_by_id != self.env.user
                if accepted and ticket.record_due_date and not ticket.record_completed_on:
                    ticket._write_unlocked({"record_completed_on": fields.Datetime.now()})
            elif ticket.record_asked and not ticket.record_due_date:
                due = ticket._get_record_due_date(fields.Datetime.now())
                ticket._write_unlocked({"record_due_date": due})

    def action_accept_duplicate(self):
        """Accept that a specialist marked a served ticket as a duplicate: its record is that of the other ticket.

        :raises AccessError: for users who are no service managers
        :raises UserError: for who did the service
        """
        self.check_access("write")
        self._check_manager()
        self._check_not_served()
        self.filtered("duplicate_id")._follow_duplicate()

    def action_correct(self, vals, reason):
        """Correct what decides about the record of a served ticket, and keep it with its reason.

        :param dict vals: new values of channel, category and duplicate mark, and for managers of who did the service
        :param str reason: why
        :raises UserError: without a reason, for other fields, and for another person by who did the service
        """
        self.ensure_one()
        self.check_access("write")
        reason = self._check_reason(reason, self.env._("Say why the ticket is corrected."))
        names = set(DECIDING)
        if "service_done_by_id" in vals:
            self._check_manager()
            if self._changed_fields(vals, {"service_done_by_id"}):
                self._check_not_served()
            names.add("service_done_by_id")
        if not vals or vals.keys() - names or not self.service_done_on:
            raise UserError(
                self.env._(
                    "Channel, category, duplicate mark and who did the service are corrected here, once it is done."
                )
            )
        changes = [
            (self, name, self.sudo()._say_corrected(name))
            for name in sorted(self._changed_fields(vals, names))
        ]
        if not changes:
            raise UserError(self.env._("Nothing is different: say what is right instead."))
        self._write_unlocked(vals)
        self._keep_corrections(changes, reason)
        self._message_log(body=self.env._("Corrected after the service: %s", reason))

    def action_open_correction(self):
        """Ask what is right instead, and why."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Correct"),
            "res_model": "aftersales.ticket.correct",
            "view_mode": "form",
            "target": "new",
            "context": {"default_ticket_id": self.id},
        }

    # === On site without a visit === #

    @api.model
    def _get_reason_steps(self):
        return {
            **super()._get_reason_steps(),
            "action_waive_visit": self.env._("Allow without a Visit"),
        }

    def _has_approved_visit(self):
        """Whether somebody was allowed to go to the customer for this ticket; a subject above knows of visits.

        :rtype: bool
        """
        return False

    @api.depends("channel_id", "duplicate_id", "visit_waived_on")
    def _compute_lacks_visit(self):
        for ticket in self:
            ticket.lacks_visit = (
                ticket.service_mode == "on_site"
                and not ticket.duplicate_id
                and not ticket.visit_waived_on
                and not ticket._has_approved_visit()
            )

    @api.constrains("stage_id", "channel_id", "duplicate_id", "service_done_on")
    def _check_visit_approved(self):
        """五.3.3: on-site work without an approved visit is not closed, except with a service manager's reason.

        :raises ValidationError: naming the ticket
        """
        for ticket in self.filtered("stage_id.closed"):
            served = ticket.service_done_on
            company = ticket.company_id
            if (
                served
                and ticket.lacks_visit
                and company._aftersales_owes_since(company._aftersales_day(served))
            ):
                raise ValidationError(
                    self.env._(
                        "%s: nobody goes to the customer before the visit is approved (五.3.3). Plan the visit, choose"
                        " the channel by which the customer was served, or have a service manager allow it with a"
                        " reason.",
                        ticket.display_name,
                    )
                )

    def action_ask_waive_visit(self):
        """Ask why an on-site ticket may be closed without a visit."""
        return self._ask_reason("action_waive_visit")

    def action_waive_visit(self, reason):
        """Let on-site tickets be closed without an approved visit; the reason stays with them (五.3.3).

        :param str reason: why there was no visit
        :raises AccessError: for users who are no service managers
        :raises UserError: without a reason, or where no visit is missing
        """
        self.check_access("write")
        self._check_manager()
        reason = self._check_reason(reason, self.env._("Say why there was no visit."))
        for ticket in self:
            if not ticket.lacks_visit:
                raise UserError(self.env._("%s: no visit is missing here.", ticket.display_name))
            ticket._write_unlocked(
                {
                    "visit_waived_reason": reason,
                    "visit_waived_by_id": self.env.uid,
                    "visit_waived_on": ticket.company_id._aftersales_today(),
                }
            )

    # === Two people at a time === #

    @api.model
    def _get_shared_fields(self):
        record = {
            name
            for name in self._get_record_fields()
            if self._fields[name].type not in ("one2many", "many2many")
        }
        return super()._get_shared_fields() | record | {"category_id", "channel_id", "partner_id"}
