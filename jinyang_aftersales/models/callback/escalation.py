from operator import attrgetter

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import plaintext2html

from ...groups import DIRECTORS, MANAGERS, SPECIALISTS
from ..deadline.deadline import Deadline
from .values import OUTCOMES, TITLE_LENGTH

ESCALATION_ACTIVITY = "jinyang_aftersales.mail_activity_callback_escalated"
DUE_ACTIVITY = "jinyang_aftersales.mail_activity_callback_due"


class AftersalesCallback(models.Model):
    """Questions and unsolved old problems: manager, ticket, second call (五.5.3-4).

    A call in which one is recorded becomes ``escalated``: the managers are told at once and have to assign a
    specialist, which makes a ticket. When that ticket is closed, a second call asks whether it helped.
    """

    _inherit = "aftersales.callback"

    open_question = fields.Text(readonly=True, copy=False, help="What the customer asks (五.5.3).")
    old_problem = fields.Boolean(
        string="Old Problem Unsolved",
        readonly=True,
        copy=False,
        help="A problem of the past has not been dealt with (五.5.3).",
    )
    escalated_on = fields.Datetime(readonly=True, copy=False)
    escalation_date = fields.Date(
        string="Assign By",
        readonly=True,
        copy=False,
        help="The day on which a manager has to assign somebody (五.5.4).",
    )
    escalation_count = fields.Integer(
        string="Escalations",
        compute="_compute_escalation_count",
        store=True,
        aggregator="sum",
    )
    ticket_id = fields.Many2one(
        comodel_name="helpdesk.ticket",
        string="Ticket of the Question",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    assigned_by_id = fields.Many2one(
        comodel_name="res.users", person="fact", string="Assigned By", readonly=True, copy=False
    )
    assigned_on = fields.Datetime(readonly=True, copy=False)
    outcome = fields.Selection(
        selection=OUTCOMES,
        string="Outcome of the Question",
        compute="_compute_outcome",
        store=True,
        index="btree_not_null",
    )
    can_assign = fields.Boolean(compute="_compute_can_assign")

    # === Compute === #

    @api.depends("escalated_on")
    def _compute_escalation_count(self):
        for callback in self:
            callback.escalation_count = int(bool(callback.escalated_on))

    @api.depends("escalated_on", "ticket_id", "child_ids.state", "child_ids.escalated_on")
    def _compute_outcome(self):
        for callback in self:
            child = callback.child_ids
            if not callback.escalated_on:
                callback.outcome = False
            elif not callback.ticket_id:
                callback.outcome = "waiting"
            elif not child:
                callback.outcome = "assigned"
            elif child.state == "todo":
                callback.outcome = "verifying"
            elif child.state == "cancelled":
                callback.outcome = "unverified"
            else:
                callback.outcome = "unsolved" if child.escalated_on else "solved"

    @api.depends("state")
    @api.depends_context("uid")
    def _compute_can_assign(self):
        manager = self.env.user.has_group(MANAGERS)
        for callback in self:
            callback.can_assign = manager and callback.state == "escalated"

    # === Escalating === #

    def _prepare_reached_vals(self, survey):
        vals = super()._prepare_reached_vals(survey)
        if survey["open_question"] or survey["old_problem"]:
            vals.update(
                state="escalated",
                open_question=survey["open_question"],
                old_problem=survey["old_problem"],
                escalated_on=fields.Datetime.now(),
                escalation_date=self.company_id._aftersales_today(),
            )
        return vals

    def _tell_escalation(self):
        """五.5.3: the managers get the question at once."""
        self._notify_users(
            self._get_told_managers(),
            ESCALATION_ACTIVITY,
            self._get_question(),
            self.escalation_date,
        )

    def _get_told_managers(self):
        """Managers who are told of a question, or of a customer who cannot be reached.

        :rtype: res.users
        """
        return self.company_id._aftersales_managers()

    def _get_question(self):
        """:return: text of the question, for the manager who assigns it"""
        self.ensure_one()
        return self.open_question or self.note or self.env._("An old problem is unsolved.")

    def action_open_assign(self):
        """Open the dialogue in which a manager assigns the question."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Assign the Question"),
            "res_model": "aftersales.callback.assign",
            "view_mode": "form",
            "target": "new",
            "context": {"default_callback_id": self.id},
        }

    def action_assign(self, user, category=False, title=False, description=False):
        """Assign a customer's question to a specialist: makes a ticket (五.5.4).

        :param user: res.users or its id, a service specialist of the company
        :param category: helpdesk.ticket.category or its id
        :param str title: of the ticket; the beginning of the question by default
        :param str description: of the ticket; the question by default
        :return: helpdesk.ticket
        :raises AccessError: for users who may not write the call-back
        :raises UserError: for users other than service managers, when the call waits for no assignment, or when
            the chosen user is no service specialist
        """
        self.ensure_one()
        self.check_access("write")
        if not self.env.user.has_group(MANAGERS):
            raise UserError(self.env._("A service manager assigns the questions of customers."))
        if self.state != "escalated":
            raise UserError(self.env._("This call does not wait for an assignment (any more)."))
        user = self.env["res.users"].browse(getattr(user, "id", user))
        if user not in self.company_id._aftersales_users(SPECIALISTS):
            raise UserError(self.env._("Choose a service specialist of the company."))
        category = self.env["helpdesk.ticket.category"].browse(getattr(category, "id", category))
        tickets = self.env["helpdesk.ticket"].with_context(mail_notify_force_send=False)
        ticket = tickets.create(self._prepare_ticket_vals(user, category, title, description))
        # sudo: a setting of the company, and a day that only methods write
        company = self.company_id.sudo()
        due = company._aftersales_next_working_day(
            company._aftersales_today(), company.aftersales_question_days
        )
        ticket.sudo()._write_unlocked({"question_due_date": due})
        # sudo: rights and role were checked above
        self.sudo()._write_unlocked(
            {
                "state": "done",
                "ticket_id": ticket.id,
                "assigned_by_id": self.env.uid,
                "assigned_on": fields.Datetime.now(),
            }
        )
        self._close_deadline("escalation")
        self._message_log(
            body=self.env._(
                "Assigned to %(user)s: %(ticket)s", user=user.name, ticket=ticket.display_name
            )
        )
        return ticket

    def _prepare_ticket_vals(self, user, category, title, description):
        """Values of the ticket that answers the question.

        :param user: res.users, the specialist in charge of the question
        :param category: helpdesk.ticket.category
        :param str title: given by the manager
        :param str description: given by the manager
        :rtype: dict
        """
        question = self._get_question()
        first_line = " ".join(question.split())
        if len(first_line) > TITLE_LENGTH:
            first_line = first_line[: TITLE_LENGTH - 1] + "…"
        contact = self.contact_id or self.partner_id
        return {
            "name": (title or "").strip() or first_line,
            "description": plaintext2html((description or "").strip() or question),
            "company_id": self.company_id.id,
            "partner_id": contact.id,
            "partner_name": contact.name,
            "partner_email": contact.email,
            "installation_id": self.installation_id.id,
            "category_id": category.id,
            "user_id": user.id,
            "priority": "2",
        }

    # === The second call === #

    def _get_workers(self):
        # the second call asks about the answer, too: colleagues who worked on its ticket do not call
        callback, solvers = self.sudo().parent_id, self.env["res.users"]
        while callback:
            if callback.ticket_id:
                solvers |= callback.ticket_id._get_callback_workers().sudo(False)
            callback = callback.parent_id
        return super()._get_workers() | solvers

    def _verify_questions(self):
        """Open the second call when the ticket of a question is closed, and cancel it when the ticket is reopened."""
        for callback in self:
            ticket, second = callback.ticket_id, callback.child_ids
            closed = ticket.stage_id.closed or not ticket.active
            if closed and not second:
                callback._open_second_call()
            elif closed and second.state == "cancelled":
                second._reopen(self._get_due_day(callback.company_id))
            elif not closed and second.state == "todo":
                second._cancel(self.env._("%s was reopened.", ticket.display_name))

    def _open_second_call(self):
        """Open the call that asks the customer whether the answer helped, once for each question.

        :rtype: aftersales.callback
        """
        self.ensure_one()
        calls = self.with_context(tracking_disable=True)
        call = calls._create_once({"parent_id": self.id}, self._prepare_second_vals())
        return call.with_env(self.env)

    def _prepare_second_vals(self):
        """:return: values of the call that verifies the outcome"""
        workers = self._get_workers() | self.ticket_id._get_callback_workers()
        return {
            "kind": self.kind,
            "parent_id": self.id,
            "round": self._get_second_round(),
            "res_model": self.res_model,
            "res_id": self.res_id,
            "company_id": self.company_id.id,
            "partner_id": self.partner_id.id,
            "contact_id": self.contact_id.id,
            "contract_id": self.contract_id.id,
            "installation_id": self.installation_id.id,
            "about_ticket_id": self.ticket_id.id,
            "worker_ids": [fields.Command.set(workers.ids)],
            "user_id": self._get_default_caller(self.company_id, workers).id,
            "due_date": self._get_due_day(self.company_id),
            "note": self.env._("Asked last time: %s", self._get_question()),
        }

    def _get_second_round(self):
        # the customer may have been called again meanwhile, because the document was reopened
        document = self._get_document()
        return self._get_next_round(document, self.kind) if document else self.round + 1

    @api.model
    def _verify_closed(self, company, today):
        """Open second calls of tickets that were closed without running the constraint; a step of the hourly job.

        :param company: res.company
        :param datetime.date today: the company's calendar day
        :raises UserError: naming the calls that failed, once the others are done
        """
        waiting = self.search(
            Domain("company_id", "=", company.id)
            & Domain("outcome", "=", "assigned")
            & (
                Domain("ticket_id.stage_id.closed", "=", True)
                | Domain("ticket_id.active", "=", False)
            )
        )
        errors = []
        self.env["aftersales.job"]._each_apart(
            # sudo: a routine of the company; its user need not have rights on calls
            waiting.sudo(),
            lambda callback: callback._open_second_call(),
            lambda callback, error: errors.append(f"{callback.display_name}: {error}"),
        )
        if errors:
            raise UserError("\n".join(errors))

    # === Deadlines === #

    @api.model
    def _get_deadlines(self, company):
        return super()._get_deadlines(company) + [
            Deadline(
                "call",
                "due_date",
                Domain("state", "=", "todo"),
                DUE_ACTIVITY,
                users=attrgetter("user_id"),
                counted_from=lambda call: call._get_count_begin(),
            ),
            # the managers were told at the call; the directors are told after that day
            Deadline(
                "escalation",
                "escalation_date",
                Domain("state", "=", "escalated"),
                ESCALATION_ACTIVITY,
                escalate_days=0,
                managers=lambda call: call.company_id._aftersales_users(DIRECTORS),
            ),
        ]

    # === Smart buttons === #

    def action_view_document(self):
        """Open the document the customer is called about.

        :raises UserError: when there is none
        """
        self.ensure_one()
        document = self._get_document()
        if not document:
            raise UserError(self.env._("This call is not about a document."))
        return self._open_form(document)

    def action_view_ticket(self):
        """Open the ticket that answers the question."""
        self.ensure_one()
        return self._open_form(self.ticket_id)

    def action_view_other_call(self):
        """Open the first call from the second one, and the second call from the first one."""
        self.ensure_one()
        return self._open_form(self.parent_id or self.child_ids[:1])

    @api.model
    def _open_form(self, record):
        return {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }
