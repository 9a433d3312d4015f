from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import html2plaintext

from ...groups import DEVELOPERS, READERS
from ..shared.document_fields import (
    DOCUMENT_LINKS,
    overdue_field,
    passed_domain,
    state_field,
    ticket_field,
)
from .values import BOARD, CHANNELS, KINDS, MAX_TITLE, OPINIONS, PROMISED


class AftersalesChangeRequest(models.Model):
    """A customer's request to change the software 程序修改申请单 (五.4, 五.7.4).

    ======================  ==================================================================
    Who                     May
    ======================  ==================================================================
    service specialist      create; write, submit, confirm, update and close those in reach;
                            test those they confirmed
    service manager         the same; approve or refuse, with opinion and promised date, what others
                            asked for and confirmed; test in place of the specialist; cancel
                            after the approval; close without the customer's opinion; correct
                            the kind of what has been filed, with a reason
    developer               read from the approval on; write the development part of those
                            nobody else develops; begin development, hand over to the test
    other service roles     read
    nobody                  move the promised date without the customer being told
    ======================  ==================================================================

    A specialist first confirms the request with the customer (五.4.2), which asks the managers for their approval.
    """

    _name = "aftersales.change.request"
    _description = "Program Change Request"
    _inherit = [
        "aftersales.approval.mixin",
        "aftersales.deadline.mixin",
        "aftersales.customer.mixin",
        "aftersales.letter.mixin",
        "aftersales.dispatch.mixin",
        "aftersales.callback.mixin",
        "aftersales.original.mixin",
        "aftersales.scan.mixin",
        "aftersales.job.mixin",
    ]
    _order = "id desc"
    _search_text = ("name", "title")
    _search_links = DOCUMENT_LINKS
    _dispatch_reports = ("jinyang_aftersales.report_change_action",)
    _check_company_auto = True
    _sequence_code = "aftersales.change.request"
    _shared_fields = frozenset(
        {"title", "description", "module", "reason", "confirmed_need", "development_notes"}
    )
    _title_fields = ("title",)
    _customer_links = (
        "contact_id",
        "opinion_contact_id",
        "installation_id",
        "ticket_id",
        "deploy_ticket_id",
        "deploy_visit_id",
    )
    _callback_worker_fields = frozenset({"developer_id", "confirmed_by_id", "deployed_by_id"})
    _protected_fields = {
        "state": "draft",
        "from_record": False,
        "kind_filed": False,
        "kind_changed_on": False,
        "kind_changed_by_id": False,
        "submitted_on": False,
        "submitted_by_id": False,
        "confirmed_on": False,
        "confirmed_by_id": False,
        "date_promised": False,
        "development_on": False,
        "testing_on": False,
        "test_round": 0,
        "customer_invited_on": False,
        "tested_on": False,
        "deployed_on": False,
        "deployed_by_id": False,
        "opinion_due_date": False,
        "opinion_reminders": 0,
        "opinion_result": False,
        "opinion_text": False,
        "opinion_on": False,
        "opinion_contact_id": False,
        "opinion_channel": False,
        "opinion_recorded_by_id": False,
        "no_opinion_reason": False,
        "done_on": False,
    }
    state = state_field(
        [
            ("draft", "Draft"),
            ("submitted", "Submitted"),
            ("confirmed", "Need Confirmed"),
            ("approved", "Approved"),
            ("development", "Development"),
            ("testing", "Testing"),
            ("deploying", "Updating"),
            ("done", "Done"),
            ("refused", "Refused"),
            ("cancelled", "Cancelled"),
        ],
        group_expand="_expand_states",
    )

    # === What is asked for === #

    title = fields.Char(required=True, tracking=True, index="trigram")
    kind = fields.Selection(selection=KINDS, required=True, default="change", tracking=True)
    kind_filed = fields.Selection(
        selection=KINDS,
        string="Kind as Filed",
        readonly=True,
        copy=False,
        help="What the customer asked for, fixed with the first submission. It decides whether a stamped paper is owed,"
        " also when the kind is corrected later.",
    )
    kind_changed_on = fields.Date(string="Kind Corrected On", readonly=True, copy=False)
    kind_changed_by_id = fields.Many2one(
        comodel_name="res.users",
        person="fact",
        string="Kind Corrected By",
        readonly=True,
        copy=False,
    )
    description = fields.Text(help="What the program should do, as the customer says it (五.4.1).")
    module = fields.Char(help="Part of the software: a menu, a form, a report.")
    reason = fields.Text(string="Reason or Benefit")
    customer_requested_on = fields.Date(
        string="Request Date",
        required=True,
        default=lambda self: self.env.company._aftersales_today(),
        copy=False,
    )
    ticket_id = ticket_field(copy=False, help="The service record this came from (五.1.4).")
    from_record = fields.Boolean(
        string="From a Bug Report",
        readonly=True,
        copy=False,
        help="Made by itself when the record of the ticket was complete.",
    )
    scan = fields.Binary(string="Stamped Scan")
    submitted_on = fields.Datetime(readonly=True, copy=False)
    submitted_by_id = fields.Many2one(
        comodel_name="res.users", person="fact", readonly=True, copy=False
    )

    # === Confirmed with the customer, promised by the manager === #

    confirmed_need = fields.Text(
        tracking=True, copy=False, help="What was agreed with the customer (五.4.2)."
    )
    confirmed_on = fields.Datetime(readonly=True, copy=False)
    confirmed_by_id = fields.Many2one(
        comodel_name="res.users", person="fact", readonly=True, copy=False, index="btree_not_null"
    )
    date_promised = fields.Date(
        string="Promised Date",
        readonly=True,
        copy=False,
        tracking=True,
        index="btree_not_null",
        help="When the customer has it (五.4.4); moved only by telling them (五.4.5).",
    )
    promise_ids = fields.One2many(
        comodel_name="aftersales.delay",
        inverse_name="res_id",
        string="Moves of the Promised Date",
        domain=lambda self: [("res_model", "=", self._name), ("kind", "=", "promise")],
        groups=READERS,
        copy=False,
    )
    is_overdue = overdue_field(
        string="Promise Broken",
        help="The promised date has passed, and the customer does not have the change.",
    )

    # === Development and test === #

    developer_id = fields.Many2one(
        comodel_name="res.users",
        person="role",
        string="Developer",
        index="btree_not_null",
        tracking=True,
        copy=False,
        domain=lambda self: [
            ("all_group_ids", "in", self.env.ref(DEVELOPERS).id),
        ],
    )
    estimated_hours = fields.Float(copy=False)
    development_notes = fields.Text(copy=False)
    development_on = fields.Datetime(string="Development Since", readonly=True, copy=False)
    testing_on = fields.Datetime(string="In Test Since", readonly=True, copy=False)
    test_ids = fields.One2many(
        comodel_name="aftersales.change.test",
        inverse_name="change_id",
        string="Tests",
        groups=READERS,
        copy=False,
    )
    test_round = fields.Integer(string="Test Rounds", readonly=True, copy=False)
    customer_invited_on = fields.Datetime(
        string="Customer Invited to Test", readonly=True, copy=False
    )
    tested_on = fields.Datetime(string="Test Passed", readonly=True, copy=False)

    # === At the customer's === #

    deploy_visit_id = fields.Many2one(
        comodel_name="aftersales.visit",
        string="Updated by Visit",
        check_company=True,
        copy=False,
        domain="[('partner_id', '=', partner_id)]",
    )
    deploy_ticket_id = fields.Many2one(
        comodel_name="helpdesk.ticket",
        string="Updated by Ticket",
        check_company=True,
        copy=False,
        domain="[('commercial_partner_id', '=', partner_id)]",
    )
    deployed_on = fields.Datetime(string="Updated On", readonly=True, copy=False)
    deployed_by_id = fields.Many2one(
        comodel_name="res.users", person="fact", string="Updated By", readonly=True, copy=False
    )
    opinion_due_date = fields.Date(readonly=True, copy=False)
    opinion_reminders = fields.Integer(
        string="Reminders", readonly=True, copy=False, help="How often the customer was reminded."
    )
    opinion_result = fields.Selection(
        selection=OPINIONS,
        string="Customer's Opinion",
        readonly=True,
        copy=False,
        tracking=True,
    )
    opinion_text = fields.Text(string="What the Customer Says", readonly=True, copy=False)
    opinion_on = fields.Datetime(string="Opinion Given On", readonly=True, copy=False)
    opinion_contact_id = fields.Many2one(
        comodel_name="res.partner", string="Opinion Given By", readonly=True, copy=False
    )
    opinion_channel = fields.Selection(selection=CHANNELS, readonly=True, copy=False)
    opinion_recorded_by_id = fields.Many2one(
        comodel_name="res.users",
        person="fact",
        string="Opinion Recorded By",
        readonly=True,
        copy=False,
    )
    no_opinion_reason = fields.Text(
        string="Closed Without an Opinion",
        readonly=True,
        copy=False,
        help="Why a service manager closed it though the customer said nothing.",
    )
    is_silent = fields.Boolean(
        string="Silent Customer",
        compute="_compute_is_silent",
        search="_search_is_silent",
        groups=READERS,
        help="Reminded of giving an opinion, without an answer.",
    )
    done_on = fields.Datetime(readonly=True, copy=False)

    _one_from_record = models.UniqueIndex(
        "(ticket_id) WHERE from_record", "This ticket has its program change already."
    )
    _hours_positive = models.Constraint("CHECK(estimated_hours >= 0)", "Hours cannot be negative.")

    # === Computes === #

    @api.model
    def _expand_states(self, values, _domain):
        """Columns of a board, with empty ones; the developers' board begins with the approval.

        :param values: states of the requests found
        :rtype: list[str]
        """
        states = [state for state, _label in self._fields["state"].selection]
        if self.env.context.get("aftersales_board"):
            return [state for state in states if state in BOARD or state in values]
        return states

    @api.depends("state", "date_promised", "deployed_on")
    def _compute_is_overdue(self):
        for change in self:
            owed = change.state in PROMISED and not change.deployed_on and change.date_promised
            change.is_overdue = bool(owed) and owed < change.company_id._aftersales_today()

    def _search_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        late = (
            passed_domain(self.env, "date_promised")
            & Domain("state", "in", PROMISED)
            & Domain("deployed_on", "=", False)
        )
        return late if True in value else ~late

    @api.depends("state", "opinion_reminders", "opinion_result")
    def _compute_is_silent(self):
        for change in self:
            change.is_silent = (
                change.state == "deploying"
                and change.opinion_reminders > 0
                and not change.opinion_result
            )

    def _search_is_silent(self, operator, value):
        if operator != "in":
            return NotImplemented
        silent = (
            Domain("state", "=", "deploying")
            & Domain("opinion_reminders", ">", 0)
            & Domain("opinion_result", "=", False)
        )
        return silent if True in value else ~silent

    @api.model
    def _prepare_ticket_defaults(self, ticket):
        bug = ticket.record_type == "bug"
        story = (ticket.steps, ticket.error_shown) if bug else (ticket.need,)
        text = "\n\n".join(filter(None, story)) or html2plaintext(ticket.description or "").strip()
        return {
            **super()._prepare_ticket_defaults(ticket),
            "kind": {"bug": "bug", "need": "need"}.get(ticket.record_type, "change"),
            "title": (ticket.name or "")[:MAX_TITLE],
            "description": text,
            "customer_requested_on": ticket.company_id._aftersales_today(),
        }

    def action_view_ticket(self):
        """Show the service record the request came from."""
        self.ensure_one()
        return self.ticket_id.get_formview_action()

    @api.model
    def _create_from_record(self, ticket):
        """Make the program change of a bug, once for each ticket, and submit it when nothing is missing.

        :param ticket: helpdesk.ticket, as superuser
        :raises ConcurrencyError: when another transaction makes it at the same time; Odoo retries the request
        """
        made = self._create_once(
            {"ticket_id": ticket.id, "from_record": True},
            self._prepare_ticket_defaults(ticket),
        )
        change = made.with_env(self.env)
        if not change._get_step_obstacle("action_submit"):
            change.action_submit()
