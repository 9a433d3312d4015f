from datetime import timedelta
from operator import attrgetter

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...groups import MANAGERS, READERS, SPECIALISTS
from ..deadline.deadline import Deadline
from ..shared.document_fields import overdue_field, passed_domain, product_field, state_field
from .values import ACCEPTANCE, END_FACTS, UNFINISHED, WAITING

END_ACTIVITY = "jinyang_aftersales.mail_activity_implementation_end"


class AftersalesImplementation(models.Model):
    """Installation of software at a customer's, with training and acceptance (五.7.3, 七.6, 四 专员.4).

    ======================  ==================================================================
    Who                     May
    ======================  ==================================================================
    service specialist      create; write and take through its states those in reach
    engineer                the same with the implementations they work on
    service manager         the same with all; take a finished one up again, reopen an accepted
                            one, move an end that has passed, close although a form is lost
    other service roles     read
    ======================  ==================================================================

    At the end three forms 工程实施单, 实施验收单 and 客户软件启用计划 are owed to the archive. The customer's
    acceptance makes or updates the installed software; when the forms are filed the implementation is closed.
    """

    _name = "aftersales.implementation"
    _description = "Implementation"
    _inherit = [
        "aftersales.team.mixin",
        "aftersales.document.mixin",
        "aftersales.deadline.mixin",
        "aftersales.customer.mixin",
        "aftersales.letter.mixin",
        "aftersales.dispatch.mixin",
        "aftersales.archive.mixin",
        "aftersales.signature.mixin",
    ]
    _team_roles = ("engineer_ids", "lead_engineer_id")
    _order = "date_start desc, id desc"
    _search_text = ("name", "serial_issued")
    _search_links = (
        "partner_id",
        "commercial_partner_id",
        "contact_id",
        "installation_id",
        "product_id",
    )
    _over_states = frozenset({"accepted", "closed", "cancelled"})
    _dispatch_reports = (
        "jinyang_aftersales.report_implementation_order_action",
        "jinyang_aftersales.report_implementation_acceptance_action",
        "jinyang_aftersales.report_implementation_plan_action",
    )
    _check_company_auto = True
    _sequence_code = "aftersales.implementation"
    _shared_fields = frozenset({"scope", "version", "customer_opinion"})
    _title_fields = ("partner_id", "product_id")
    _customer_links = (
        "contact_id",
        "signed_by_id",
        "installation_id",
    )
    _protected_fields = {
        "state": "draft",
        "signed_on": False,
        "signed_content": False,
        "signature_hash": False,
        "forms_due_date": False,
        "forms_filed_on": False,
        **dict.fromkeys(END_FACTS, False),
        "cancel_reason": False,
    }

    state = state_field(
        [
            ("draft", "Planned"),
            ("running", "Running"),
            ("finished", "Finished"),
            ("accepted", "Signed Off"),
            ("closed", "Closed"),
            ("cancelled", "Cancelled"),
        ]
    )
    product_id = product_field()
    scope = fields.Text(help="Modules, departments and data that are put to work.")

    # === The work === #

    engineer_ids = fields.Many2many(
        comodel_name="res.users",
        person="role",
        relation="aftersales_implementation_engineer_rel",
        column1="implementation_id",
        column2="user_id",
        string="Engineers",
        tracking=True,
        default=lambda self: self._default_engineers(),
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    lead_engineer_id = fields.Many2one(
        comodel_name="res.users",
        person="role",
        string="Lead Engineer",
        compute="_compute_lead_engineer_id",
        store=True,
        readonly=False,
        index="btree_not_null",
        tracking=True,
        domain="[('id', 'in', engineer_ids)]",
        help="Owes the three forms (七.6).",
    )
    date_start = fields.Date(
        string="Begin",
        tracking=True,
        copy=False,
        index=True,
        default=lambda self: self.env.company._aftersales_today(),
    )
    date_end = fields.Date(
        string="End",
        tracking=True,
        copy=False,
        index=True,
        help="First the planned end, then the day on which the work ended: the forms are due three days later (七.6).",
    )
    date_end_first = fields.Date(
        string="First Planned End",
        readonly=True,
        copy=False,
        help="The planned end when the work began. It stays known, wherever the end is moved to.",
    )
    is_end_moved = fields.Boolean(
        string="End Moved",
        readonly=True,
        copy=False,
        help="The end was moved once without a reason; from now on a delay is announced.",
    )
    session_ids = fields.One2many(
        comodel_name="aftersales.implementation.session",
        inverse_name="implementation_id",
        string="Training",
        copy=False,
    )
    session_count = fields.Integer(
        string="Number of Trainings", compute="_compute_sessions", groups=READERS
    )
    training_hours = fields.Float(compute="_compute_sessions", groups=READERS)
    session_text = fields.Text(string="Training Given", compute="_compute_session_text")

    # === Result === #

    version = fields.Char(copy=False)
    serial_issued = fields.Char(
        string="New Serial Number",
        copy=False,
        help="Given by us after the installation (五.6.2); belongs to the installed software once the customer"
        " has accepted it.",
    )
    installed_on = fields.Date(
        compute="_compute_installed_on",
        store=True,
        readonly=False,
        copy=False,
        help="The service period begins on this day (五.6.1).",
    )
    service_start = fields.Date(
        string="Service Begins",
        compute="_compute_service_dates",
        store=True,
        readonly=False,
        copy=False,
        help="Empty: the service period of the installed software stays as it is.",
    )
    service_end = fields.Date(
        string="Service Ends",
        compute="_compute_service_dates",
        store=True,
        readonly=False,
        copy=False,
        help="Last day of the service period, inclusive: the free service of the product, unless something else was"
        " sold.",
    )
    customer_opinion = fields.Text(string="Customer's Opinion", copy=False)
    forms_due_date = fields.Date(
        string="Forms Due",
        compute="_compute_forms_due_date",
        store=True,
        index="btree_not_null",
        copy=False,
        help="The last day on which the three forms are back in time (七.6): three days after the end, and never before"
        " the working day after the end was entered.",
    )
    forms_filed_on = fields.Date(
        readonly=True, copy=False, help="The day on which the last of the three forms was filed."
    )
    end_entered_on = fields.Datetime(
        readonly=True, copy=False, help="When somebody entered the end of the work."
    )
    end_entered_by_id = fields.Many2one(
        comodel_name="res.users", person="fact", readonly=True, copy=False
    )
    forms_owed_by_id = fields.Many2one(
        comodel_name="res.users",
        person="fact",
        string="Forms Owed By",
        readonly=True,
        copy=False,
        help="The lead engineer when the work ended (七.6).",
    )
    forms_back_on = fields.Date(
        readonly=True,
        copy=False,
        help="The day on which the last of the three forms came back to the archive (七.6): received there, or handed"
        " over and later received or filed.",
    )
    forms_waiting = fields.Boolean(
        string="Forms to Be Received",
        readonly=True,
        copy=False,
        help="All three forms are handed over to the archive, which has not received all of them yet.",
    )
    cancel_reason = fields.Text(string="Why Cancelled", readonly=True, copy=False, tracking=True)
    is_overdue = overdue_field(help="The planned end has passed, or the forms are overdue.")

    _end_after_start = models.Constraint(
        "CHECK(date_end >= date_start)", "An implementation ends after it begins."
    )
    _service_order = models.Constraint(
        "CHECK(service_end >= service_start)", "The service period ends after it begins."
    )

    # === Defaults and computes === #

    @api.model
    def _default_engineers(self):
        """Propose the user, since specialists mostly plan their own work; managers plan for others."""
        user = self.env.user
        if user.has_group(SPECIALISTS) and not user.has_group(MANAGERS):
            return user
        return user.browse()

    @api.depends("engineer_ids")
    def _compute_lead_engineer_id(self):
        for row in self:
            if row.lead_engineer_id._origin not in row.engineer_ids._origin:
                row.lead_engineer_id = row.engineer_ids[:1]

    @api.depends("session_ids.hours")
    def _compute_sessions(self):
        for row in self:
            row.session_count = len(row.session_ids)
            row.training_hours = sum(row.session_ids.mapped("hours"))

    @api.depends(
        "session_ids.date_start",
        "session_ids.hours",
        "session_ids.topic",
        "session_ids.trainer_id",
        "session_ids.attendee_ids",
        "session_ids.attendee_note",
    )
    def _compute_session_text(self):
        for row in self:
            row.session_text = "\n".join(
                session._get_line() for session in row.session_ids.sorted("date_start")
            )

    @api.depends("date_start")
    def _compute_installed_on(self):
        for row in self:
            row.installed_on = row.date_start

    @api.depends("installed_on", "installation_id", "product_id")
    def _compute_service_dates(self):
        for row in self:
            start = row.installed_on
            if row.installation_id.service_date_end:
                # proposed empty, which keeps a service period that is there
                start = False
            if start:
                start, end = row.installation_id._propose_service_period(row.product_id, start)
            row.service_start = start
            row.service_end = start and end

    @api.depends("date_end", "end_entered_on", "company_id")
    def _compute_forms_due_date(self):
        for row in self:
            # sudo: a setting of the company; 七.6: 三天内, in calendar days
            company = row.company_id.sudo()
            due = row.date_end and row.date_end + timedelta(days=company.aftersales_forms_days)
            if due and row.end_entered_on:
                # nothing is overdue when it begins: an end entered late leaves a working day
                entered = company._aftersales_day(row.end_entered_on)
                due = max(due, company._aftersales_next_working_day(entered))
            row.forms_due_date = due

    @api.depends("state", "date_end", "forms_due_date", "forms_back_on", "company_id")
    def _compute_is_overdue(self):
        for company, rows in self.grouped("company_id").items():
            today = (company or self.env.company)._aftersales_today()
            for row in rows:
                due = False
                if row.state in UNFINISHED:
                    due = row.date_end
                elif row.state in WAITING and not row.forms_back_on:
                    due = row.forms_due_date
                row.is_overdue = bool(due and due < today)

    @api.model
    def _search_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        running = self._get_past_end_domain()
        missing = Domain("state", "in", WAITING) & Domain("forms_back_on", "=", False)
        late = running | missing & passed_domain(self.env, "forms_due_date")
        return late if True in value else ~late

    # === Steps === #

    def action_start(self):
        """Begin the work.

        :raises UserError: while begin, planned end or engineers are missing
        """
        for row in self:
            # what was planned anew after a cancellation was promised for the first day
            row._step("action_start", date_end_first=row.date_end_first or row.date_end)

    def action_open_finish(self):
        """Ask for the day on which the work ended."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Finish the Implementation"),
            "res_model": "aftersales.implementation.finish",
            "view_mode": "form",
            "target": "new",
            "context": {"default_implementation_id": self.id},
        }

    def action_finish(self, day=None):
        """Enter the end of the work; the three forms are owed from it on (五.7.3, 七.6).

        :param datetime.date day: the day on which the work really ended, whatever was planned; today by default
        :raises UserError: before it has begun, and for days in the future or before its beginning
        """
        for row in self:
            row._check_step("action_finish")
            today = row.company_id._aftersales_today()
            end = fields.Date.to_date(day) or today
            if not row.date_start <= end <= today:
                raise UserError(
                    self.env._(
                        "%s: enter the day on which the work ended, after its begin and not in the future.",
                        row.display_name,
                    )
                )
            row._step(
                "action_finish",
                date_end=end,
                end_entered_on=fields.Datetime.now(),
                end_entered_by_id=self.env.uid,
                forms_owed_by_id=row.lead_engineer_id.id,
                signed_by_id=(row.signed_by_id or row.contact_id).id,
            )
            row._close_deadline("implementation_end")
            row._expect_forms()
            row._update_forms_back()

    def action_ask_resume(self):
        """Ask once more before the work is taken up again."""
        return self._ask_first(
            "action_resume",
            self.env._("Forms that were not filed are owed at the new end only. Go on?"),
        )

    def action_resume(self):
        """Go on with the work; forms that were not filed are owed at the new end.

        :raises UserError: for users other than service managers
        """
        self._step(
            "action_resume",
            signed_by_id=False,
            signed_by_name=False,
            **dict.fromkeys(END_FACTS, False),
        )
        self._withdraw_archive_entries()

    def action_ask_cancel(self):
        """Ask why the implementations are cancelled."""
        return self._ask_reason("action_cancel", self.env._("Its forms are not expected any more."))

    def action_cancel(self, reason):
        """Cancel implementations; their forms are not expected any more.

        :param str reason: why; kept on the implementation
        :raises UserError: without a reason, once the customer has accepted it, and for users other than service
            managers when the work has ended
        """
        self._check_step("action_cancel")
        reason = self._check_reason(reason, self.env._("Say why the work is cancelled."))
        self._step("action_cancel", cancel_reason=reason, **dict.fromkeys(ACCEPTANCE, False))
        self._close_deadline("implementation_end")
        self._withdraw_archive_entries()

    def action_draft(self):
        """Plan a cancelled implementation anew."""
        self._step("action_draft", cancel_reason=False, **dict.fromkeys(END_FACTS, False))

    # === Links === #

    def action_view_sessions(self):
        """Show the trainings of the implementation in the calendar."""
        self.ensure_one()
        return self._get_list_action(
            "jinyang_aftersales.aftersales_implementation_session_action",
            [("implementation_id", "=", self.id)],
            {"default_implementation_id": self.id},
        )

    def action_view_installation(self):
        """Open the installed software."""
        self.ensure_one()
        return self.installation_id.get_formview_action()

    # === Deadlines === #

    @api.model
    def _get_past_end_domain(self):
        """Implementations whose planned end has passed, and of which nobody has said that they ended.

        :rtype: Domain
        """
        return Domain("state", "in", UNFINISHED) & passed_domain(self.env, "date_end")

    @api.model
    def _get_deadlines(self, company):
        since = company.aftersales_duties_since
        unstarted = Domain("state", "=", "draft")
        if since:
            unstarted &= Domain("date_end", ">=", since)
        return [
            *super()._get_deadlines(company),
            # The forms are owed from the recorded end: this one reminds of recording it, also where nobody has
            # recorded the begin.
            Deadline(
                "implementation_end",
                "date_end",
                Domain("state", "=", "running") | unstarted,
                END_ACTIVITY,
                users=attrgetter("lead_engineer_id"),
                note=lambda row, due: row.env._(
                    "%(document)s was to end on %(day)s.", document=row.display_name, day=due
                ),
            ),
        ]
