"""Random sequences of steps of payslips and penalties, whose amounts have to agree to the cent."""

from contextlib import contextmanager

from dateutil.relativedelta import relativedelta
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...models.payroll.hr_payslip import CODE
from .. import penalty_common
from ..penalty_common import RECEIPT

# a fine is at least 1.00
AMOUNTS = st.integers(100, 300_000).map(lambda cents: cents / 100)
PICK = st.integers(0, 10)
STATES = st.sampled_from(["draft", "verify", "done", "cancel"])


class Ledger(RuleBasedStateMachine):
    """Two employees of two departments, with any number of penalties and payslips, by a payroll officer.

    One of the employees has a second contract in each month. Steps may be refused, but must not lose a cent.
    """

    case = None

    def __init__(self):
        super().__init__()
        env = self.case.env
        self.point = env.cr.savepoint()
        self.penalties = env["aftersales.penalty"]
        self.slips = env["hr.payslip"].with_user(self.case.payroll)
        self.spent = {}

    def teardown(self):
        self.point.close(rollback=True)

    @contextmanager
    def maybe_refused(self):
        """Context manager of a step, which is rolled back when it is refused."""
        try:
            with mute_logger("odoo.sql_db"), self.case.env.cr.savepoint():
                yield
        except (UserError, IntegrityError):
            # refusals are allowed; the invariants below check the result
            self.case.env.invalidate_all()
        self.slips = self.slips.exists()

    def slip(self, number):
        return self.slips[number % len(self.slips)] if self.slips else self.slips

    # === Penalties === #

    @rule(amount=AMOUNTS, who=st.booleans(), code=st.sampled_from(["MISCONDUCT", "DAMAGE"]))
    def fine(self, amount, who, code):
        # the director also confirms damages above the limit of their rule
        penalty = self.case.make_penalty(
            amount, self.case.workers[who], code=code, by=self.case.director
        )
        self.penalties |= penalty.with_user(self.case.manager)

    @rule(number=PICK, step=st.sampled_from(["action_waive", "action_cancel"]))
    def let_off(self, number, step):
        if self.penalties:
            with self.maybe_refused():
                getattr(self.penalties[number % len(self.penalties)], step)("Hardship")

    @rule(
        number=PICK,
        field=st.sampled_from(["amount", "amount_open", "amount_deducted", "amount_waived"]),
    )
    def write_penalty(self, number, field):
        if self.penalties:
            penalty = self.penalties[number % len(self.penalties)]
            with self.maybe_refused():
                penalty.with_user(self.case.manager).write({field: 0.01})

    @rule(
        number=PICK, cents=st.integers(0, 60_000), step=st.sampled_from(["return", "paid", "keep"])
    )
    def give_back(self, number, cents, step):
        """A return in whole (0) or in part, its payment outside of payslips, or its taking back."""
        if self.penalties:
            penalty = self.penalties[number % len(self.penalties)].with_user(self.case.manager)
            today = self.case.company._aftersales_today()
            with self.maybe_refused():
                {
                    "return": lambda: penalty.action_return(cents / 100 or False, "Refuted"),
                    "paid": lambda: penalty.action_pay_return(today, RECEIPT),
                    "keep": lambda: penalty.action_withdraw_return("Refuted not"),
                }[step]()

    @rule(cents=st.integers(1, 100_000), who=st.booleans())
    def spend(self, cents, who):
        fund = self.case.env["aftersales.fund"].search(
            [("department_id", "=", self.case.workers[who].department_id.id)]
        )
        if fund:
            with self.maybe_refused():
                fund.with_user(self.case.director).action_spend(cents / 100, "Tea", RECEIPT)
                self.spent[fund] = self.spent.get(fund, 0.0) + cents / 100

    @rule(
        percent=st.sampled_from([0, 5, 20, 100]),
        minimum=st.sampled_from([0, 2540, 3300]),
        limited=st.booleans(),
    )
    def move_ceiling(self, percent, minimum, limited):
        self.case.company.write(
            {
                "aftersales_ceiling_percent": percent,
                "aftersales_minimum_wage": minimum,
                "aftersales_ceiling": limited,
            }
        )

    # === Payslips by their buttons === #

    @rule(who=st.booleans(), month=st.integers(0, 2), compute=st.booleans(), state=STATES)
    def make_slip(self, who, month, compute, state):
        with self.maybe_refused():
            slip = self.case.make_slip(self.case.workers[who], month, False, contract_id=False)
            slip = slip.with_user(self.case.payroll)
            if compute:
                slip.compute_sheet()
            else:
                slip = slip.create({**slip.copy_data()[0], "state": state})
            self.slips |= slip

    @rule(number=PICK, stale=st.booleans())
    def confirm(self, number, stale):
        slip = self.slip(number)
        if slip:
            before = slip.deduction_ids
            with self.maybe_refused():
                slip.with_context(without_compute_sheet=stale).action_payslip_done()
            if slip.exists().deduction_ids - before and not slip.credit_note:
                self.check_limit(slip)

    @rule(
        number=PICK,
        step=st.sampled_from(
            [
                "compute_sheet",
                "action_payslip_draft",
                "action_payslip_cancel",
                "unlink",
                "refund_sheet",
                "onchange_employee",
                "onchange_struct_id",
            ]
        ),
    )
    def press(self, number, step):
        slip = self.slip(number)
        if slip:
            with self.maybe_refused():
                getattr(slip, step)()
                if step == "refund_sheet":
                    self.slips |= slip.refunded_id

    @rule(month=st.integers(0, 2), state=STATES)
    def batch(self, month, state):
        """Payslips of both employees, computed and then moved by the wizards of the batch."""
        case = self.case
        with self.maybe_refused():
            dates = case.make_slip(months=month, compute=False)
            run = self.slips.env["hr.payslip.run"].create(
                {
                    "name": "Month",
                    "company_id": case.company.id,
                    "date_start": dates.date_from,
                    "date_end": dates.date_to,
                }
            )
            dates.unlink()
            wizard = run.env["hr.payslip.employees"].create(
                {"employee_ids": [employee.id for employee in case.workers]}
            )
            wizard.with_context(active_id=run.id).compute_sheet()
            self.slips |= run.slip_ids
            run.env["hr.payslip.change.state"].with_context(active_ids=run.slip_ids.ids).create(
                {"state": state}
            ).change_state_confirm()

    # === By RPC === #

    @rule(number=PICK, state=STATES)
    def write_state(self, number, state):
        slip = self.slip(number)
        if slip:
            with self.maybe_refused():
                slip.write({"state": state})

    @rule(
        number=PICK,
        other=PICK,
        what=st.sampled_from(["employee", "month", "credit", "no credit", "refunded", "none"]),
    )
    def write_slip(self, number, other, what):
        slip, other = self.slip(number), self.slip(other)
        if slip:
            later = self.case.make_slip(months=3, compute=False)
            dates = {"date_from": later.date_from, "date_to": later.date_to}
            later.unlink()
            with self.maybe_refused():
                slip.write(
                    {
                        "employee": {"employee_id": other.employee_id.id},
                        "month": dates,
                        "credit": {"credit_note": True},
                        "no credit": {"credit_note": False},
                        "refunded": {"refunded_id": other.id},
                        "none": {"refunded_id": False},
                    }[what]
                )

    @rule(number=PICK, code=st.sampled_from([CODE, "GROSS", "NET"]), what=st.integers(0, 5))
    def write_lines(self, number, code, what):
        slip = self.slip(number)
        line = slip.line_ids.filtered(lambda row: row.code == code)[:1]
        if line:
            fields = {
                name: line[name].id for name in ("salary_rule_id", "category_id", "contract_id")
            }
            values = {**fields, "slip_id": slip.id, "name": "x", "code": code, "amount": -77.0}
            with self.maybe_refused():
                (
                    lambda: line.write({"amount": line.amount + 10}),
                    line.unlink,
                    lambda: line.create(values),
                    lambda: line.write({"code": "OTHER"}),
                    lambda: slip.write({"line_ids": [Command.delete(line.id)]}),
                    lambda: slip.write({"line_ids": [Command.clear()]}),
                )[what]()

    @rule(number=PICK, what=st.integers(0, 3))
    def write_inputs(self, number, what):
        slip = self.slip(number)
        row = slip.input_line_ids.filtered(lambda row: row.code == CODE)[:1]
        if row:
            values = {"payslip_id": slip.id, "contract_id": row.contract_id.id, "name": "x"}
            with self.maybe_refused():
                (
                    lambda: row.write({"amount": 9999}),
                    row.unlink,
                    lambda: row.create({**values, "code": CODE, "amount": 9999}),
                    lambda: slip.write({"input_line_ids": [Command.clear()]}),
                )[what]()

    @rule(number=PICK, done=st.booleans(), lines=st.booleans(), credit=st.booleans())
    def duplicate(self, number, done, lines, credit):
        slip = self.slip(number)
        if slip:
            default = {"state": "done"} if done else {}
            line = slip.line_ids[:1]
            if lines and line:
                values = line.copy_data()[0] | {"code": CODE, "amount": -66.0}
                values["salary_rule_id"] = self.case.rule.id
                default["line_ids"] = [Command.create(values)]
            if credit:
                default["credit_note"] = True
            with self.maybe_refused():
                self.slips |= slip.copy(default)

    # === What always holds === #

    def check_limit(self, slip):
        """工资支付暂行规定 16: the amount taken by a payslip at its confirmation, with all others of its month."""
        case, company = self.case, self.case.company
        slips = self.slips.sudo().search(
            [("employee_id", "=", slip.employee_id.id), ("state", "=", "done")]
        )
        slips = slips.filtered(lambda row: f"{row.date_to:%Y-%m}" == f"{slip.sudo().date_to:%Y-%m}")
        gross = sum(
            max(
                row.line_ids.filtered(lambda line: line.code == "GROSS").mapped("total"),
                default=0,
            )
            * (-1 if row.credit_note else 1)
            for row in slips
        )
        limit = gross
        if company.aftersales_ceiling:
            share = gross * company.aftersales_ceiling_percent / 100
            limit = min(share, gross - company.aftersales_minimum_wage)
        rows = slips.deduction_ids.filtered(lambda row: row.source != "return")
        case.assertLessEqual(sum(rows.mapped("amount")), max(limit, 0) + 1e-6)

    @invariant()
    def nothing_is_lost_or_doubled(self):
        case = self.case
        case.env.flush_all()
        case.env.invalidate_all()
        rows = case.env["aftersales.penalty.deduction"].search(
            [("company_id", "=", case.company.id)]
        )
        for penalty in self.penalties:
            taken = sum(rows.filtered(lambda row, p=penalty: row.penalty_id == p).mapped("amount"))
            case.assertAlmostEqual(penalty.amount_deducted, taken, 6)
            case.assertLessEqual(round(taken + penalty.amount_waived, 6), penalty.amount)
            back = penalty.amount_return
            case.assertAlmostEqual(sum(penalty.return_ids.mapped("amount")), back, 6)
            # a payslip may be refunded after its penalty was given back: the employee has it twice, and owes it
            case.assertGreaterEqual(round(taken + back, 6), 0)
            if penalty.state in ("confirmed", "deducted", "returned"):
                left = round(penalty.amount - penalty.amount_waived - back - taken, 6)
                case.assertAlmostEqual(penalty.amount_open, max(left, 0), 6)
                case.assertAlmostEqual(penalty.amount_to_return, max(-left, 0), 6)
                case.assertEqual(penalty.state == "confirmed", left > 0)
                case.assertEqual(
                    penalty.state == "returned", left <= 0 and back > 0 and not round(taken, 6)
                )
            else:
                case.assertFalse(taken)
        for row in rows:
            case.assertAlmostEqual(row.amount, round(row.amount, 2), 9)
            if row.source != "external":
                case.assertEqual(row.employee_id, row.payslip_id.employee_id)

    @invariant()
    def funds_hold_what_was_deducted_and_not_spent(self):
        case = self.case
        for worker in case.workers:
            fund = case.env["aftersales.fund"].search(
                [("department_id", "=", worker.department_id.id)]
            )
            rows = case.env["aftersales.penalty.deduction"].search(
                [("employee_id", "=", worker.id), ("penalty_id.to_fund", "=", True)]
            )
            taken, spent = sum(rows.mapped("amount")), self.spent.get(fund, 0.0)
            case.assertAlmostEqual(fund.income - fund.reversed_amount, taken, 6)
            case.assertAlmostEqual(fund.spent, spent, 6)
            case.assertAlmostEqual(fund.balance, taken - spent, 6)
            case.assertAlmostEqual(sum(fund.move_ids.mapped("amount")), taken - spent, 6)
            if fund.month_ids:
                last = fund.month_ids.sorted("month")[-1]
                case.assertAlmostEqual(last.closing, fund.balance, 6)

    @invariant()
    def payslips_show_what_they_took(self):
        for slip in self.slips.exists():
            booked = sum(slip.sudo().deduction_ids.mapped("amount"))
            ours = slip.input_line_ids.filtered(lambda row: row.code == CODE)
            self.case.assertLessEqual(len(ours), 1)
            if slip.state != "done":
                self.case.assertFalse(slip.sudo().deduction_ids)
            elif not slip.credit_note:
                self.case.assertAlmostEqual(slip.penalty_amount - slip.penalty_returned, booked, 6)
                lines = slip.line_ids.filtered(lambda line: line.code == CODE)
                self.case.assertAlmostEqual(-sum(lines.mapped("total")), booked, 6)
            else:
                lines = slip.line_ids.filtered(lambda line: line.code == CODE)
                self.case.assertAlmostEqual(sum(lines.mapped("total")), booked, 6)


@tagged("post_install", "-at_install")
class TestLedgerProperty(penalty_common.PenaltyCommon):
    def test_deducted_and_open_are_what_was_confirmed(self):
        self.env["ir.config_parameter"].sudo().set_param("payroll.allow_cancel_payslips", True)
        branch = self.department.copy({"name": "Branch"})
        other = self.make_employee(self.colleague, wage=3333.33, department_id=branch.id)
        for months in range(3):
            self.make_contract(other, self.month + self.half(months), 4444.45)
        self.workers = [self.worker, other]
        machine = type("LedgerOfThisTest", (Ledger,), {"case": self})
        run_state_machine_as_test(
            machine,
            settings=settings(
                max_examples=30,
                stateful_step_count=20,
                deadline=None,
                derandomize=True,
                database=None,
                suppress_health_check=list(HealthCheck),
            ),
        )

    @staticmethod
    def half(months):
        """:return: from the first of this month to the middle of another one"""
        return relativedelta(months=months, day=15)
