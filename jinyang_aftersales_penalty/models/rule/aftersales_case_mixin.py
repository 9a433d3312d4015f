from datetime import date

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_date

from odoo.addons.jinyang_aftersales.groups import DIRECTORS

from .values import COMPLAINT, EVIDENCE, REGULATION


class AftersalesCaseMixin(models.AbstractModel):
    """A document about a case of the regulation: its day, and the record in which it was found.

    The evidence is a record of any model, which may be changed or deleted later: its name and the facts of the case
    are copied. What the product found is fixed. Where it names the wrong person or rule, the case is ended for that
    reason and keeps its place, and another one is proposed instead of it.
    """

    _name = "aftersales.case.mixin"
    _description = "Document about a Case"
    _inherit = ["aftersales.guard.mixin", "aftersales.search.mixin"]

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
    regulation_id = fields.Many2one(
        comodel_name="aftersales.regulation",
        string="Version of the Regulation",
        readonly=True,
        copy=False,
        ondelete="restrict",
        help="The version that was in force on the day of the case.",
    )
    clause_text = fields.Text(string="Clause in Words", readonly=True, copy=False)
    regulation_known = fields.Selection(
        selection=[
            ("acknowledged", "Acknowledged"),
            ("reminded", "Reminded"),
            ("not_told", "Not Yet Told"),
        ],
        readonly=True,
        copy=False,
        help="Whether the employee had acknowledged that version by the day of the case, or was reminded of it at least"
        " a working day before.",
    )
    regulation_known_on = fields.Date(string="Known Since", readonly=True, copy=False)
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

    @api.model
    def _say_facts(self, facts):
        """The copy of what was found, which stays when the document changes.

        :param facts: pairs of a label and its value; a day is written in the style of the language of the environment
        :return: a line for each of them that has a value
        :rtype: str
        """
        return "\n".join(
            self.env._(
                "%(label)s: %(value)s",
                label=label,
                value=self._say_day(value) if isinstance(value, date) else value,
            )
            for label, value in facts
            if value
        )

    @api.model
    def _prepare_regulation(self, terms, employee, day, days=None):
        """Values that say by which clause an employee is charged, and whether they knew it.

        :param Terms terms: terms of the rule on that day
        :param employee: hr.employee
        :param datetime.date day: the day of the case
        :param dict days: days since when employees know the version, where several are asked for at once
        :return: values; None where the version in force is not for the employee's department
        :rtype: dict | None
        """
        # sudo: cases arise from actions of users who may not read all clauses
        clauses = terms.clauses.sudo()
        version = clauses.regulation_id
        if not version._is_for(employee, day):
            return None
        days = days or version._get_known_days(employee)
        known, since = version._get_knowledge(*days[employee.id], day)
        return {
            "regulation_id": version.id,
            "clause_text": self._say_facts((row.number, row.text) for row in clauses),
            "regulation_known": known,
            "regulation_known_on": since,
        }

    def _get_basis(self):
        """The clause with the version of the regulation in force on the day of the case, as letters name it.

        :return: the text in the language of the environment; no version for cases from before versions were
            stored with them
        :rtype: str
        """
        self.ensure_one()
        # sudo: employees may not read all versions; only title, number and day of this one are told
        version = self.sudo().regulation_id
        if not version:
            return self.env._("%s of the regulation of the service department", self.clause or "")
        lang = self.env["res.lang"]._get_code(self.env.context.get("lang") or "en_US")
        return self.env._(
            "%(clause)s of %(title)s (version %(version)s, in force from %(day)s)",
            title=version.title,
            clause=self.clause,
            version=version.version,
            day=format_date(self.env, version.date_effective, lang_code=lang, date_format="long"),
        )

    def _get_known_obstacle(self):
        """Why only a director may go on: the employee had not been told of the regulation.

        :return: the reason in the user's language, False for directors and for employees who knew it
        :rtype: str | bool
        """
        self.ensure_one()
        if self.regulation_known != "not_told" or self.env.user.has_group(DIRECTORS):
            return False
        return self.env._(
            "%(employee)s had neither acknowledged %(regulation)s nor been reminded of it before the case: only a"
            " director may go on.",
            employee=self.employee_id.name,
            regulation=self.regulation_id.display_name,
        )

    # === What was found is fixed === #

    def _get_found_fields(self):
        """Fields of a case that is not entered by a manager, which no user changes.

        :rtype: set[str]
        """
        self.ensure_one()
        return EVIDENCE | {"date", "employee_id", "rule_id"}

    def _is_fixed(self):
        """:return: whether no user changes what the case is about: it was found, not entered by a manager"""
        self.ensure_one()
        return self.found_by != "manager"

    @api.model
    def _get_start_values(self):
        return {**super()._get_start_values(), "found_by": "manager"}

    def write(self, vals):
        changed = {"employee_id", "rule_id", "date"} & vals.keys() - self._get_unlocked_fields()
        result = super().write(vals)
        # another person may have known the regulation since another day, or not at all
        for case in self if changed else self.browse():
            case._write_unlocked(case._prepare_regulation_of(case.employee_id, case.rule_id))
        return result

    def _check_locked_vals(self, vals):
        result = super()._check_locked_vals(vals)
        for case in self:
            if case._is_fixed():
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
        names = ("date", "found_by", *EVIDENCE, *REGULATION)
        return {
            "company_id": self.company_id.id,
            "employee_id": self.employee_id.id,
            "rule_id": self.rule_id.id,
            **{name: self[name] for name in names},
            "replaces_id": self.id,
            **vals,
        }

    def _prepare_regulation_of(self, employee, rule):
        """Values of the regulation for the case as one of another employee or rule.

        :param employee: hr.employee
        :param rule: aftersales.penalty.rule
        :rtype: dict
        :raises UserError: when the rule does not hold for the employee on that day
        """
        self.ensure_one()
        terms = rule._get_terms(rule.code, self.company_id, self.date)
        told = terms and self._prepare_regulation(terms, employee, self.date)
        if not told:
            raise UserError(rule._describe_off(self.date, employee))
        return told

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
