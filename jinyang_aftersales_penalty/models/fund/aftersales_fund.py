from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.jinyang_aftersales.groups import DIRECTORS, MANAGERS
from odoo.addons.jinyang_aftersales.tools.files import (
    MAX_SCAN_BYTES,
    SentFile,
    clean_file_name,
    is_scan,
)

# totals of a fund: their sign, and the kinds of moves that they sum
TOTALS = {
    "balance": (1, ("income", "reversal", "spending")),
    "income": (1, ("income",)),
    "reversed_amount": (-1, ("reversal",)),
    "spent": (-1, ("spending",)),
}
COMPARED = {name: SQL(name) for name in ("<", ">", "<=", ">=")}


class AftersalesFund(models.Model):
    """The fund of a department, fed by its fines (七.8)."""

    _name = "aftersales.fund"
    _description = "Department Fund"
    _inherit = ["aftersales.guard.mixin", "aftersales.search.mixin"]
    _order = "company_id, id"
    _rec_names_search = ["department_id", "company_id"]
    _check_company_auto = True

    company_id = fields.Many2one(
        comodel_name="res.company", required=True, default=lambda self: self.env.company, index=True
    )
    department_id = fields.Many2one(
        comodel_name="hr.department", check_company=True, ondelete="restrict"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    move_ids = fields.One2many(comodel_name="aftersales.fund.move", inverse_name="fund_id")
    balance = fields.Monetary(
        compute="_compute_totals", search="_search_balance", compute_sudo=True
    )
    income = fields.Monetary(compute="_compute_totals", search="_search_income", compute_sudo=True)
    reversed_amount = fields.Monetary(
        string="Reversals",
        compute="_compute_totals",
        search="_search_reversed_amount",
        compute_sudo=True,
    )
    spent = fields.Monetary(compute="_compute_totals", search="_search_spent", compute_sudo=True)
    # Counted up by each spending before it sums the moves: of two at once PostgreSQL refuses the later one, which Odoo
    # runs again with the balance that is left. Fines and reversals leave this row alone, so that payslips confirmed at
    # the same time do not wait for each other.
    spending_number = fields.Integer(readonly=True, copy=False)

    _one_per_department = models.UniqueIndex(
        "(company_id, COALESCE(department_id, 0))", "This department already has its fund."
    )

    @api.model
    def _get_own_domains(self, word, text):
        """Find funds by their department and company, whose names they show."""
        links = [self._fields[name] for name in ("department_id", "company_id")]
        return [
            domain
            for link in links
            for domain in self._get_link_domains(self.env[link.comodel_name], [link], word, text)
        ]

    @api.depends("department_id", "company_id")
    def _compute_display_name(self):
        for fund in self:
            fund.display_name = fund.department_id.name or fund.company_id.name

    @api.depends("move_ids.amount", "move_ids.kind")
    def _compute_totals(self):
        # summed by SQL, because a fund has moves of many years
        groups = self.env["aftersales.fund.move"]._read_group(
            [("fund_id", "in", self.ids)], ["fund_id", "kind"], ["amount:sum"]
        )
        sums = {(fund.id, kind): amount for fund, kind, amount in groups}
        for fund in self:
            income, back, spent = (
                sums.get((fund.id, kind), 0.0) for kind in ("income", "reversal", "spending")
            )
            fund.income = income
            fund.reversed_amount = -back
            fund.spent = -spent
            fund.balance = fund.currency_id.round(income + back + spent)

    def _search_balance(self, operator, value):
        return self._search_total("balance", operator, value)

    def _search_income(self, operator, value):
        return self._search_total("income", operator, value)

    def _search_reversed_amount(self, operator, value):
        return self._search_total("reversed_amount", operator, value)

    def _search_spent(self, operator, value):
        return self._search_total("spent", operator, value)

    @api.model
    def _search_total(self, name, operator, value):
        """:return: domain of funds by one of their totals, which the database sums"""
        if operator == "in":
            values = [amount or 0.0 for amount in value]
            return Domain.custom(
                to_sql=lambda model, alias, query: SQL(
                    "%s = ANY(%s::numeric[])", model._field_to_sql(alias, name, query), values
                )
            )
        if operator not in COMPARED:
            return NotImplemented
        return Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "%s %s %s", model._field_to_sql(alias, name, query), COMPARED[operator], value
            )
        )

    def _field_to_sql(self, alias, field_expr, query=None):
        if field_expr not in TOTALS:
            return super()._field_to_sql(alias, field_expr, query)
        # sudo: as the computed fields; the moves of a fund are summed for everybody who may read the fund
        moves = self.env["aftersales.fund.move"].sudo()
        sign, kinds = TOTALS[field_expr]
        return SQL(
            "(SELECT COALESCE(%s * sum(%s), 0) FROM %s AS moved WHERE %s = %s AND %s = ANY(%s))",
            sign,
            moves._field_to_sql("moved", "amount"),
            SQL.identifier(moves._table),
            moves._field_to_sql("moved", "fund_id"),
            SQL.identifier(alias, "id"),
            moves._field_to_sql("moved", "kind"),
            list(kinds),
        )

    def _check_locked_vals(self, vals):
        """Refuse totals, too, which are no stored fields: Odoo would drop them without a word."""
        self._refuse_totals([vals])
        return super()._check_locked_vals(vals)

    @api.model
    def _check_new_vals(self, vals_list, unlocked):
        self._refuse_totals(vals_list)
        return super()._check_new_vals(vals_list, unlocked)

    @api.model
    def _refuse_totals(self, vals_list):
        """:raises UserError: when values of totals are sent"""
        if named := TOTALS.keys() & set().union(*vals_list):
            self._refuse_fields(sorted(named))

    def write(self, vals):
        """Refuse another company or department for a fund with moves.

        :param dict vals: values
        :raises UserError: when the money would belong to another department
        """
        for fund in self:
            moved = any(
                name in vals and fund[name].id != vals[name]
                for name in ("company_id", "department_id")
            )
            if moved and fund.move_ids:
                raise UserError(
                    self.env._(
                        "%s has moves: it stays the fund of its department.", fund.display_name
                    )
                )
        return super().write(vals)

    @api.model
    def _get_fund(self, company, department):
        """The fund of a department; it is created by its first fine.

        :param company: res.company
        :param department: hr.department, may be empty
        :raises ConcurrencyError: when another transaction is creating it; Odoo retries the request
        """
        # sudo: payroll officers who confirm payslips have no right on funds
        return self.sudo()._create_once(
            {"company_id": company.id, "department_id": department.id}, {}
        )

    def action_spend(self, amount, purpose, receipt, receipt_name=False, date=False):
        """Spend from the fund, by the director.

        :param float amount: in the company's currency
        :param str purpose: use of the money
        :param bytes receipt: base64 of the receipt
        :param str receipt_name: its file name
        :param datetime.date date: day of the spending, today in the company's time zone by default
        :raises AccessError: for users who are no directors
        :raises UserError: for more than the balance, a day in the future, or without purpose, amount or receipt
        """
        self.ensure_one()
        self.check_access("read")
        if not self.env.user.has_group(DIRECTORS):
            raise AccessError(self.env._("The service director spends from the fund."))
        purpose = (purpose or "").strip()
        receipt_name = receipt_name and clean_file_name(receipt_name)
        today = self.company_id._aftersales_today()
        date = fields.Date.to_date(date) or today
        receipt = self._read_receipt(receipt)
        if date > today:
            raise UserError(self.env._("Nothing is spent in the future."))
        if self.currency_id.compare_amounts(amount, 0) <= 0 or not purpose:
            raise UserError(self.env._("Give an amount above zero and what it is for."))
        # sudo: directors have no right to write funds; the checks above allow this spending
        counted = self.sudo()
        counted._write_unlocked({"spending_number": self.spending_number + 1})
        # Written now: what another director spent at the same time is in no sum of this transaction.
        counted.flush_recordset(["spending_number"])
        if self.currency_id.compare_amounts(amount, self.balance) > 0:
            raise UserError(
                self.env._(
                    "The fund holds %(balance)s: %(amount)s cannot be spent.",
                    balance=self._say_amount(self.balance, self.currency_id),
                    amount=self._say_amount(amount, self.currency_id),
                )
            )
        # sudo: no user may create moves; this method checked group, amount and receipt
        return (
            self.env["aftersales.fund.move"]
            .sudo()
            ._create_unlocked(
                {
                    "fund_id": self.id,
                    "kind": "spending",
                    "amount": -self.currency_id.round(amount),
                    "purpose": purpose,
                    "receipt": receipt,
                    "receipt_name": receipt_name,
                    "date": date,
                }
            )
        )

    def _read_receipt(self, receipt):
        """:return: the checked receipt
        :raises UserError: when it is missing, too large, or neither a picture nor a PDF
        """
        if not receipt:
            raise UserError(self.env._("Attach the receipt: a move of the fund is never changed."))
        try:
            file = SentFile.from_base64(receipt)
        except ValueError:
            file = SentFile(b"")
        if not is_scan(file):
            raise UserError(
                self.env._(
                    "The receipt has to be a PDF, JPEG or PNG file of up to %s MB.",
                    MAX_SCAN_BYTES // 1024**2,
                )
            )
        return file


class AftersalesFundMove(models.Model):
    """One line of a fund's statement; it is never changed but corrected by another line."""

    _name = "aftersales.fund.move"
    _description = "Fund Move"
    _inherit = ["aftersales.ledger.mixin", "aftersales.file.mixin"]
    _order = "date desc, id desc"
    _scan_fields = ("receipt",)
    _allow_sudo_commands = False

    fund_id = fields.Many2one(
        comodel_name="aftersales.fund", required=True, ondelete="restrict", index=True
    )
    company_id = fields.Many2one(
        related="fund_id.company_id", store=True, precompute=True, index=True
    )
    currency_id = fields.Many2one(related="fund_id.currency_id")
    date = fields.Date(required=True)
    kind = fields.Selection(
        selection=[("income", "Fine"), ("reversal", "Reversal"), ("spending", "Spending")],
        required=True,
    )
    amount = fields.Monetary(required=True)
    purpose = fields.Char()
    receipt = fields.Binary(attachment=True)
    receipt_name = fields.Char()
    # for managers only: other readers of the statement must not learn whose fine it was
    penalty_id = fields.Many2one(
        comodel_name="aftersales.penalty",
        ondelete="restrict",
        index="btree_not_null",
        groups=MANAGERS,
    )

    _sign = models.Constraint(
        "CHECK((kind = 'income' AND amount > 0) OR (kind != 'income' AND amount < 0))",
        "Fines come in, reversals and spending go out.",
    )

    def _get_ledger_refusal(self):
        return self.env._("The fund is booked by payslips and by spending from it.")

    @api.model
    def _book(self, bookings, day):
        """Book fines into the funds of their departments, or returned ones out of them.

        :param list bookings: penalty and amount taken, negative when returned
        :param datetime.date day: day of the booking
        """
        funds, rows = {}, []
        for penalty, delta in bookings:
            if not penalty.to_fund or penalty.currency_id.is_zero(delta):
                continue
            key = penalty.company_id, penalty.department_id
            if key not in funds:
                funds[key] = self.env["aftersales.fund"]._get_fund(*key)
            rows.append(
                {
                    "fund_id": funds[key].id,
                    "kind": "income" if delta > 0 else "reversal",
                    "amount": delta,
                    "date": day,
                    "penalty_id": penalty.id,
                    "purpose": penalty.name,
                }
            )
        if rows:
            # sudo: payroll officers who confirm payslips have no right on funds
            self.sudo()._create_unlocked(rows)
