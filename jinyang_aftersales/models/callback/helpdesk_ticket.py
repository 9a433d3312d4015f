from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...groups import READERS
from ..deadline.deadline import Deadline, directors

QUESTION_ACTIVITY = "jinyang_aftersales.mail_activity_question_late"


class HelpdeskTicket(models.Model):
    """Tickets that answer the question of a call-back (五.5.4)."""

    _inherit = "helpdesk.ticket"

    question_callback_ids = fields.One2many(
        comodel_name="aftersales.callback",
        inverse_name="ticket_id",
        string="Asked in Call-back",
        groups=READERS,
        copy=False,
    )
    question_due_date = fields.Date(
        string="Settle Question By",
        readonly=True,
        copy=False,
        index="btree_not_null",
        groups=READERS,
        help="The last day on which the question of a call-back is settled in time (五.5.4).",
    )
    ticket_callback_count = fields.Integer(
        string="Call-backs", compute="_compute_ticket_callback_count", groups=READERS
    )

    @api.depends("question_callback_ids")
    def _compute_ticket_callback_count(self):
        calls = self.env["aftersales.callback"]
        counts = calls._count_by("ticket_id", self.ids)
        counts += calls._count_by("about_ticket_id", self.ids)
        for ticket in self:
            ticket.ticket_callback_count = counts[ticket.id]

    @api.constrains("stage_id", "active")
    def _verify_questions(self):
        """A closed ticket that answers a customer's question is verified by a second call.

        A constraint, so that every write of the stage runs it.
        """
        # sudo: the user who closes the ticket may not write calls
        questions = self.sudo().question_callback_ids
        if questions:
            questions._verify_questions()
            settled = self.filtered(lambda ticket: ticket.stage_id.closed or not ticket.active)
            settled.sudo().filtered("question_due_date")._close_deadline("question")

    @api.model
    def _get_deadlines(self, company):
        return [
            *super()._get_deadlines(company),
            Deadline(
                "question",
                "question_due_date",
                Domain("stage_id.closed", "=", False) & Domain("active", "=", True),
                QUESTION_ACTIVITY,
                # sudo: a setting of the company
                escalate_days=company.sudo().aftersales_director_days,
                users=lambda ticket: ticket._get_responsible_users(),
                managers=directors,
                counted_from=lambda ticket: ticket.company_id._aftersales_day(
                    ticket.question_callback_ids[:1].assigned_on
                ),
                note=lambda ticket, due: ticket.env._(
                    "The customer's question in %(ticket)s should have been settled by %(day)s.",
                    ticket=ticket.display_name,
                    day=due,
                ),
            ),
        ]

    @api.ondelete(at_uninstall=False)
    def _unlink_except_question(self):
        # sudo: looks for calls that the user who may delete the ticket may not read
        asked = self.sudo().filtered("question_callback_ids")[:1]
        if asked:
            raise UserError(
                self.env._(
                    "%s deals with a question from a call-back and is not deleted: close it.",
                    asked.display_name,
                )
            )

    def _get_callback_workers(self):
        """Colleagues who worked on the ticket, and therefore never call the customer about it.

        :rtype: res.users
        """
        self.ensure_one()
        return self.user_id | self.service_done_by_id

    def action_view_ticket_callbacks(self):
        """Open the call-backs about the ticket."""
        self.ensure_one()
        return self._get_list_action(
            "jinyang_aftersales.aftersales_callback_action",
            Domain("ticket_id", "=", self.id) | Domain("about_ticket_id", "=", self.id),
            {"create": False},
        )
