from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.jinyang_aftersales.groups import DIRECTORS, MANAGERS
from odoo.addons.jinyang_aftersales.models.shared.document_fields import state_field
from odoo.addons.jinyang_aftersales.models.shared.steps import Step

HR_MANAGERS = "hr.group_hr_manager"
PAYROLL = "payroll.group_payroll_user"
KINDS = [
    ("warning", "Written Warning"),
    ("demotion", "Demotion"),
    ("resignation_advice", "Advice to Resign"),
    ("dismissal", "Dismissal"),
]
# 七.2: 给予降级,辞退处理
CHOICES = {"COMPLAINT_3": ("demotion", "dismissal")}
DECIDE_ACTIVITY = "jinyang_aftersales_penalty.mail_activity_sanction_decide"
NOTICE_ACTIVITY = "jinyang_aftersales_penalty.mail_activity_sanction_notice"
HR_ACTIVITY = "jinyang_aftersales_penalty.mail_activity_sanction_hr"


class AftersalesSanction(models.Model):
    """A written warning, or a proposal of demotion, 劝退 or dismissal (三.7, 三.9, 三.11, 七.1, 七.2).

    ======================  ================================================================
    Who                     May
    ======================  ================================================================
    employee concerned      read and acknowledge it from the day they are told
    service manager         propose, withdraw the proposal; never an own one
    service director        the same; decide with reasons, hand it over
    HR manager              read the sanctions handed to them
    ======================  ================================================================

    It does not change the employment itself: HR takes the steps labour law requires.
    """

    _name = "aftersales.sanction"
    _description = "Sanction"
    _inherit = ["aftersales.case.mixin", "aftersales.personnel.mixin"]
    _order = "date desc, id desc"
    _search_text = ("name",)
    _search_links = ("employee_id",)
    _search_labels = ("kind",)
    _check_company_auto = True
    _allow_sudo_commands = False
    _sequence_code = "aftersales.sanction"
    _shared_fields = frozenset({"reason"})
    _title_fields = ("kind",)
    _steps = (
        Step("proposed", "decided", "action_decide"),
        Step("proposed", "rejected", "action_reject"),
        Step("proposed", "withdrawn", "action_withdraw"),
        Step("decided", "withdrawn", "action_withdraw"),
        Step("decided", "handed", "action_hand_over"),
        # the case turned out to be wrong: HR and the employee are told
        Step("handed", "withdrawn", "action_withdraw"),
    )
    _field_states = dict.fromkeys(
        (
            "employee_id",
            "kind",
            "rule_id",
            "date",
            "reason",
            "evidence_model",
            "evidence_id",
            "evidence_name",
            "evidence_copy",
        ),
        frozenset({"proposed"}),
    )
    _protected_fields = {
        "state": "proposed",
        "decided_by_id": False,
        "decided_on": False,
        "decision_reason": False,
        "told_on": False,
        "acknowledged_on": False,
        "hr_user_id": False,
        "handed_on": False,
    }
    replaces_id = fields.Many2one(
        comodel_name="aftersales.sanction",
        string="Instead Of",
        readonly=True,
        copy=False,
        groups=MANAGERS,
        help="The case that named the wrong person.",
    )
    replacement_ids = fields.One2many(
        comodel_name="aftersales.sanction",
        inverse_name="replaces_id",
        string="Replaced By",
        groups=MANAGERS,
    )
    kind = fields.Selection(selection=KINDS, required=True, tracking=True)
    rule_id = fields.Many2one(
        comodel_name="aftersales.penalty.rule",
        string="Penalty Rule",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        domain="['|', ('company_id', '=', False), ('company_id', '=', company_id)]",
    )
    family = fields.Char(related="rule_id.family", store=True, precompute=True)
    clause = fields.Char(
        readonly=True, copy=False, help="As the version in force on the day of the case numbers it."
    )
    reason = fields.Text(string="What Happened", required=True)
    state = state_field(
        [
            ("proposed", "Proposed"),
            ("decided", "Decided"),
            ("handed", "Handed to HR"),
            ("rejected", "Rejected"),
            ("withdrawn", "Withdrawn"),
        ],
        default="proposed",
    )
    decided_by_id = fields.Many2one(
        comodel_name="res.users", person="fact", string="Decided By", readonly=True, copy=False
    )
    decided_on = fields.Datetime(readonly=True, copy=False)
    decision_reason = fields.Text(readonly=True, copy=False, tracking=True)
    told_on = fields.Date(
        string="Employee Told On",
        readonly=True,
        copy=False,
        help="From this day on the employee reads it: a warning when it is decided, anything else when HR has it.",
    )
    acknowledged_on = fields.Datetime(
        readonly=True, copy=False, help="When the employee confirmed to have received it."
    )
    hr_user_id = fields.Many2one(
        comodel_name="res.users",
        person="role",
        string="Handed To",
        readonly=True,
        copy=False,
        tracking=True,
    )
    handed_on = fields.Datetime(readonly=True, copy=False)
    can_decide = fields.Boolean(compute="_compute_rights")
    can_acknowledge = fields.Boolean(compute="_compute_rights")

    # one sanction for each evidence, employee and kind, also when two jobs run at the same time
    _one_case_one_sanction = models.UniqueIndex(
        "(company_id, family, evidence_model, evidence_id, employee_id, kind, COALESCE(replaces_id, 0))"
        " WHERE evidence_model IS NOT NULL AND evidence_id IS NOT NULL",
        "This sanction has already been proposed for the case.",
    )
    _replaced_once = models.UniqueIndex(
        "(replaces_id) WHERE replaces_id IS NOT NULL", "This case has been replaced already."
    )

    @api.depends("state", "employee_id", "told_on", "acknowledged_on")
    @api.depends_context("uid")
    def _compute_rights(self):
        director = self.env.user.has_group(DIRECTORS)
        for sanction in self:
            mine = sanction.is_mine
            sanction.can_decide = director and not mine
            sanction.can_acknowledge = bool(
                mine and sanction.told_on and not sanction.acknowledged_on
            )

    # === Proposing === #

    @api.model
    def _propose_sanction(self, employee, kind, penalty_rule, evidence, reason, company, **vals):
        """Propose a sanction for a case; a case that had a sanction before gets no other one.

        :param employee: hr.employee concerned
        :param str kind: one of ``KINDS``
        :param penalty_rule: aftersales.penalty.rule of the case
        :param evidence: the record in which the case was found, of any model
        :param str reason: the facts of the case
        :param company: res.company
        :param vals: further values: ``date``, ``evidence_copy``
        :return: the sanction; empty when the case had one before, or the rule does not hold for the employee
        """
        if not employee or not penalty_rule:
            return self.browse()
        day = vals.get("date") or company._aftersales_today()
        terms = penalty_rule._get_terms(penalty_rule.code, company, day)
        told = terms and self._prepare_regulation(terms, employee, day)
        if not told:
            return self.browse()
        values = {
            **told,
            "company_id": company.id,
            "employee_id": employee.id,
            "kind": kind,
            "rule_id": penalty_rule.id,
            "reason": reason,
            "found_by": "event",
            **self._prepare_evidence(evidence),
            **vals,
        }
        # sudo: cases arise from actions of users who have no right on sanctions
        return self.sudo()._create_unless_taken(values).sudo(False)

    @api.model_create_multi
    def create(self, vals_list):
        entered = not self._get_unlocked_fields(len(vals_list))
        sanctions = super().create(vals_list)
        if entered:
            sanctions._complete_entry()
        sanctions._tell_directors()
        return sanctions

    def _complete_entry(self):
        """Check proposals that a manager enters, and add the clause by which they are made.

        :raises UserError: for a day in the future, or when the rule does not hold for the employee on that day
        """
        for sanction in self:
            if sanction.date > sanction.company_id._aftersales_today():
                raise UserError(self.env._("The case cannot lie in the future."))
            sanction._write_unlocked(
                sanction._prepare_regulation_of(sanction.employee_id, sanction.rule_id)
            )

    @api.model
    def _prepare_regulation(self, terms, employee, day, days=None):
        told = super()._prepare_regulation(terms, employee, day, days)
        return told and {**told, "clause": terms.clause}

    # === Rules === #

    def _get_found_fields(self):
        return super()._get_found_fields() | {"kind", "reason"}

    def _check_locked_vals(self, vals):
        choice = CHOICES.get(self[:1].rule_id.code, ())
        if len(self) == 1 and self.kind in choice and vals.get("kind") in choice:
            # 七.2 names two consequences: which of them is proposed is for the managers to say
            vals = {name: value for name, value in vals.items() if name != "kind"}
        return super()._check_locked_vals(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_found(self):
        for sanction in self:
            if sanction.found_by != "manager":
                raise UserError(
                    self.env._(
                        "%s was found, not entered: cancel it with the reason.",
                        sanction.display_name,
                    )
                )

    def _get_role_obstacle(self, step):
        return self._get_own_obstacle()

    def _get_further_obstacle(self, step):
        # the day of an entered one may have been changed since
        if step.target == "decided" and self.date > self.company_id._aftersales_today():
            return self.env._("The case cannot lie in the future.")
        return super()._get_further_obstacle(step)

    def _check_director(self):
        """:raises AccessError: for users who are no directors"""
        self._check_not_mine()
        self.check_access("write")
        if not self.env.user.has_group(DIRECTORS):
            raise AccessError(self.env._("The service director decides about sanctions."))

    def _after_decision(self, said):
        result = super()._after_decision(said)
        self._close_activities()
        return result

    # === Activities === #

    def _tell_directors(self, note=""):
        """Ask the directors who are not concerned to decide.

        :param str note: text of the activity
        """
        for sanction in self:
            directors = sanction.company_id._aftersales_users(DIRECTORS)
            sanction._notify_users(
                directors - sanction._get_concerned_user(), DECIDE_ACTIVITY, note
            )

    def _close_activities(self):
        self._withdraw_activities(DECIDE_ACTIVITY, NOTICE_ACTIVITY, HR_ACTIVITY)

    def _tell_employee(self):
        """Let the employee read it from now on, and give the user an activity."""
        today = self.company_id._aftersales_today()
        self._write_unlocked({"told_on": today})
        self._notify_users(self._get_concerned_user(), NOTICE_ACTIVITY)

    # === Actions === #

    def action_decide(self, reason):
        """Impose the sanction, by the director, with reasons.

        :param str reason: why
        :raises AccessError: for users who are no directors, and for the person concerned
        """
        self._check_director()
        self._decide("action_decide", reason)
        for sanction in self.filtered(lambda sanction: sanction.kind == "warning"):
            sanction._tell_employee()

    def action_reject(self, reason):
        """Reject the proposal, by the director, with reasons.

        :param str reason: why
        """
        self._check_director()
        self._decide("action_reject", reason)

    def action_withdraw(self, reason):
        """Withdraw a proposal, by a manager, or a decided or handed sanction, by the director.

        HR and the employee, where they were told of it, are told that it is void.

        :param str reason: why
        """
        self._check_may_withdraw()
        self._withdraw(reason)

    def _check_may_withdraw(self):
        """:raises AccessError: for users who may not withdraw proposals, or decided sanctions"""
        self._check_not_mine()
        self.check_access("write")
        if not self.env.user.has_group(MANAGERS):
            raise AccessError(self.env._("A service manager withdraws proposals."))
        if any(sanction.state in ("decided", "handed") for sanction in self):
            self._check_director()

    def _withdraw(self, reason, **vals):
        """Withdraw sanctions, and tell those who were told of them.

        :param str reason: why
        :param vals: further values of the decision
        """
        self._decide("action_withdraw", reason, vals)
        for sanction in self:
            told = sanction.hr_user_id
            if sanction.told_on:
                told |= sanction._get_concerned_user()
            sanction._notify_users(
                told,
                NOTICE_ACTIVITY,
                lambda row: row.env._(
                    "%(sanction)s is withdrawn: %(reason)s",
                    sanction=row.display_name,
                    reason=reason,
                ),
            )

    def action_wrong_person(self, employee_id, reason):
        """Withdraw a sanction that concerns another employee, and propose it for that one; as for withdrawing.

        :param int employee_id: id of the hr.employee whom it does concern
        :param str reason: why
        :return: the action that shows the sanction proposed instead
        :raises UserError: without a reason, or when it cannot be proposed for the employee
        """
        self.ensure_one()
        employee = self.env["hr.employee"].browse(employee_id)
        self._check_may_withdraw()
        obstacle = self._get_person_obstacle(employee)
        if obstacle:
            raise UserError(obstacle)
        told = self._prepare_regulation_of(employee, self.rule_id)
        self._withdraw(reason, mistake="wrong_person")
        values = self._prepare_instead(
            employee_id=employee.id, kind=self.kind, reason=self.reason, **told
        )
        return self._propose_instead(values).get_formview_action()

    def action_hand_over(self, hr_user_id=False):
        """Hand it to HR for the steps labour law requires, and tell the employee if that was not done before.

        :param int hr_user_id: HR manager who takes it; the first one by default
        :raises UserError: when there is no HR manager who may take it
        """
        self._check_director()
        for sanction in self:
            users = sanction._get_hr_users()
            user = users.filtered(lambda user: user.id == hr_user_id) if hr_user_id else users[:1]
            if not user:
                raise UserError(
                    self.env._(
                        "Nobody can take it: an HR manager of %s other than the person concerned is needed.",
                        sanction.company_id.name,
                    )
                )
            sanction._step("action_hand_over", hr_user_id=user.id, handed_on=fields.Datetime.now())
            sanction._notify_users(user, HR_ACTIVITY)
            if not sanction.told_on:
                sanction._tell_employee()

    def _get_hr_users(self):
        """HR managers who may take it; those without payroll rights come first.

        :rtype: res.users
        """
        self.ensure_one()
        users = self.company_id._aftersales_users(HR_MANAGERS) - self._get_concerned_user()
        return users.sorted(lambda user: (user.has_group(PAYROLL), user.id))

    def action_acknowledge(self):
        """Confirm the receipt, by the employee concerned; this is no consent.

        :raises AccessError: for other users
        :raises UserError: when it was confirmed before
        """
        self.check_access("read")
        for sanction in self:
            if not sanction.is_mine:
                raise AccessError(self.env._("Only the employee concerned acknowledges it."))
            if not sanction.can_acknowledge:
                raise UserError(self.env._("%s is acknowledged already.", sanction.display_name))
            # sudo: employees may not write sanctions; that the user is the employee is checked above
            own = sanction.sudo()
            own._write_unlocked({"acknowledged_on": fields.Datetime.now()})
            own._withdraw_activities(NOTICE_ACTIVITY)

    # === On paper === #

    def _get_letter_lang(self):
        """Language of the letter: the company's.

        :rtype: str
        """
        self.ensure_one()
        return self.company_id._aftersales_lang()

    def _for_paper(self):
        """The sanction for its printed letter: checks the access, refuses undecided ones, sets the language.

        :rtype: aftersales.sanction
        :raises UserError: for a sanction that is only proposed
        """
        self.check_access("read")
        if self.state not in ("decided", "handed"):
            raise UserError(self.env._("%s is not decided: there is no letter.", self.display_name))
        # sudo: readers of the letter may lack rights on its director and department, whose names it shows
        return self.sudo().with_context(lang=self._get_letter_lang())
