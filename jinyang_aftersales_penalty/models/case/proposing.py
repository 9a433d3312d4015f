from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..rule.values import FINES, REGULATION, SANCTIONS
from .aftersales_penalty import FROZEN_TERMS

# columns that the daily search inserts for many cases in one statement
FOUND_COLUMNS = (
    "name",
    "company_id",
    "employee_id",
    "department_id",
    "rule_id",
    "family",
    "clause",
    "outcome",
    "to_fund",
    *REGULATION,
    "found_by",
    "date",
    "amount",
    "amount_waived",
    "amount_deducted",
    "amount_open",
    "amount_return",
    "amount_to_return",
    "amount_returned",
    "state",
    "follow_up_date",
    "evidence_model",
    "evidence_id",
    "evidence_name",
    "evidence_copy",
    "create_uid",
    "create_date",
    "write_uid",
    "write_date",
)


class AftersalesPenalty(models.Model):
    """Proposing penalties: one for each case and employee; the facts of a case are copied and never changed."""

    _inherit = "aftersales.penalty"

    has_evidence = fields.Boolean(compute="_compute_has_evidence")

    @api.depends("evidence_model", "evidence_id")
    def _compute_has_evidence(self):
        for penalty in self:
            penalty.has_evidence = bool(penalty._get_evidence())

    # === Proposing === #

    @api.model
    def _propose(self, code, employee, evidence, company, **vals):
        """Propose a penalty for a case; a case that had a penalty before gets no other one.

        :param str code: code of the rule
        :param employee: hr.employee concerned
        :param evidence: the record in which the case was found, of any model
        :param company: res.company
        :param vals: further values: ``date``, the day of the case; ``evidence_copy``, ``note``, ``amount``
        :return: the penalty; empty when the rule did not hold on that day or not for the employee, or the case had a
            penalty, or waits for the public holidays of its year
        """
        day = vals.get("date") or company._aftersales_today()
        terms = self.env["aftersales.penalty.rule"]._get_terms(code, company, day)
        told = terms and employee and self._prepare_regulation(terms, employee, day)
        if not told:
            return self.browse()
        values = {
            **self._prepare_terms(terms),
            **told,
            "company_id": company.id,
            "employee_id": employee.id,
            "date": day,
            "found_by": "event",
            **self._prepare_evidence(evidence),
            **vals,
        }
        if not company._aftersales_known_years(day.year, day.year):
            self.env["aftersales.penalty.exception"]._wait(values)
            return self.browse()
        # sudo: cases arise from actions of users who have no right on penalties
        penalty = self.sudo().with_company(company)._create_unless_taken(values)
        return penalty.with_env(self.env)

    @api.model
    def _propose_for_user(self, code, user, evidence, company, **vals):
        """Propose a penalty for a user's employee; without an employee, record a case for the managers.

        :param str code: code of the rule
        :param user: res.users concerned, may be empty
        :param evidence: the record in which the case was found, of any model
        :param company: res.company
        :param vals: as for :meth:`_propose`
        :return: the penalty, may be empty
        """
        employee = self._get_employee(user, company)
        if employee:
            return self._propose(code, employee, evidence, company, **vals)
        day = vals.get("date") or company._aftersales_today()
        terms = self.env["aftersales.penalty.rule"]._get_terms(code, company, day)
        if terms:
            self.env["aftersales.penalty.exception"]._note(
                {
                    **self._prepare_terms(terms),
                    "company_id": company.id,
                    "user_id": user.id,
                    "date": day,
                    **self._prepare_evidence(evidence),
                    "evidence_copy": vals.get("evidence_copy"),
                }
            )
        return self.browse()

    @api.model
    def _prepare_terms(self, terms):
        """Terms of the rule as values of a penalty.

        :param Terms terms: terms on the day of the case
        :rtype: dict
        """
        rule = terms.rule
        return {
            "rule_id": rule.id,
            "family": rule.family,
            "clause": terms.clause,
            "outcome": terms.outcome,
            "to_fund": terms.to_fund,
            "amount": terms.amount if terms.outcome in FINES else 0.0,
        }

    @api.model
    def _get_employee(self, user, company):
        """The employee of a user in a company, if they have not left.

        :rtype: hr.employee
        """
        # sudo: users whose action is a case may not read employees
        employees = self.env["hr.employee"].sudo()
        if not user:
            return employees.sudo(False)
        return employees.search(
            [("user_id", "=", user.id), ("company_id", "=", company.id)], limit=1
        ).sudo(False)

    @api.model
    def _insert_found(self, company, rows):
        """Propose many cases in one statement; its unique index skips cases that have a penalty already.

        :param company: res.company
        :param list rows: values of penalties without their numbers
        """
        names = self.env["ir.sequence"]._aftersales_next_many(
            self._sequence_code, company, len(rows)
        )
        now = fields.Datetime.now()
        common = {
            "company_id": company.id,
            "found_by": "scheduled",
            "amount_waived": 0,
            "amount_deducted": 0,
            "amount_open": 0,
            "amount_return": 0,
            "amount_to_return": 0,
            "amount_returned": 0,
            "state": "proposed",
            "create_uid": self.env.uid,
            "create_date": now,
            "write_uid": self.env.uid,
            "write_date": now,
        }
        values = SQL(", ").join(
            SQL("%s", tuple({**common, **row, "name": name}[column] for column in FOUND_COLUMNS))
            for row, name in zip(rows, names, strict=True)
        )
        self.env.execute_query(
            SQL(
                "INSERT INTO aftersales_penalty (%s) VALUES %s ON CONFLICT DO NOTHING RETURNING id",
                SQL(", ").join(map(SQL.identifier, FOUND_COLUMNS)),
                values,
            )
        )
        self.env.invalidate_all(flush=False)

    # === Entering === #

    @api.model_create_multi
    def create(self, vals_list):
        entered = not self._get_unlocked_fields(len(vals_list))
        penalties = super().create(vals_list)
        if entered:
            # a form, an import or RPC: the same checks as in the dialogue
            penalties._complete_entry()
        return penalties

    def _complete_entry(self):
        """Check cases that a manager enters, and add what follows from their rule.

        :raises UserError: with the reason why a case cannot be entered
        """
        for penalty in self:
            obstacle = penalty._get_own_obstacle() or penalty._get_entry_obstacle()
            obstacle = obstacle or penalty._get_facts_obstacle() or penalty._get_same_obstacle()
            if obstacle:
                raise UserError(obstacle)
            penalty._write_unlocked(
                penalty._prepare_regulation_of(penalty.employee_id, penalty.rule_id)
            )
            if penalty.outcome in SANCTIONS:
                penalty._propose_with_fine()

    def write(self, vals):
        """Check a proposal that is changed as one that is entered: no second one, none without facts."""
        changed = vals.keys() - self._get_unlocked_fields()
        result = super().write(vals)
        for penalty in self.filtered(lambda row: row.found_by == "manager"):
            obstacle = "evidence_copy" in changed and penalty._get_facts_obstacle()
            if not obstacle and {"date", "employee_id", "rule_id"} & changed:
                obstacle = penalty._get_same_obstacle()
            if obstacle:
                raise UserError(obstacle)
        return result

    def _get_facts_obstacle(self):
        """:return: that nobody has said what happened, in the user's language; False when somebody has"""
        self.ensure_one()
        return not (self.evidence_copy or "").strip() and self.env._("Say what happened.")

    def _get_same_obstacle(self):
        """:return: that the case has been entered already, in the user's language; False when it has not"""
        self.ensure_one()
        return not self.evidence_id and bool(self._find_same()) and self._describe_filed()

    def _find_same(self):
        """Cases of the same day, rule and employee, which have no document to tell them apart.

        :rtype: aftersales.penalty
        """
        self.ensure_one()
        return self.search(
            [
                ("id", "!=", self.id),
                ("state", "!=", "cancelled"),
                ("company_id", "=", self.company_id.id),
                ("employee_id", "=", self.employee_id.id),
                # by code: the company's own rule and the shared one are the same case
                ("rule_id.code", "=", self.rule_id.code),
                ("date", "=", self.date),
            ],
            limit=1,
        )

    def _describe_filed(self):
        """:return: the message that the case has been entered already, in the user's language"""
        return self.env._(
            "The case has been entered for %(employee)s already: %(rule)s, %(day)s.",
            employee=self.employee_id.name,
            rule=self.rule_id.name,
            day=self._say_day(self.date),
        )

    def _propose_with_fine(self):
        """Propose the sanction that a fine brings along, e.g. the warning of an absence (三.9)."""
        self.ensure_one()
        sanction = self.env["aftersales.sanction"]._propose_sanction(
            self.employee_id,
            SANCTIONS[self.outcome],
            self.rule_id,
            self._get_evidence() or self,
            self.evidence_copy,
            self.company_id,
            date=self.date,
            found_by=self.found_by,
            evidence_copy=self.evidence_copy,
        )
        if not sanction:
            raise UserError(self._describe_filed())

    # === What was found === #

    @api.model
    def _get_start_values(self):
        # None: callers may give no default, because the terms are computed from the rule
        return {**super()._get_start_values(), **dict.fromkeys(FROZEN_TERMS)}

    @api.model
    def _get_protected_fields(self):
        return super()._get_protected_fields() | FROZEN_TERMS

    def _is_fixed(self):
        # a warning that came with the fine would stay that of the former person, rule or day
        return super()._is_fixed() or self.outcome in SANCTIONS

    def _get_found_fields(self):
        return super()._get_found_fields() | {"amount"}

    @api.ondelete(at_uninstall=False)
    def _unlink_except_found(self):
        for penalty in self:
            if penalty.found_by != "manager":
                raise UserError(
                    self.env._(
                        "%s was found, not entered: cancel it with the reason.",
                        penalty.display_name,
                    )
                )

    def _get_evidence(self):
        """:return: the document of the case; empty when there is none, it was deleted, or the user may not read it"""
        self.ensure_one()
        if not self.evidence_id or self.evidence_model not in self.env:
            return self.browse()
        document = self.env[self.evidence_model].browse(self.evidence_id)
        if not document.has_access("read"):
            return self.browse()
        return document.exists()

    def action_open_evidence(self):
        """Open the document in which the case was found.

        :raises UserError: when there is none that the user may read
        """
        self.ensure_one()
        self.check_access("read")
        document = self._get_evidence()
        if not document:
            raise UserError(
                self.env._("The document behind %s is not there for you.", self.display_name)
            )
        return document.get_formview_action()
