from odoo import api, fields, models
from odoo.exceptions import UserError

from .values import COMPLAINT, EVIDENCE


class AftersalesCaseMixin(models.AbstractModel):
    """A document about a case of the regulation: its day, and the record in which it was found.

    The evidence is a record of any model, which may be changed or deleted later: its name and the facts of the case
    are copied. What the product found is fixed. Where it names the wrong person or rule, the case is ended for that
    reason and keeps its place, and another one is proposed instead of it.
    """

    _name = "aftersales.case.mixin"
    _description = "Document about a Case"
    _inherit = "aftersales.guard.mixin"

    date = fields.Date(
        string="Day of the Case",
        required=True,
        default=lambda self: self.env.company._aftersales_today(),
    )
    found_by = fields.Selection(
        selection=[("scheduled", "Daily Search"), ("event", "At Once"), ("manager", "Manager")],
        default="manager",
        required=True,
        readonly=True,
        copy=False,
    )
    mistake = fields.Selection(
        selection=[("wrong_person", "Wrong Person"), ("wrong_rule", "Wrong Rule")],
        string="What Was Wrong",
        readonly=True,
        copy=False,
        help="Why the case was ended, and another one proposed instead of it.",
    )
    evidence_model = fields.Char()
    evidence_id = fields.Many2oneReference(string="Evidence", model_field="evidence_model")
    evidence_name = fields.Char(string="Found In")
    evidence_copy = fields.Text(
        string="What Was Found",
        help="A copy made when it was found: later changes of the document change nothing here.",
    )

    @api.model
    def _prepare_evidence(self, evidence):
        """Values that refer to an evidence.

        :param evidence: the record in which the case was found, of any model
        :rtype: dict
        """
        return {
            "evidence_model": evidence._name,
            "evidence_id": evidence.id,
            "evidence_name": evidence.display_name,
        }

    # === What was found is fixed === #

    def _get_found_fields(self):
        """Fields of a case that is not entered by a manager, which no user changes.

        :rtype: set[str]
        """
        self.ensure_one()
        return EVIDENCE | {"date", "employee_id", "rule_id"}

    @api.model
    def _get_start_values(self):
        return {**super()._get_start_values(), "found_by": "manager"}

    def _check_locked_vals(self, vals):
        result = super()._check_locked_vals(vals)
        for case in self:
            if case.found_by != "manager":
                wrong = case._changed_fields(vals, case._get_found_fields())
                if wrong:
                    raise UserError(case._describe_found(wrong))
        return result

    def _describe_found(self, names):
        """:return: the message that fields of a found case are fixed, in the user's language"""
        return self.env._(
            "%(case)s was found, not entered: %(fields)s stay. Use Wrong Person or Wrong Rule.",
            case=self.display_name,
            fields=self._labels(names),
        )

    # === Another person === #

    def _get_person_obstacle(self, employee):
        """Why a case cannot be proposed for another employee, in the user's language.

        :param employee: hr.employee, may be empty or a record that was deleted
        :rtype: str | bool
        """
        self.ensure_one()
        # sudo: managers may not read employees; only their user and company are checked
        employee = employee.sudo().exists()
        if self.evidence_model == COMPLAINT:
            return self.env._(
                "Reopen %s and name the right person there: its penalties follow.",
                self.evidence_name,
            )
        if not employee or employee == self.employee_id.sudo():
            return self.env._("Choose the employee whom the case does concern.")
        if employee.company_id != self.company_id:
            return self.env._("%s works for another company.", employee.name)
        if self.env.user in employee.user_id:
            return self.env._("The case concerns you: somebody else enters it.")
        return False

    def _prepare_instead(self, **vals):
        """Values of the case that is proposed instead of this one: the same facts, and the same way of finding.

        :param vals: what is different
        :rtype: dict
        """
        self.ensure_one()
        names = ("date", "found_by", *EVIDENCE)
        return {
            "company_id": self.company_id.id,
            "employee_id": self.employee_id.id,
            "rule_id": self.rule_id.id,
            **{name: self[name] for name in names},
            "replaces_id": self.id,
            **vals,
        }

    def _propose_instead(self, values):
        """Propose the right case, in the same transaction in which the wrong one is ended.

        :param dict values: from :meth:`_prepare_instead`
        :raises UserError: when the right employee has a penalty for the case already
        """
        # sudo: guarded values; the caller has checked the rights on the case that is replaced
        case = self.sudo().with_company(self.company_id)._create_unless_taken(values)
        if not case:
            raise UserError(self.env._("This case has already been punished."))
        return case.with_env(self.env)
