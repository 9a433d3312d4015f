from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError

from odoo.addons.jinyang_aftersales.groups import DIRECTORS

from .values import FIXED, LEAST, OUTCOMES, TERMS


class AftersalesPenaltyRule(models.Model):
    """A case of the regulation and its penalty (三, 七); managers set amounts and switch rules on and off.

    A rule holds for cases from ``date_from`` on, a change of it for cases from the day of the change on. The former
    terms are kept in ``change_ids``; which of them hold on a day is in ``terms.py``.
    """

    _name = "aftersales.penalty.rule"
    _description = "Penalty Rule"
    _inherit = ["aftersales.guard.mixin", "aftersales.search.mixin"]
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

    # === Clauses === #

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
