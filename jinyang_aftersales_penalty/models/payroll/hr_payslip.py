from contextlib import contextmanager

from odoo import api, fields, models

from odoo.addons.jinyang_aftersales.models.shared.keys import DELETION

# code of the salary rule, of its input and of its payslip line
CODE = "AFTERSALES_PENALTY"
GROSS = "GROSS"


class HrPayslip(models.Model):
    """Payslips take the fines confirmed by the end of their period, as far as the law allows (七.7)."""

    _name = "hr.payslip"
    _inherit = ["aftersales.guard.mixin", "hr.payslip"]

    deduction_ids = fields.One2many(
        comodel_name="aftersales.penalty.deduction",
        inverse_name="payslip_id",
        string="Penalties",
        readonly=True,
        copy=False,
    )
    penalty_currency_id = fields.Many2one(
        comodel_name="res.currency", compute="_compute_penalty_amounts", compute_sudo=True
    )
    penalty_amount = fields.Monetary(
        string="Penalties Deducted",
        currency_field="penalty_currency_id",
        compute="_compute_penalty_amounts",
        compute_sudo=True,
    )
    penalty_open = fields.Monetary(
        string="Penalties Carried Over",
        currency_field="penalty_currency_id",
        compute="_compute_penalty_amounts",
        compute_sudo=True,
        help="Confirmed by the end of the period, and not taken by this payslip.",
    )
    penalty_returned = fields.Monetary(
        string="Penalties Returned",
        currency_field="penalty_currency_id",
        compute="_compute_penalty_amounts",
        compute_sudo=True,
    )
    penalty_warning = fields.Char(compute="_compute_penalty_warning")

    # === Compute === #

    @api.depends("line_ids.total", "deduction_ids.amount", "state", "employee_id", "date_to")
    def _compute_penalty_amounts(self):
        for slip in self._reading():
            slip.penalty_currency_id = slip._get_penalty_company().currency_id
            slip.penalty_returned = slip._get_penalty_back()
            slip.penalty_amount = slip._get_penalty_line_amount() + slip.penalty_returned
            slip.penalty_open = 0.0
            if slip.state != "cancel" and not slip.credit_note and slip.employee_id:
                due = sum(slip._get_open_penalties().mapped("amount_open"))
                taken = 0.0 if slip.state == "done" else slip.penalty_amount
                slip.penalty_open = max(due - taken, 0.0)

    @api.depends("penalty_open", "line_ids", "state")
    @api.depends_context("lang")
    def _compute_penalty_warning(self):
        for slip in self:
            slip.penalty_warning = False
            if not slip.penalty_open or slip.state not in ("verify", "done"):
                continue
            codes = set(slip.line_ids.mapped("code"))
            if CODE not in codes:
                slip.penalty_warning = self.env._(
                    "The salary structure has no rule %s: no penalty is deducted.", CODE
                )
            elif slip._get_gross_wage() <= 0:
                slip.penalty_warning = self.env._(
                    "The payslip has no gross wage (category %s): no penalty is deducted.", GROSS
                )
            else:
                slip.penalty_warning = self.env._(
                    "The legal limit is reached: the rest is carried over to the next payslip."
                )

    def _get_penalty_company(self):
        self.ensure_one()
        return self.company_id or self.employee_id.company_id or self.env.company

    def _get_open_penalties(self):
        """Penalties of the employee that this payslip may take, the oldest first.

        :rtype: aftersales.penalty, privileged
        """
        self.ensure_one()
        return self._get_candidates()._filter_open(self._get_penalty_company(), self.date_to)

    def _get_penalties_to_return(self):
        """Penalties of the employee that this payslip has to give back, in whole or in part.

        :rtype: aftersales.penalty, privileged
        """
        self.ensure_one()
        return self._get_candidates()._filter_to_return(self._get_penalty_company())

    def _get_penalty_back(self):
        """Amount that this payslip gives back, booked when it is done, else as things are now.

        :rtype: float
        """
        if self.credit_note or not self._get_penalty_lines():
            return 0.0
        if self.state == "done":
            rows = self.deduction_ids.filtered(lambda row: row.source == "return")
            return -sum(rows.mapped("amount")) or 0.0
        return sum(self._get_penalties_to_return().mapped("amount_to_return"))

    def _get_penalty_balance(self):
        """:return: what the input of penalties shows: open amounts, less those to be returned"""
        self.ensure_one()
        return self._get_candidates()._sum_balance(self._get_penalty_company(), self.date_to)

    def _get_penalty_lines(self):
        self.ensure_one()
        return self.line_ids.filtered(lambda line: line.code == CODE)

    def _get_penalty_line_amount(self):
        """Amount that the computed lines take, as a positive number; negative when they give more back.

        :rtype: float
        """
        return -sum(self._get_penalty_lines().mapped("total")) or 0.0

    def _get_gross_wage(self):
        """Gross wage of the payslip.

        With several contracts, lines of the later ones may include the earlier ones, depending on the structure.
        The largest line is therefore used, which never exceeds the real sum.

        :rtype: float
        """
        self.ensure_one()
        lines = self.line_ids.filtered(lambda line: line.category_id.code == GROSS)
        return max(lines.mapped("total"), default=0.0)

    # === Computing === #

    @api.model
    def get_inputs(self, contracts, date_from, date_to):
        """Add one input with the sum of the fines, independent of the number of contracts and fines.

        :param contracts: hr.version records of the period
        :param datetime.date date_from: begin of the period
        :param datetime.date date_to: end of the period
        :return: values of hr.payslip.input
        :rtype: list[dict]
        """
        result, ours = [], None
        for vals in super().get_inputs(contracts, date_from, date_to):
            if vals.get("code") != CODE:
                result.append(vals)
            elif not ours:
                ours = vals
        employee = self.employee_id or contracts.employee_id[:1]
        date_to = fields.Date.to_date(date_to)
        if ours and employee and date_to:
            company = self.company_id or employee.company_id
            penalties = self.env["aftersales.penalty"]._get_candidates(employee)
            ours["amount"] = penalties._sum_balance(company, date_to)
            result.append(ours)
        return result

    @api.onchange("struct_id")
    def onchange_struct_id(self):
        """Replace the inputs by those of the new structure, the input of penalties included; not on done payslips."""
        slips = self.filtered(lambda slip: slip.state != "done")
        with slips._computing() as computing:
            return super(HrPayslip, computing).onchange_struct_id()

    def compute_sheet(self):
        """Compute payslips; done ones become drafts first, which takes their bookings back."""
        self.filtered(lambda slip: slip.state == "done").write({"state": "draft"})
        with self._reading()._computing() as slips:
            slips._refresh_penalty_input()
            return super(HrPayslip, slips).compute_sheet()

    def action_payslip_done(self):
        """Confirm payslips, which take or give back penalties; what their computation reads is kept for it."""
        return super(HrPayslip, self._reading()).action_payslip_done()

    @contextmanager
    def _computing(self):
        """Context manager: within it Odoo may write and delete the lines and inputs of penalties.

        :return: the payslips with the key of the guard
        """
        with (
            self._lend_key("hr.payslip.line", ["code", DELETION]) as slips,
            slips._lend_key("hr.payslip.input", ["code", DELETION]) as computing,
        ):
            yield computing

    def _refresh_penalty_input(self):
        """Set the input of penalties to the amount that is open now, and remove duplicates of it."""
        for slip in self:
            lines = slip.input_line_ids.filtered(lambda line: line.code == CODE)
            rule_input = slip._get_salary_rules().input_ids.filtered(lambda row: row.code == CODE)
            contract = slip._get_employee_contracts()[:1]
            if slip.credit_note or not rule_input or not contract:
                lines.unlink()
                continue
            vals = {
                "amount": slip._get_penalty_balance(),
                "contract_id": contract.id,
            }
            lines[1:].unlink()
            if lines:
                lines[:1].write(vals)
            else:
                lines.create(
                    {
                        **vals,
                        "payslip_id": slip.id,
                        "code": CODE,
                        "name": rule_input[:1].name,
                    }
                )

    def _take_penalties(self, categories, payroll):
        """Amount of the salary rule; called by its Python code, once for each contract of the payslip.

        :param categories: sums by category computed so far
        :param payroll: values of this computation, where the amount already taken is kept
        :return: negative when it takes something, positive when it gives more back
        :rtype: float
        """
        self.ensure_one()
        first = not payroll.aftersales_asked
        payroll.aftersales_asked = True
        if self.credit_note:
            return -self._get_refundable() if first else 0.0
        back = sum(self._get_penalties_to_return().mapped("amount_to_return")) if first else 0.0
        taken = payroll.aftersales_taken or 0.0
        # GROSS of a later contract may include the earlier ones: the largest increase never exceeds the real sum
        seen = payroll.aftersales_gross_seen or 0.0
        sum_now = categories.GROSS or 0.0
        gross = max(payroll.aftersales_gross or 0.0, sum_now - seen)
        payroll.aftersales_gross_seen, payroll.aftersales_gross = sum_now, gross
        due = sum(self._get_open_penalties().mapped("amount_open"))
        total = self._round_penalty(min(due, self._get_penalty_limit(gross)))
        step = max(total - taken, 0.0)
        payroll.aftersales_taken = taken + step
        return back - step
