from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import html2plaintext

from ...groups import READERS
from .values import AWAY

# characters of the ticket's text that are taken over as purpose of the visit
MAX_PURPOSE = 2000


class HelpdeskTicket(models.Model):
    """Visits of a ticket."""

    _inherit = "helpdesk.ticket"

    visit_ids = fields.One2many(
        comodel_name="aftersales.visit", inverse_name="ticket_id", string="Visits", groups=READERS
    )
    origin_ticket_id = fields.Many2one(
        comodel_name="helpdesk.ticket",
        string="Follows Ticket",
        index="btree_not_null",
        ondelete="restrict",
        readonly=True,
        copy=False,
        help="The customer's ticket; this one is the service record of a further visit for it (五.3.6).",
    )
    visit_count = fields.Integer(compute="_compute_visit_count", groups=READERS)

    @api.depends("visit_ids")
    def _compute_visit_count(self):
        visits = self.env["aftersales.visit"]
        counts = visits._count_by("ticket_id", self.ids)
        counts += visits._count_by("origin_ticket_id", self.ids)
        for ticket in self:
            ticket.visit_count = counts[ticket._origin.id]

    def _get_first(self):
        """:return: the customer's ticket, which this one may follow; the same for the customer's ticket itself"""
        # sudo: a specialist may have no access to the first ticket
        return self.sudo().origin_ticket_id.sudo(self.env.su) or self

    def _get_portal_fields(self):
        # read by the rule that hides follow-up tickets from customers
        return super()._get_portal_fields() | {"origin_ticket_id"}

    def _track_template(self, changes):
        """Customers read one thread, that of their own ticket: mails about stages come from there only."""
        templates = super()._track_template(changes)
        if self[:1].origin_ticket_id:
            templates.pop("stage_id", None)
        return templates

    def _after_record_complete(self):
        result = super()._after_record_complete()
        # sudo: the user who completes the record may not write visits, whose reminders end
        # The day the record is due is set when a visit begins. When its record was complete is not read here: the
        # hook may run while that is being computed.
        self.sudo().visit_ids.filtered("record_due_date")._close_deadline("visit_record")
        return result

    def _was_served(self):
        # sudo: looks for visits that the user who closes the ticket may not read
        visits = self.sudo().visit_ids
        return super()._was_served() or any(visit.state in AWAY for visit in visits)

    def _get_present_mode(self):
        # sudo: looks for visits that the user who ends the service may not read
        away = any(visit.state in AWAY for visit in self.sudo().visit_ids)
        return "on_site" if away else super()._get_present_mode()

    def _get_present_worker(self):
        # sudo: looks for visits that the user who ends the service may not read
        away = self.sudo().visit_ids.filtered(lambda visit: visit.state in AWAY)
        # 七.4: who led the visit did the service, whoever took the call
        last = away.sorted("left_on")[-1:]
        return last.served_by_id.sudo(self.env.su) or super()._get_present_worker()

    def _write_visit_record(self, visit, values):
        """Write what was done on a visit into its service record (五.3.6).

        The result of the visit becomes the solution, or is added to the one that is there.

        :param visit: aftersales.visit
        :param dict values: values of fields of the record that are still empty
        :raises UserError: for other fields, and for those that somebody has filled in meanwhile
        """
        self.ensure_one()
        allowed = {"category_id", *self._get_record_fields()}
        if values.keys() - allowed:
            self._refuse_fields(values.keys() - allowed)
        taken = [
            name
            for name in self._changed_fields(values, set(values))
            if name != "solution" and self[name] and self._is_answered(name)
        ]
        if taken:
            raise UserError(
                self.env._(
                    "%(ticket)s was filled in meanwhile: %(fields)s. Close this dialogue and open it again; copy your"
                    " text before, if it says more.",
                    ticket=self.display_name,
                    fields=self._labels(taken),
                )
            )
        if "solution" not in values and not (self.closed and self.record_complete):
            values = {**values, "solution": self._add_result(visit)}
        if self._changed_fields(values, set(values)):
            self.write(values)

    def _add_result(self, visit):
        """:return: the solution in the record, with the result of the visit"""
        known, result = (self.solution or "").strip(), (visit.result or "").strip()
        return known if result in known else "\n".join(filter(None, (known, result)))

    def _close_after_visit(self):
        """Close the ticket in the stage of its team for tickets with a record.

        :raises UserError: where the team has no such stage, or with the reason why the ticket is not closed
        """
        self.ensure_one()
        if self.closed:
            return
        # sudo: technicians of other teams may lack the right to read the team
        stages = self.sudo().team_id._get_applicable_stages().sudo(self.env.su)
        if not stages:
            stages = self.env["helpdesk.ticket.stage"].search([("closed", "=", True)])
        stage = stages.filtered(lambda row: row.closed and row.record_required)[:1]
        if not stage:
            raise UserError(
                self.env._("There is no closed stage for the team of %s.", self.display_name)
            )
        self.stage_id = stage

    def _has_approved_visit(self):
        # sudo: looks for visits that the user who closes the ticket may not read
        states = {visit.state for visit in self.sudo().visit_ids}
        return super()._has_approved_visit() or not states.isdisjoint(("approved", *AWAY))

    @api.constrains("duplicate_id")
    def _check_visited(self):
        """五.3.6: a ticket that is the record of a visit cannot be marked as a duplicate.

        :raises ValidationError: naming ticket and visit
        """
        for ticket in self.filtered("duplicate_id"):
            # sudo: looks for visits that the user who marks the ticket may not read
            visit = ticket.sudo().visit_ids.filtered(lambda row: row.state != "cancelled")[:1]
            if visit:
                raise ValidationError(
                    self.env._(
                        "%(ticket)s is the service record of %(visit)s and cannot be a duplicate.",
                        ticket=ticket.display_name,
                        visit=visit.display_name,
                    )
                )

    @api.constrains("stage_id", "active")
    def _check_visits_answered(self):
        """五.3.6: a ticket is not cancelled or archived while nobody has said what became of its approved visit.

        :raises ValidationError: naming ticket and visit
        """
        for ticket in self:
            stage = ticket.stage_id
            if ticket.active and (not stage.closed or stage.record_required):
                continue
            # sudo: looks for visits that the user who cancels the ticket may not read
            visit = ticket.sudo().visit_ids.filtered(lambda row: row.state == "approved")[:1]
            if visit:
                raise ValidationError(
                    self.env._(
                        "%(ticket)s is the service record of %(visit)s, which is approved: say that it took place,"
                        " or cancel it with a reason first.",
                        ticket=ticket.display_name,
                        visit=visit.display_name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_visited(self):
        # sudo: looks for visits that the user who deletes the ticket may not read
        visit = self.sudo().visit_ids.filtered(lambda row: row.state not in ("draft", "cancelled"))
        if visit:
            raise UserError(
                self.env._(
                    "%(ticket)s is the service record of %(visit)s and is not deleted.",
                    ticket=visit[0].ticket_id.display_name,
                    visit=visit[0].display_name,
                )
            )

    def action_view_visits(self):
        """Show the visits of the ticket."""
        self.ensure_one()
        return self._get_list_action(
            "jinyang_aftersales.aftersales_visit_action",
            ["|", ("ticket_id", "=", self.id), ("origin_ticket_id", "=", self.id)],
            {},
        )

    def action_request_visit(self):
        """Plan a visit for the ticket (五.3.1), filled from the ticket."""
        self.ensure_one()
        self.check_access("read")
        customer = self.commercial_partner_id
        contact = self.partner_id if self.partner_id != customer else False
        text = html2plaintext(self.description or "").strip()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Request a Visit"),
            "res_model": "aftersales.visit",
            "view_mode": "form",
            "context": {
                "default_ticket_id": self.id,
                "default_company_id": self.company_id.id,
                "default_partner_id": customer.id,
                "default_contact_id": contact and contact.id,
                "default_installation_id": self.installation_id.id,
                "default_user_id": self.user_id.id,
                "default_problem": "\n".join(filter(None, (self.name, text)))[:MAX_PURPOSE],
            },
        }
