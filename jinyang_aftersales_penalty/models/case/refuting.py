from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..rule.values import FIXED, SANCTIONS
from .aftersales_penalty import DECIDE_ACTIVITY, FROZEN_TERMS

OPEN = ("proposed", "notified", "objected")
DONE = ("confirmed", "deducted")


class AftersalesPenalty(models.Model):
    """Taking back penalties whose case turned out to be wrong, or to be that of another person or rule."""

    _inherit = "aftersales.penalty"

    @api.model
    def _get_of_evidence(self, evidence, family):
        """Penalties of a case, in any state.

        :param evidence: the record in which the case was found, of any model
        :param str family: family of the rules
        :return: penalties, privileged
        """
        # sudo: users who change the document may have no right on penalties
        return self.sudo().search(
            [
                ("company_id", "=", evidence.company_id.id),
                ("family", "=", family),
                ("evidence_model", "=", evidence._name),
                ("evidence_id", "=", evidence.id),
            ]
        )

    def _refute(self, reason):
        """Take penalties back: cancel those nobody has decided about, ask the managers about the others.

        :param str reason: why the case is wrong
        """
        for penalty in self:
            if penalty.state in OPEN:
                penalty._decide("action_cancel", reason)
            elif penalty.state in DONE:
                penalty._tell_deciding(reason)

    def _settle_by_holiday(self, last):
        """Withdraw a proposal that is in time with the holidays entered later; managers decide where it was told.

        :param datetime.date last: the last day in time
        """
        self.ensure_one()
        note = self.env._(
            "Public holidays were entered later: the last day in time is %s.", self._say_day(last)
        )
        if self.state == "proposed":
            self._decide("action_cancel", note)
            self._write_unlocked({"is_withdrawn": True})
        else:
            self._tell_deciding(note)

    # === Wrong person, wrong rule === #

    def action_wrong_person(self, employee_id, reason):
        """Cancel an undecided case that concerns another employee, and propose it for that one.

        :param int employee_id: id of the hr.employee whom it does concern
        :param str reason: why
        :return: the action that shows the case proposed instead
        :raises AccessError: for users who are no managers
        :raises UserError: for a decided case, without a reason, or when the employee cannot be charged
        """
        self.ensure_one()
        self._check_manager()
        employee = self.env["hr.employee"].browse(employee_id)
        obstacle = self._get_person_obstacle(employee)
        if obstacle:
            raise UserError(obstacle)
        kept = {name: self[name] for name in (*FROZEN_TERMS, "amount")}
        told = self._prepare_regulation_of(employee, self.rule_id)
        return self._replace("wrong_person", reason, employee_id=employee.id, **kept, **told)

    def action_wrong_rule(self, rule_id, reason):
        """Cancel an undecided case that is one of another rule, and propose it under that rule.

        :param int rule_id: id of the aftersales.penalty.rule
        :param str reason: why
        :return: the action that shows the case proposed instead
        :raises AccessError: for users who are no managers
        :raises UserError: for a decided case, without a reason, or when the rule names no amount for that day
        """
        self.ensure_one()
        self._check_manager()
        rules = self.env["aftersales.penalty.rule"]
        rule = rules.browse(rule_id).exists()
        if not rule or rule.code == self.rule_id.code:
            raise UserError(self.env._("Choose the rule under which the case does fall."))
        terms = rules._get_terms(rule.code, self.company_id, self.date)
        if not terms or terms.outcome not in FIXED:
            raise UserError(
                self.env._(
                    "%(rule)s names no fine for %(day)s: cancel the case, and enter one by hand if it is one.",
                    rule=rule.name,
                    day=self._say_day(self.date),
                )
            )
        told = self._prepare_regulation_of(self.employee_id, rule)
        return self._replace("wrong_rule", reason, **self._prepare_terms(terms), **told)

    def _replace(self, mistake, reason, **vals):
        """Cancel the case and propose the right one; the wrong one keeps its place, so that it is not found again.

        :param str mistake: ``wrong_person`` or ``wrong_rule``
        :param str reason: why
        :param vals: values of the right case that are different
        """
        self._decide("action_cancel", reason, {"mistake": mistake})
        scan = self._get_file("scan")
        values = self._prepare_instead(**vals, scan=scan, scan_name=self.scan_name)
        self._end_sanctions(reason)
        right = self._propose_instead(values)
        if right.outcome in SANCTIONS:
            right._propose_with_fine()
        return right.get_formview_action()

    def _end_sanctions(self, reason):
        """Withdraw the proposed sanctions that came with the fine of a cancelled case; ask about decided ones.

        :param str reason: why the case was cancelled
        """
        for penalty in self.filtered(lambda penalty: penalty.outcome in SANCTIONS):
            evidence = Domain("evidence_model", "=", penalty._name) & Domain(
                "evidence_id", "=", penalty.id
            )
            if penalty.evidence_id:
                evidence |= Domain("evidence_model", "=", penalty.evidence_model) & Domain(
                    "evidence_id", "=", penalty.evidence_id
                )
            # sudo: they end with the case, whoever may decide about them
            sanctions = self.env["aftersales.sanction"].sudo()
            found = sanctions.search(
                evidence
                & Domain("employee_id", "=", penalty.employee_id.id)
                & Domain("kind", "=", SANCTIONS[penalty.outcome])
                & Domain("state", "in", ("proposed", "decided", "handed"))
            )
            proposed = found.filtered(lambda row: row.state == "proposed")
            proposed._withdraw(reason)
            (found - proposed)._tell_directors(reason)

    def _tell_deciding(self, note):
        """Give the managers who may decide an activity.

        :param note: text of the activity, or a function of the penalty that makes it in the reader's language
        """
        for penalty in self:
            penalty._notify_users(penalty._get_deciding_users(), DECIDE_ACTIVITY, note=note)

    @api.model
    def _close_exceptions(self, evidence, family, reason):
        """Close cases without an employee that turned out to be wrong.

        :param evidence: the record in which the case was found, of any model
        :param str family: family of the rules
        :param str reason: why the case is wrong
        """
        # sudo: users who change the document may have no right on penalties
        cases = (
            self.env["aftersales.penalty.exception"]
            .sudo()
            .search(
                [
                    ("company_id", "=", evidence.company_id.id),
                    ("family", "=", family),
                    ("evidence_model", "=", evidence._name),
                    ("evidence_id", "=", evidence.id),
                    ("state", "in", ("open", "waiting")),
                ]
            )
        )
        waiting = cases.filtered(lambda case: case.state == "waiting")
        waiting._drop_waiting(reason)
        for case in cases - waiting:
            case._settle("closed", reason=reason)
