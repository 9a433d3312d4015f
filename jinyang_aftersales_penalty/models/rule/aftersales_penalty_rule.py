from dataclasses import dataclass, replace
from datetime import date, timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError

from odoo.addons.jinyang_aftersales.groups import DIRECTORS

from .values import DAMAGE, FINES, FIXED, LEAST, MEETING, OUTCOMES, TERMS


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

    def holds_on(self, day):
        """:return: whether the terms hold for a case of this day"""
        return self.first <= day and (self.last is None or day <= self.last)


class AftersalesPenaltyRule(models.Model):
    """A case of the regulation and its penalty (三, 七); managers set amounts and switch rules on and off.

    A rule holds for cases from ``date_from`` on, a change of it for cases from the day of the change on. The former
    terms are kept in ``change_ids``.
    """

    _name = "aftersales.penalty.rule"
    _description = "Penalty Rule"
    _inherit = "aftersales.guard.mixin"
    _order = "sequence, code"

    code = fields.Char(required=True)
    family = fields.Char(
        required=True,
        help="Rules of one family punish the same case: one evidence gives one penalty among them.",
    )
    name = fields.Char(string="Penalty Rule", required=True, translate=True)
    clause = fields.Char(required=True, help="Where it stands in the regulation.")
    clause_ids = fields.Many2many(
        comodel_name="aftersales.regulation.clause",
        relation="aftersales_penalty_rule_clause_rel",
        column1="rule_id",
        column2="clause_id",
        string="Clauses of the Versions",
        help="The rule holds while a released version with one of these clauses is in force.",
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        comodel_name="res.company",
        index=True,
        copy=False,
        default=lambda self: self._acts_on_strangers() and self.env.company,
        help="Empty: for all companies. A company's own rule holds instead of the one of all with its code.",
    )
    currency_id = fields.Many2one(comodel_name="res.currency", compute="_compute_currency_id")
    outcome = fields.Selection(selection=OUTCOMES, required=True, default="fine")
    amount = fields.Monetary(help="What a case costs; the manager may decide within the range.")
    amount_min = fields.Monetary(string="At Least")
    amount_max = fields.Monetary(
        string="At Most",
        help="The highest fine of the rule, set by the director; without one the rule takes no money. A damage above it"
        " is confirmed by the director.",
    )
    found_by = fields.Selection(
        selection=[
            ("scheduled", "Daily Search"),
            ("event", "At Once"),
            ("manager", "Manager"),
        ],
        required=True,
        default="manager",
    )
    grace_days = fields.Integer(
        string="Grace",
        help="Working days after the deadline during which nothing is proposed.",
    )
    date_from = fields.Date(
        string="For Cases From",
        required=True,
        copy=False,
        default=lambda self: self.env.company._aftersales_today(),
        help="Older cases are not punished: a rule does not reach back before the day it was introduced.",
    )
    change_ids = fields.One2many(
        comodel_name="aftersales.penalty.rule.change",
        inverse_name="rule_id",
        string="Former Terms",
        readonly=True,
        copy=False,
    )
    to_fund = fields.Boolean(
        string="Into the Fund",
        default=True,
        help="Fines taken go to the fund of the department (七.8); damages do not.",
    )

    _code_once = models.UniqueIndex(
        "(code, COALESCE(company_id, 0))", "There is already a rule with this code."
    )
    _amounts_positive = models.Constraint(
        "CHECK(amount >= 0 AND amount_min >= 0 AND amount_max >= 0 AND grace_days >= 0)",
        "Amounts and days of grace are not negative.",
    )

    @api.depends("company_id")
    def _compute_currency_id(self):
        for rule in self:
            rule.currency_id = (rule.company_id or self.env.company).currency_id

    @api.constrains("amount", "amount_min", "amount_max", "outcome")
    def _check_amounts(self):
        for rule in self:
            if rule.amount_max and not rule.amount_min <= rule.amount <= rule.amount_max:
                raise ValidationError(
                    self.env._("The amount of %s lies outside of its range.", rule.name)
                )
            if rule.outcome in FIXED and rule.amount < LEAST:
                raise ValidationError(self.env._("%s: a fine is at least 1.00.", rule.name))

    @api.constrains("code", "family")
    def _check_family(self):
        """A company's own rule has the family of the shared rule with its code: one penalty for each case of both."""
        for rule in self:
            # sudo: a shared rule is compared with those of all companies, also of other users' companies
            same = self.sudo().with_context(active_test=False).search([("code", "=", rule.code)])
            wrong = same.filtered(
                lambda row, rule=rule: row.family != rule.family
                and not (row.company_id and rule.company_id)
            )
            if wrong:
                raise ValidationError(
                    self.env._(
                        "Rules with the code %(code)s belong to the family %(family)s.",
                        code=rule.code,
                        family=wrong[0].family,
                    )
                )

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        rules = super().create(vals_list)
        rules._check_shared()
        for rule in rules.filtered("amount_max"):
            rule._check_limit(rule.amount_max, rule._get_known_limit())
        rules._check_begin()
        rules._link_clauses()
        return rules

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        given = default or {}
        if "code" in given and "amount_max" not in given and not self.env.user.has_group(DIRECTORS):
            # another rule, whose highest amount the director has not set
            vals_list = [{**vals, "amount_max": 0} for vals in vals_list]
        return vals_list

    def _get_known_limit(self):
        """:return: the limit of the shared rule, which a company's own rule of its code may keep
        :rtype: float
        """
        self.ensure_one()
        # sudo: only the limit is compared
        rules = self.sudo().with_context(active_test=False)
        shared = [("code", "=", self.code), ("company_id", "=", False), ("id", "!=", self.id)]
        return rules.search(shared, limit=1).amount_max

    def _check_limit(self, limit, known):
        """The highest fine of a rule is set by the director.

        :param float limit: the new limit
        :param float known: a limit that the director has set already
        :raises AccessError: for everybody else
        """
        if self.env.su or self.env.user.has_group(DIRECTORS) or known and limit == known:
            return
        raise AccessError(
            self.env._("The service director sets the highest amount of %s.", self[:1].name)
        )

    def _check_begin(self):
        """:raises ValidationError: when a new rule holds for days before it was created"""
        if self.env.su:
            return
        for rule in self:
            if rule.date_from < rule._get_today():
                raise ValidationError(
                    self.env._(
                        "%(rule)s does not reach back before %(day)s.",
                        rule=rule.name,
                        day=self._say_day(rule._get_today()),
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_shared(self):
        self._check_shared()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_instead(self):
        self._check_instead()

    def _check_instead(self):
        """:raises ValidationError: if the shared rule would hold for past days on which the company's own rule held"""
        for rule in self.filtered("company_id"):
            # sudo: only the existence of a shared rule is checked
            rules = self.sudo().with_context(active_test=False)
            shared = [("code", "=", rule.code), ("company_id", "=", False)]
            if rule.date_from < rule._get_today() and rules.search_count(shared, limit=1):
                raise ValidationError(
                    self.env._(
                        "%s has held instead of the rule of all companies: switch it off, or give it the same terms.",
                        rule.name,
                    )
                )

    @api.model
    def _acts_on_strangers(self):
        """:return: whether shared rules hold for companies the user has no access to"""
        if self.env.su:
            return False
        # sudo: only the existence of further companies is checked
        foreign = [("id", "not in", self.env.user.company_ids.ids)]
        return bool(self.env["res.company"].sudo().search_count(foreign, limit=1))

    def _check_shared(self):
        """:raises AccessError: when a rule holds for employees of companies the user has no access to"""
        shared = self.filtered(lambda rule: not rule.company_id)
        if shared and self._acts_on_strangers():
            raise AccessError(
                self.env._(
                    "%s holds for other companies, too: make a rule of your own company with its code.",
                    shared[0].name,
                )
            )

    def write(self, vals):
        self._check_shared()
        self._check_kept(vals)
        if "clause_ids" in vals and not (self.env.su or self.env.user.has_group(DIRECTORS)):
            raise AccessError(
                self.env._(
                    "The service director says by which clauses of the regulation a rule holds."
                )
            )
        for rule in self:
            if vals.get("amount_max", rule.amount_max) != rule.amount_max:
                rule._check_limit(vals["amount_max"], rule._get_known_limit())
        if set(TERMS) & vals.keys():
            self._remember_terms(vals)
        return super().write(vals)

    def _check_kept(self, vals):
        """:raises ValidationError: for an earlier first day, and for changes of the fields by which cases are found"""
        begin = fields.Date.to_date(vals.get("date_from"))
        for rule in self:
            if begin and begin < rule.date_from:
                raise ValidationError(
                    self.env._(
                        "%(rule)s does not reach back before %(day)s.",
                        rule=rule.name,
                        day=self._say_day(rule.date_from),
                    )
                )
            if begin and begin > rule.date_from:
                rule._check_instead()
            fixed = {"code": rule.code, "family": rule.family, "company_id": rule.company_id.id}
            if any((vals.get(name, kept) or False) != kept for name, kept in fixed.items()):
                raise ValidationError(
                    self.env._(
                        "Code, family and company of %s are fixed: cases are found by them.",
                        rule.name,
                    )
                )

    def _remember_terms(self, vals):
        """Keep the terms that hold until yesterday: cases of earlier days are judged by them."""
        rows = []
        for rule in self:
            if all(vals.get(name, rule[name]) == rule[name] for name in TERMS):
                continue
            last = rule._get_today() - timedelta(days=1)
            known = max(rule.sudo().change_ids.mapped("date_to"), default=None)
            if last < rule.date_from or (known and known >= last):
                # the rule begins today, or was changed today already
                continue
            rows.append(
                {
                    "rule_id": rule.id,
                    "date_to": last,
                    "is_on": rule.active,
                    **{name: rule[name] for name in TERMS if name != "active"},
                }
            )
        # sudo: no user may create these rows; the right to write the rule was checked
        self.env["aftersales.penalty.rule.change"].sudo().create(rows)

    def _get_today(self):
        self.ensure_one()
        return (self.company_id or self.env.company)._aftersales_today()

    # === Which terms hold === #

    def _get_numbers(self):
        """:return: the numbers of the clauses that the rule names
        :rtype: list[str]
        """
        self.ensure_one()
        return [number.strip() for number in (self.clause or "").split(",")]

    def _link_clauses(self):
        """Link new rules with the clauses they name, of all versions."""
        # sudo: a rule of all companies names clauses of each of them
        clauses = self.env["aftersales.regulation.clause"].sudo()
        for rule in self.sudo().filtered(lambda rule: not rule.clause_ids):
            domain = [("number", "in", rule._get_numbers())]
            if rule.company_id:
                domain.append(("company_id", "=", rule.company_id.id))
            rule.clause_ids = clauses.search(domain)

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
