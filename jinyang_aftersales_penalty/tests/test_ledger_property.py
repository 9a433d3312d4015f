"""Random lives of payslips and penalties: to the cent, whatever happens in whatever order."""

from contextlib import contextmanager

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from . import penalty_common

AMOUNTS = st.integers(1, 300_000).map(lambda cents: cents / 100)
PICK = st.integers(0, 10)


class Ledger(RuleBasedStateMachine):
    """Two employees, any number of penalties and payslips; every step may be refused, none may lose a cent."""

    case = None

    def __init__(self):
        super().__init__()
        self.point = self.case.env.cr.savepoint()
        self.penalties = self.case.env["aftersales.penalty"]
        self.slips = self.case.env["hr.payslip"]
        self.fines = 0.0

    def teardown(self):
        self.point.close(rollback=True)

    @contextmanager
    def maybe_refused(self):
        """A step that is refused leaves everything as it was."""
        try:
            with mute_logger("odoo.sql_db"), self.case.env.cr.savepoint():
                yield
        except UserError:
            # a refusal is a fine answer; the invariant below looks at what is left
            self.refused = True

    def slip(self, number):
        slips = self.slips.exists()
        return slips[number % len(slips)] if slips else None

    # === Steps === #

    @rule(amount=AMOUNTS, who=st.booleans())
    def fine(self, amount, who):
        self.penalties |= self.case.make_penalty(amount, self.case.workers[who])

    @rule(number=PICK)
    def waive(self, number):
        if self.penalties:
            with self.maybe_refused():
                self.penalties[number % len(self.penalties)].action_waive("Hardship")

    @rule(who=st.booleans(), month=st.integers(0, 2), compute=st.booleans())
    def make_slip(self, who, month, compute):
        self.slips |= self.case.make_slip(self.case.workers[who], month, compute)

    @rule(number=PICK, stale=st.booleans())
    def confirm(self, number, stale):
        slip = self.slip(number)
        if slip:
            with self.maybe_refused():
                slip.with_context(without_compute_sheet=stale).action_payslip_done()

    @rule(
        number=PICK,
        step=st.sampled_from(
            ["compute_sheet", "action_payslip_draft", "action_payslip_cancel", "unlink"]
        ),
    )
    def change(self, number, step):
        slip = self.slip(number)
        if slip:
            with self.maybe_refused():
                getattr(slip, step)()
            self.slips = self.slips.exists()

    @rule(number=PICK)
    def refund(self, number):
        slip = self.slip(number)
        if slip and not slip.refunded_id:
            with self.maybe_refused():
                slip.refund_sheet()
                self.slips |= slip.refunded_id

    @rule(number=PICK)
    def duplicate(self, number):
        slip = self.slip(number)
        if slip:
            self.slips |= slip.copy()

    @rule(number=PICK, state=st.sampled_from(["draft", "verify", "done", "cancel"]))
    def write_state(self, number, state):
        slip = self.slip(number)
        if slip:
            with self.maybe_refused():
                slip.write({"state": state})

    @rule(percent=st.sampled_from([0, 5, 20, 100]))
    def move_ceiling(self, percent):
        self.case.company.aftersales_ceiling_percent = percent

    # === What always holds === #

    @invariant()
    def nothing_is_lost_or_doubled(self):
        case = self.case
        case.env.flush_all()
        case.env.invalidate_all()
        ledger = dict(
            case.env["aftersales.penalty.deduction"]._read_group(
                [("penalty_id", "in", self.penalties.ids)], ["penalty_id"], ["amount:sum"]
            )
        )
        for penalty in self.penalties:
            taken = ledger.get(penalty, 0.0)
            case.assertAlmostEqual(penalty.amount_deducted, taken, 2)
            if penalty.state in ("confirmed", "deducted"):
                case.assertAlmostEqual(
                    taken + penalty.amount_open, penalty.amount - penalty.amount_waived, 2
                )
            case.assertGreaterEqual(taken, 0)
            case.assertLessEqual(taken, penalty.amount)
        funds = case.env["aftersales.fund"].search([("company_id", "=", case.company.id)])
        income = sum(funds.mapped("income")) - sum(funds.mapped("reversed_amount"))
        case.assertAlmostEqual(income, sum(ledger.values()), 2)
        case.assertAlmostEqual(sum(funds.mapped("balance")), sum(ledger.values()), 2)
        for slip in self.slips.exists().filtered(lambda slip: slip.state == "done"):
            booked = sum(slip.deduction_ids.mapped("amount"))
            if not slip.credit_note:
                case.assertAlmostEqual(slip.penalty_amount, booked, 2)


@tagged("post_install", "-at_install")
class TestLedgerProperty(penalty_common.PenaltyCommon):
    def test_deducted_and_open_are_what_was_confirmed(self):
        self.env["ir.config_parameter"].sudo().set_param("payroll.allow_cancel_payslips", True)
        self.workers = [self.worker, self.make_employee(self.colleague, wage=3333.33)]
        machine = type("LedgerOfThisTest", (Ledger,), {"case": self})
        run_state_machine_as_test(
            machine,
            settings=settings(
                max_examples=25,
                stateful_step_count=15,
                deadline=None,
                derandomize=True,
                database=None,
                suppress_health_check=list(HealthCheck),
            ),
        )
