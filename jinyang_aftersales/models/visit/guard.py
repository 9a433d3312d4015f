from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command

from ...groups import MANAGERS, SPECIALISTS
from .aftersales_visit import FEEDBACK_FIELDS, SCORES

TECHNICIANS = frozenset({"technician_ids", "lead_technician_id"})
CLOSED = frozenset({"done", "refused", "cancelled"})
# clocks of phones
TOLERANCE = timedelta(minutes=5)


class AftersalesVisit(models.Model):
    """What may be written when, and what a visit needs before it goes on."""

    _inherit = "aftersales.visit"

    # === Fields and states === #

    def _get_open_states(self):
        """In which states users write which fields; fields not named here are free until the visit is closed.

        :return: the states, by name of the field
        :rtype: dict[str, frozenset[str]]
        """
        states = dict.fromkeys(self._submitted_fields, frozenset({"draft"}))
        manager = self.env.user.has_group(MANAGERS)
        if manager:
            # who plans the day exchanges technicians before the decision, not after it
            states |= dict.fromkeys(TECHNICIANS, frozenset({"draft", "submitted"}))
        states |= dict.fromkeys(FEEDBACK_FIELDS | {"left_on"}, frozenset({"on_site"}))
        states["returned_on"] = frozenset({"on_site", "feedback"})
        opened = frozenset({"draft", "submitted", "approved", "on_site", "feedback"})
        states |= dict.fromkeys(("user_id", "chargeable"), opened)
        # 七.4: nobody puts a record that was complete before in the place of the one he owes
        states["ticket_id"] = opened if manager else frozenset({"draft", "submitted"})
        return states

    @api.depends("state")
    @api.depends_context("uid")
    def _compute_technicians_fixed(self):
        for visit in self:
            visit.technicians_fixed = "technician_ids" in visit._get_frozen_fields()

    def _get_frozen_fields(self):
        states = self._get_open_states()
        return {name for name, opened in states.items() if self.state not in opened} | {
            "company_id"
        }

    def _check_document_write(self, vals):
        for visit in self.filtered(lambda visit: visit.state == "draft"):
            # the company of a draft may still change
            early = visit._changed_fields(vals, visit._get_frozen_fields() - {"company_id"})
            if early:
                raise UserError(
                    self.env._(
                        "%(document)s is %(state)s: %(fields)s are filled in on site.",
                        document=visit.display_name,
                        state=visit._state_label(),
                        fields=visit._labels(early),
                    )
                )
        return super()._check_document_write(vals)

    @api.model
    def _get_start_values(self):
        on_site = dict.fromkeys(FEEDBACK_FIELDS | {"left_on", "returned_on"})
        return {**super()._get_start_values(), **on_site}

    @api.model_create_multi
    def create(self, vals_list):
        on_site = FEEDBACK_FIELDS | {"left_on", "returned_on"}
        unlocked = self._get_unlocked_fields(rows=len(vals_list))
        for vals in vals_list:
            self._check_values(vals)
            early = {name for name in on_site - unlocked if vals.get(name)}
            if early:
                raise UserError(self.env._("A new visit is planned first: %s", self._labels(early)))
        return super().create(vals_list)

    def write(self, vals):
        self._check_values(vals)
        result = super().write(vals)
        if TECHNICIANS & vals.keys():
            for visit in self.filtered(lambda visit: visit.state == "submitted"):
                visit._ask_uninvolved()
        if {"returned_on", "date_planned_end", "trip_date_end"} & vals.keys():
            self.filtered("record_due_date")._set_due_dates()
        return result

    @api.model
    def _check_values(self, vals):
        """Refuse contents that nobody means, with a message instead of an error of the database.

        :param dict vals: values about to be stored
        :raises ValidationError: for scores out of range and signatures that are no pictures
        """
        for name in ("score_attitude", "score_skill", "score_result"):
            if vals.get(name) and vals[name] not in dict(SCORES):
                raise ValidationError(self.env._("Scores go from 1 to 5."))
        self._check_signature(vals)

    # === Constraints === #

    @api.constrains("technician_ids", "lead_technician_id", "company_id")
    def _check_technicians(self):
        for visit in self:
            # sudo: whether they belong to the company, whoever plans the visit
            technicians = visit.sudo().technician_ids
            strangers = technicians.filtered(
                lambda user, company=visit.company_id: user.share or company not in user.company_ids
            )
            if strangers:
                raise ValidationError(
                    self.env._(
                        "%(users)s cannot be sent: only own employees of the company visit customers.",
                        users=", ".join(strangers.mapped("name")),
                    )
                )
            lead = visit.sudo().lead_technician_id
            if lead and lead not in technicians:
                raise ValidationError(self.env._("The lead technician is one of the technicians."))
            if lead and not lead.has_group(SPECIALISTS):
                raise ValidationError(
                    self.env._(
                        "%s cannot lead the visit: who writes the service record is a service specialist.",
                        lead.name,
                    )
                )

    @api.constrains("left_on", "arrived_on", "returned_on")
    def _check_times(self):
        latest = fields.Datetime.now() + TOLERANCE
        for visit in self:
            times = [visit.left_on, visit.arrived_on, visit.returned_on]
            if any(moment and moment > latest for moment in times):
                raise ValidationError(self.env._("Only what has happened is entered."))
            # sudo: when it was decided
            decided_on = visit.sudo().decided_on
            if visit.left_on and decided_on and visit.left_on < decided_on.replace(second=0):
                # 五.3.3: nobody leaves before the manager's signature
                raise ValidationError(
                    self.env._("Nobody leaves before the visit is approved: enter a later time.")
                )

    @api.constrains("is_trip", "date_planned_start", "trip_date_start", "trip_date_end")
    def _check_trip(self):
        for visit in self.filtered("is_trip"):
            arrival = visit.company_id._aftersales_day(visit.date_planned_start)
            first, last = visit.trip_date_start, visit.trip_date_end
            if arrival and (first and arrival < first or last and arrival > last):
                raise ValidationError(
                    self.env._("The arrival lies between the departure and the return of the trip.")
                )

    # === What is needed to go on === #

    def _get_needed_fields(self, state):
        """Fields that have to be filled before the visit goes to a state.

        :param str state: where to go
        :rtype: list[str]
        """
        if state == "submitted":
            needed = [
                "contact_id",
                "problem",
                "address",
                "date_planned_start",
                "date_planned_end",
                "arrival_agreed_with_id",
                "technician_ids",
                "lead_technician_id",
            ]
            if self.is_trip:
                needed += ["destination", "transport", "trip_date_start", "trip_date_end"]
            return needed
        if state == "feedback":
            return ["arrived_on", "result", "signed_by_name", "customer_signature"]
        if state == "done":
            return ["returned_on", "ticket_id"]
        return []

    def _get_move_obstacle(self, state):
        if state == "on_site" and self.state in ("draft", "submitted", "refused"):
            # 五.3.3: nobody leaves without the manager's signature
            return self.env._(
                "%s is not approved: nobody leaves before a service manager has signed.",
                self.display_name,
            )
        obstacle = super()._get_move_obstacle(state)
        if obstacle:
            return obstacle
        missing = [name for name in self._get_needed_fields(state) if not self[name]]
        if missing:
            return self.env._(
                "%(document)s: fill in %(fields)s first.",
                document=self.display_name,
                fields=self._labels(missing),
            )
        return self._get_further_obstacle(state)

    def _get_further_obstacle(self, state):
        """Reasons beyond states and fields; the arguments are those of ``_get_move_obstacle``."""
        manager = self.env.user.has_group(MANAGERS)
        if state == "submitted" and self.date_planned_end < fields.Datetime.now():
            return self.env._(
                "The arrival of %s has passed: agree a new one with the customer.",
                self.display_name,
            )
        # sudo: whether the record is closed, whatever the applicant may read
        if state == "submitted" and self.sudo().ticket_id.closed:
            return self.env._(
                "%s is closed: open it again, or leave the service record empty and a new one is made.",
                self.sudo().ticket_id.display_name,
            )
        if state == "cancelled" and self.state == "on_site" and not manager:
            return self.env._("Only a service manager cancels a visit that has begun.")
        if state == "on_site" and self.state == "feedback":
            if not manager:
                return self.env._("Only a service manager reopens what the customer has signed.")
            if self.feedback_received_on:
                return self.env._(
                    "The feedback form of %s has been handed in and is not reopened.",
                    self.display_name,
                )
        if state == "done":
            return self._get_record_obstacle()
        return False

    def _get_leader(self):
        # sudo: who leads the ticket's team, whatever the applicant may read
        return self.sudo().ticket_id.team_id.user_id.sudo(False)

    def _get_involved_users(self):
        # 五.3.3: neither the applicant nor a technician of the visit decides
        return super()._get_involved_users() | self.technician_ids | self.lead_technician_id

    def _ask_uninvolved(self):
        """A manager who becomes a technician of a submitted visit no longer decides; others are asked.

        :raises UserError: when nobody is left
        """
        pending = self._get_pending()
        involved = pending.approver_ids & self._get_involved_users()
        if not involved:
            return
        remaining = pending.approver_ids - involved or self._get_approvers()
        # sudo: inboxes of several managers
        visit = self.sudo()
        visit.activity_ids.filtered(
            lambda activity: activity.activity_category == "aftersales_approval"
            and activity.user_id in involved
        )._unlink_unlocked()
        visit._schedule_approval(remaining - pending.approver_ids)
        pending._write_unlocked({"approver_ids": [Command.set(remaining.ids)]})
