from dataclasses import dataclass, replace
from datetime import date, timedelta

from odoo import api, models

from .values import DAMAGE, FINES, FIXED, LEAST, MEETING


@dataclass(frozen=True)
class Terms:
    """Terms of a rule in a period, first and last day included.

    ``rule``   aftersales.penalty.rule
    ``first``  first day, ``last``: last day or None
    ``clauses``  those of the rule in the version of the regulation in force; without one the rule does not hold
    others     values of the rule's fields of these names in that period
    """

    rule: models.Model
    first: date
    last: date | None
    active: bool
    outcome: str
    amount: float
    amount_min: float
    amount_max: float
    grace_days: int
    to_fund: bool
    clauses: models.Model | None = None

    @property
    def clause(self):
        """Numbers of the clauses, as the version in force numbers them."""
        # sudo: users whose action is a case may not read the regulation's rows; only the numbers are told
        return ", ".join(self.clauses.sudo().mapped("number"))

    def holds_on(self, day):
        """:return: whether the terms hold for a case of this day"""
        return self.first <= day and (self.last is None or day <= self.last)


class AftersalesPenaltyRule(models.Model):
    """Which terms of a rule hold on a day, and what they say about the amount of a case."""

    _inherit = "aftersales.penalty.rule"

    @api.model
    def _get_all_terms(self, code, company):
        """Terms over time: those of the company's own rule from its first day on, before that the shared ones.

        :param str code: code of the rule
        :param company: res.company
        :return: consecutive terms, including periods in which the rule was switched off
        :rtype: list[Terms]
        """
        # sudo: users whose action is a case may not read rules
        rules = self.sudo().with_context(active_test=False)
        found = rules.search([("code", "=", code), ("company_id", "in", (company.id, False))])
        own = found.filtered("company_id")
        terms = []
        for rule in (found - own) + own:
            end = own.date_from - timedelta(days=1) if own and rule != own else None
            terms += rule._split_terms(end)
        periods = self.env["aftersales.regulation"]._get_periods(company)
        return [part for row in terms for part in self._cut(row, periods)]

    @api.model
    def _cut(self, terms, periods):
        """Cut terms by the versions of the regulation: they hold only where one with a clause of the rule is in force.

        :param Terms terms: terms of a rule in a period
        :param list periods: periods of the versions, see the regulation
        :return: consecutive terms of the same period
        :rtype: list[Terms]
        """
        parts, first = [], terms.first
        for period in periods:
            begin = max(first, period.first)
            end = min(filter(None, (terms.last, period.last)), default=None)
            if end and begin > end:
                continue
            if begin > first:
                last = begin - timedelta(days=1)
                parts.append(replace(terms, first=first, last=last, active=False))
            clauses = terms.rule.clause_ids & period.version.clause_ids
            active = terms.active and bool(clauses)
            parts.append(replace(terms, first=begin, last=end, active=active, clauses=clauses))
            if end is None or end == terms.last:
                return parts
            first = end + timedelta(days=1)
        return [*parts, replace(terms, first=first, active=False)]

    def _split_terms(self, end):
        """:return: the terms of a rule up to ``end``, in the order of their days"""
        self.ensure_one()
        terms, first = [], self.date_from
        for row in [*self.change_ids.sorted("date_to"), self]:
            present = row._name == self._name
            # a limit that was set later than the rule began holds for its older cases, too
            limit = row.amount_max or self.amount_max
            on = row.active if present else row.is_on
            if row.outcome in FIXED and row.amount > limit:
                on = False
            last = None if present else row.date_to
            if end and (last is None or last > end):
                last = end
            if last is not None and first > last:
                continue
            terms.append(
                Terms(
                    rule=self,
                    first=first,
                    last=last,
                    active=on,
                    outcome=row.outcome,
                    amount=row.amount,
                    amount_min=row.amount_min,
                    amount_max=limit,
                    grace_days=row.grace_days,
                    to_fund=row.to_fund,
                )
            )
            first = last and last + timedelta(days=1)
        return terms

    @api.model
    def _get_terms(self, code, company, day):
        """Terms that hold for a case of a day.

        :param str code: code of the rule
        :param company: res.company
        :param datetime.date day: the day of the case
        :return: the terms; None when the rule is switched off, or did not exist on that day
        :rtype: Terms | None
        """
        for terms in self._get_all_terms(code, company):
            if terms.holds_on(day):
                return terms if terms.active else None
        return None

    @api.model
    def _get_begin(self, family, company):
        """The day from which cases of a family count, e.g. as the first one of several.

        It is the earliest day on which any rule of the family held in the company, so that neither a copy of the rule
        nor a change of its terms moves it.

        :param str family: family of the rules
        :param company: res.company
        :return: that day, None when no rule of the family has ever held
        :rtype: datetime.date | None
        """
        # sudo: users whose action is a case may not read rules
        rules = self.sudo().with_context(active_test=False)
        found = rules.search([("family", "=", family), ("company_id", "in", (company.id, False))])
        days = (
            terms.first
            for code in set(found.mapped("code"))
            for terms in self._get_all_terms(code, company)
            if terms.active
        )
        return min(days, default=None)

    def _describe_off(self, day, employee=None):
        """:return: the message that the rule does not hold on a day, or not for an employee, in the user's language"""
        self.ensure_one()
        if employee:
            return self.env._(
                "%(rule)s does not hold for %(employee)s on %(day)s: it is off, or the regulation in force is not for"
                " their department.",
                rule=self.name,
                # sudo: only the name, for managers who may not read employees
                employee=employee.sudo().name,
                day=self._say_day(day),
            )
        return self.env._(
            "%(rule)s is switched off, or was not in force on %(day)s: no released regulation has its clause.",
            rule=self.name,
            day=self._say_day(day),
        )

    def _get_entry_obstacle(self, company, day, amount, proof, fines=True):
        """Why a case cannot be entered with these values, in the user's language.

        :param company: res.company
        :param datetime.date day: the day of the case
        :param float amount: the fine or the loss
        :param proof: scan or picture, may be empty
        :param bool fines: whether the case takes money
        :rtype: str | bool
        """
        self.ensure_one()
        if self.found_by != "manager" and self.family != MEETING:
            return self.env._("%s is found by the product.", self.name)
        if day > company._aftersales_today():
            return self.env._("The case cannot lie in the future.")
        if fines and self._is_fine() and self.code != DAMAGE and not self.amount_max:
            return self.env._(
                "The service director sets the highest amount of %s before its first fine.",
                self.name,
            )
        terms = self._get_terms(self.code, company, day)
        if not terms:
            return self._describe_off(day)
        if self.code == DAMAGE and not (amount > 0 and proof):
            return self.env._("Enter the loss, and attach what proves it.")
        return fines and self._get_amount_obstacle(terms, amount)

    def _get_amount_obstacle(self, terms, amount):
        """Why an amount does not agree with the regulation, in the user's language.

        :param Terms terms: terms of the rule on the day of the case
        :param float amount: the fine or the loss
        :rtype: str | bool
        """
        if amount < LEAST:
            return self.env._("Enter the amount of the fine: it is at least 1.00.")
        if self.code == DAMAGE:
            # the loss itself; the director confirms what lies above the limit
            return False
        if terms.outcome in FIXED:
            if self.currency_id.compare_amounts(amount, terms.amount):
                return self.env._(
                    "The regulation (%(clause)s) asks for %(amount)s.",
                    clause=self.clause,
                    amount=self._say_amount(terms.amount, self.currency_id),
                )
            return False
        if amount < terms.amount_min or amount > terms.amount_max:
            return self.env._(
                "The regulation (%(clause)s) asks for %(low)s to %(high)s.",
                clause=self.clause,
                low=self._say_amount(max(terms.amount_min, LEAST), self.currency_id),
                high=self._say_amount(terms.amount_max, self.currency_id),
            )
        return False

    def _is_fine(self):
        """:return: whether the rule takes money"""
        return self.outcome in FINES
