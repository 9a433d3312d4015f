from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...groups import DIRECTORS, MANAGERS
from ..shared.document_fields import state_field
from ..shared.steps import Step


class AftersalesSuggestion(models.Model):
    """A suggestion (九) or an objection to the regulation in writing (八), answered by a service manager.

    ======================  ================================================================
    Who                     May
    ======================  ================================================================
    every employee          write, submit and withdraw the own; read the answer
    service manager         read what was submitted, answer; never the own
    ======================  ================================================================
    """

    _name = "aftersales.suggestion"
    _description = "Suggestion"
    _inherit = "aftersales.personnel.mixin"
    _order = "id desc"
    _search_text = ("name", "subject")
    _check_company_auto = True
    _allow_sudo_commands = False
    _sequence_code = "aftersales.suggestion"
    _shared_fields = frozenset({"text"})
    _title_fields = ("subject",)
    _steps = (
        Step("draft", "submitted", "action_submit"),
        Step("submitted", "draft", "action_withdraw"),
        Step("submitted", "answered", "action_answer"),
    )
    _field_states = dict.fromkeys(
        ("employee_id", "kind", "regulation_id", "subject", "text"), frozenset({"draft"})
    )
    _protected_fields = {
        "state": "draft",
        "submitted_on": False,
        "outcome": False,
        "answer": False,
        "answered_by_id": False,
        "answered_on": False,
    }

    employee_id = fields.Many2one(default=lambda self: self._get_own_employee(self.env.company))
    kind = fields.Selection(
        selection=[("suggestion", "Suggestion"), ("objection", "Objection to the Regulation")],
        required=True,
        default="suggestion",
        tracking=True,
    )
    regulation_id = fields.Many2one(
        comodel_name="aftersales.regulation",
        string="Version",
        check_company=True,
        ondelete="restrict",
        default=lambda self: self.env["aftersales.regulation"]._get_in_force(self.env.company),
        domain="[('company_id', '=', company_id), ('state', '=', 'released')]",
    )
    subject = fields.Char(required=True)
    text = fields.Text(required=True)
    state = state_field(
        [("draft", "Draft"), ("submitted", "Submitted"), ("answered", "Answered")],
    )
    submitted_on = fields.Datetime(readonly=True, copy=False)
    outcome = fields.Selection(
        selection=[
            ("adopted", "Adopted"),
            ("partly", "Partly Adopted"),
            ("declined", "Not Adopted"),
        ],
        readonly=True,
        copy=False,
        tracking=True,
    )
    answer = fields.Text(string="Reply", readonly=True, copy=False)
    answered_by_id = fields.Many2one(
        comodel_name="res.users", person="fact", readonly=True, copy=False
    )
    answered_on = fields.Datetime(readonly=True, copy=False)

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            for vals in vals_list:
                self._check_own_employee(vals.get("employee_id"))
        return super().create(vals_list)

    @api.model
    def _check_own_employee(self, employee_id):
        """Refuse suggestions in the name of somebody else.

        :param int employee_id: as given; a false value stands for the user's own employee
        :raises UserError: for users who are no employee
        :raises AccessError: when the employee is another one
        """
        # sudo: the user's own employee, for users who may not read employees
        own = self.env.user.sudo().employee_ids
        if not own:
            raise UserError(self.env._("Only employees write suggestions: your user is none."))
        if employee_id and employee_id not in own.ids:
            raise AccessError(self.env._("Write suggestions in your own name."))

    # === Rules === #

    def _get_role_obstacle(self, step):
        return step.target == "answered" and self._get_own_obstacle()

    def _get_further_obstacle(self, step):
        if step.target == "submitted" and not (self.text or "").strip():
            return self.env._("Write what you suggest.")
        return super()._get_further_obstacle(step)

    def _check_own(self):
        """:raises AccessError: for everybody but the author"""
        self.check_access("write")
        if any(not suggestion.is_mine for suggestion in self):
            raise AccessError(self.env._("Only who wrote it submits or withdraws it."))

    # === Actions === #

    def action_submit(self):
        """Hand it to the service managers, by the author."""
        self._check_own()
        self._step("action_submit", submitted_on=fields.Datetime.now())
        for suggestion in self:
            managers = suggestion.company_id._aftersales_managers() - self.env.user
            managers = managers or suggestion.company_id._aftersales_users(DIRECTORS)
            suggestion._notify_users(
                managers - self.env.user, "jinyang_aftersales.mail_activity_suggestion"
            )

    def action_withdraw(self):
        """Take it back as long as it is not answered, by the author."""
        self._check_own()
        self._step("action_withdraw", submitted_on=False)
        self._withdraw_activities("jinyang_aftersales.mail_activity_suggestion")

    def action_answer(self, answer, outcome="adopted"):
        """Answer in writing, by a service manager who did not write it.

        :param str answer: required
        :param str outcome: one of the field's values
        :raises AccessError: for everybody else
        """
        self._check_not_mine()
        self.check_access("write")
        if not self.env.user.has_group(MANAGERS):
            raise AccessError(self.env._("A service manager answers suggestions."))
        self._decide("action_answer", answer, {"outcome": outcome})

    def _get_reason_question(self, action):
        return self.env._("Write an answer.")

    def _prepare_decision_vals(self, action, said, values):
        return {
            **values,
            "answer": said,
            "answered_by_id": self.env.uid,
            "answered_on": fields.Datetime.now(),
        }

    def _after_decision(self, said):
        result = super()._after_decision(said)
        self._withdraw_activities("jinyang_aftersales.mail_activity_suggestion")
        self._notify_users(self._get_concerned_user(), "jinyang_aftersales.mail_activity_answer")
        return result
