from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import is_html_empty

from ...groups import DIRECTORS, MANAGERS
from ...tools.text import list_words
from ..shared.document_fields import state_field
from ..shared.steps import Step

VALIDITY = [
    ("draft", "Draft"),
    ("announced", "Announced"),
    ("in_force", "In Force"),
    ("superseded", "Superseded"),
]
# day and file of each proof
PROOF = (
    ("meeting_on", "meeting_scan"),
    ("comments_until", "comments_scan"),
    ("announced_on", "announced_scan"),
)


class AftersalesRegulation(models.Model):
    """A version of the service regulation; employees acknowledge each version once (八, 十).

    ======================  ================================================================
    Who                     May
    ======================  ================================================================
    every employee          read what was released, acknowledge it in the own name
    service manager         read all, see who has not acknowledged, remind them
    service director        write and release versions
    ======================  ================================================================
    """

    _name = "aftersales.regulation"
    _description = "Regulation"
    _inherit = ["aftersales.document.mixin", "aftersales.scan.mixin", "aftersales.job.mixin"]
    _order = "date_effective desc, id desc"
    _search_text = ("name", "title", "version")
    _sequence_code = "aftersales.regulation"
    _shared_fields = frozenset({"changes"})
    _allow_sudo_commands = False
    _steps = (Step("draft", "released", "action_release", ("department_ids",)),)
    _field_states = dict.fromkeys(
        (
            "title",
            "version",
            "date_effective",
            "text",
            "changes",
            "scan",
            "scan_name",
            "department_ids",
        ),
        frozenset({"draft"}),
    )
    _scan_fields = ("scan", "meeting_scan", "comments_scan", "announced_scan")
    _scan_names = ("scan_name", "meeting_scan_name", "comments_scan_name", "announced_scan_name")
    _protected_fields = {"state": "draft", "released_on": False, "released_by_id": False}

    title = fields.Char(required=True)
    version = fields.Char(required=True)
    date_effective = fields.Date(
        string="In Force From", tracking=True, help="The day it is released by default (十)."
    )
    text = fields.Html(sanitize=True, sanitize_attributes=True, copy=True)
    scan = fields.Binary(string="Text as a File")
    changes = fields.Text(help="What is different from the version before.")
    department_ids = fields.Many2many(
        comodel_name="hr.department",
        string="Departments",
        check_company=True,
        help="For whose employees it holds. Versions released before departments were asked for hold for all.",
    )
    clause_ids = fields.One2many(
        comodel_name="aftersales.regulation.clause",
        inverse_name="regulation_id",
        string="Clauses",
        copy=True,
    )
    # 劳动合同法 4: rules that concern employees are discussed with them and announced to them
    meeting_on = fields.Date(string="Discussed in a Meeting On", copy=False)
    meeting_scan = fields.Binary(string="Minutes of the Meeting", attachment=True, copy=False)
    meeting_scan_name = fields.Char(copy=False)
    comments_until = fields.Date(string="Open for Comments Until", copy=False)
    comments_scan = fields.Binary(string="Comments", attachment=True, copy=False)
    comments_scan_name = fields.Char(copy=False)
    announced_on = fields.Date(copy=False)
    announced_scan = fields.Binary(string="Announcement", attachment=True, copy=False)
    announced_scan_name = fields.Char(copy=False)
    missing_proof = fields.Char(compute="_compute_missing_proof", compute_sudo=True)
    state = state_field(
        [("draft", "Draft"), ("released", "Released")],
        group_expand=None,
    )
    released_on = fields.Datetime(readonly=True, copy=False)
    released_by_id = fields.Many2one(
        comodel_name="res.users", person="fact", readonly=True, copy=False
    )
    validity = fields.Selection(
        selection=VALIDITY, compute="_compute_validity", search="_search_validity"
    )
    acknowledgement_ids = fields.One2many(
        comodel_name="aftersales.regulation.acknowledgement",
        inverse_name="regulation_id",
        string="Acknowledgements",
        copy=False,
    )
    missing_employee_ids = fields.Many2many(
        comodel_name="hr.employee.public",
        string="Not Acknowledged Yet",
        compute="_compute_missing_employee_ids",
        groups=MANAGERS,
    )
    missing_count = fields.Integer(
        string="Missing", compute="_compute_missing_employee_ids", groups=MANAGERS
    )
    acknowledged_on = fields.Datetime(string="I Acknowledged It On", compute="_compute_own")
    can_acknowledge = fields.Boolean(compute="_compute_own")

    _effective_once = models.UniqueIndex(
        "(company_id, date_effective) WHERE state = 'released'",
        "Another version is in force from this day.",
    )

    # === Compute === #

    @api.depends("title", "version")
    def _compute_display_name(self):
        for regulation in self:
            regulation.display_name = f"{regulation.title or ''} {regulation.version or ''}".strip()

    @api.depends("state", "date_effective", "company_id")
    def _compute_validity(self):
        in_force = self._get_in_force(self.company_id)
        for regulation in self:
            regulation.validity = regulation._get_validity(in_force)

    def _get_validity(self, in_force):
        """:return: what holds on the company's today, given the versions in force"""
        self.ensure_one()
        if self.state == "draft":
            return "draft"
        if self._origin in in_force:
            return "in_force"
        today = self.company_id._aftersales_today()
        return "announced" if self.date_effective > today else "superseded"

    def _search_validity(self, operator, value):
        if operator != "in":
            return NotImplemented
        # sudo: only ids go into the user's search, whose own rules hold
        versions = self.sudo().search([("company_id", "in", self.env.companies.ids)])
        in_force = versions._get_in_force(versions.company_id)
        found = versions.filtered(lambda version: version._get_validity(in_force) in value)
        return [("id", "in", found.ids)]

    @api.model
    def _get_in_force(self, companies):
        """The version in force on each company's today.

        :param companies: res.company
        :rtype: aftersales.regulation
        """
        found = self.browse()
        for company in companies:
            # sudo: whether a version is in force does not depend on who asks
            found |= (
                self.sudo()
                .search(
                    [
                        ("company_id", "=", company.id),
                        ("state", "=", "released"),
                        ("date_effective", "<=", company._aftersales_today()),
                    ],
                    order="date_effective desc, id desc",
                    limit=1,
                )
                .sudo(False)
            )
        return found

    @api.depends(*(name for names in PROOF for name in names))
    def _compute_missing_proof(self):
        labels = (
            self.env._("the discussion with the employees"),
            self.env._("the time for comments"),
            self.env._("the announcement"),
        )
        for regulation in self:
            missing = [
                label
                for label, (day, file) in zip(labels, PROOF, strict=True)
                if not (regulation[day] and regulation[file])
            ]
            regulation.missing_proof = list_words(self.env, missing) or False

    @api.depends("acknowledgement_ids", "state", "date_effective", "department_ids")
    def _compute_missing_employee_ids(self):
        for regulation in self:
            missing = regulation._get_missing_employees()
            # hr.employee.public holds what every colleague may see of an employee
            regulation.missing_employee_ids = self.env["hr.employee.public"].browse(missing.ids)
            regulation.missing_count = len(missing)

    @api.depends("acknowledgement_ids", "state", "date_effective")
    @api.depends_context("uid")
    def _compute_own(self):
        for regulation in self:
            employee = regulation._get_own_employee(regulation.company_id)
            # sudo: the own acknowledgement, with the employee it belongs to
            own = regulation.sudo().acknowledgement_ids.filtered(
                lambda row, employee=employee: row.employee_id == employee
            )
            regulation.acknowledged_on = own[:1].acknowledged_on
            open_ = regulation.validity in ("announced", "in_force")
            regulation.can_acknowledge = bool(employee and open_ and not own)

    def _check_locked_vals(self, vals):
        result = super()._check_locked_vals(vals)
        proof = {name for names in PROOF for name in names}
        for regulation in self.filtered(lambda regulation: regulation.state != "draft"):
            # what is missing may be added after the release, what is there is fixed
            given = {name for name in proof & vals.keys() if regulation[name]}
            wrong = regulation._changed_fields(vals, given)
            if wrong:
                raise UserError(regulation._describe_frozen(wrong))
        return result

    # === Who === #

    @api.model
    def _get_own_employee(self, company):
        """The user as an employee of a company.

        :param company: res.company
        :rtype: hr.employee
        """
        return self.env["aftersales.personnel.mixin"]._get_own_employee(company)

    def _get_missing_employees(self):
        """Employees with a user who have not acknowledged a version that counts.

        :rtype: hr.employee
        """
        self.ensure_one()
        employees = self.env["hr.employee"]
        if self.validity not in ("announced", "in_force"):
            return employees
        domain = [
            ("company_id", "=", self.company_id.id),
            ("user_id", "!=", False),
            ("id", "not in", self.sudo().acknowledgement_ids.employee_id.ids),
        ]
        # sudo: who works here, for managers who may not read employees
        if self.sudo().department_ids:
            domain.append(("department_id", "child_of", self.sudo().department_ids.ids))
        return employees.sudo().search(domain).sudo(False)

    # === Actions === #

    def _get_further_obstacle(self, step):
        if is_html_empty(self.text) and not self.scan:
            return self.env._("%s has no text.", self.display_name)
        today = self.company_id._aftersales_today()
        if self.date_effective and self.date_effective < today:
            return self.env._(
                "A regulation is in force from the day it is released at the soonest."
            )
        return super()._get_further_obstacle(step)

    @api.model
    def _get_asked_steps(self):
        return {**super()._get_asked_steps(), "action_release": self.env._("Release")}

    def _check_director(self):
        """:raises AccessError: for everybody but the director"""
        self.check_access("write")
        if not self.env.user.has_group(DIRECTORS):
            raise AccessError(self.env._("The service director releases the regulation."))

    def _check_before_asking(self, step):
        if step == "action_release":
            self._check_director()
        return super()._check_before_asking(step)

    def action_ask_release(self):
        """Ask once more before the text is fixed."""
        return self._ask_first(
            "action_release",
            self.env._(
                "From then on its text is fixed, and the employees are asked to acknowledge it."
            ),
        )

    def action_release(self):
        """Release a version, by the director; the employees it is for are asked to acknowledge it (十).

        :raises AccessError: for everybody but the director
        :raises UserError: without a text, or with a day that has passed
        """
        self._check_director()
        for regulation in self:
            regulation._step(
                "action_release",
                date_effective=regulation.date_effective
                or regulation.company_id._aftersales_today(),
                released_on=fields.Datetime.now(),
                released_by_id=self.env.uid,
            )
            regulation._remind()

    def action_acknowledge(self):
        """Acknowledge a version in the own name, once (八).

        :raises UserError: when it cannot be acknowledged, or was
        """
        self.check_access("read")
        for regulation in self:
            if not regulation.can_acknowledge:
                raise UserError(
                    self.env._(
                        "%(regulation)s is acknowledged already, not in force any more, or you are no employee"
                        " of %(company)s.",
                        regulation=regulation.display_name,
                        company=regulation.company_id.name,
                    )
                )
            self.env["aftersales.regulation.acknowledgement"]._acknowledge(regulation)

    def action_remind(self):
        """Remind the employees who have not acknowledged a version, by a service manager.

        :raises AccessError: for everybody else
        """
        self.check_access("read")
        if not self.env.user.has_group(MANAGERS):
            raise AccessError(self.env._("A service manager reminds the employees."))
        self._remind()

    def _remind(self):
        """Ask the employees who have not acknowledged it, unless they have an open activity about it already."""
        for regulation in self:
            employees = regulation._get_missing_employees()
            self.env["aftersales.regulation.reminder"]._note(regulation, employees)
            # sudo: the employees' users, for managers who may not read employees
            users = employees.sudo().user_id.sudo(False)
            regulation._notify_users(
                users, "jinyang_aftersales.mail_activity_regulation", once=True
            )

    @api.model
    def _get_job_steps(self):
        return [
            *super()._get_job_steps(),
            # employees who have not acknowledged the regulation are reminded (八)
            (70, self._remind_missing),
        ]

    @api.model
    def _remind_missing(self, company, today):
        """Step of the hourly job: remind once a day of the version in force, also employees who came after its release.

        :param company: res.company
        :param datetime.date today: the company's
        """
        if company.aftersales_last_run != today:
            self._get_in_force(company)._remind()

    def _message_subscribe(self, partner_ids=None, subtype_ids=None, customer_ids=None):
        """Nobody follows: the whole company would get every message."""
        return True
