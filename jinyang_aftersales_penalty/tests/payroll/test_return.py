from importlib import util

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import file_path

from ...models.payroll.hr_payslip import CODE
from .. import penalty_common
from ..penalty_common import RECEIPT

MIGRATION = "jinyang_aftersales_penalty/migrations/19.0.3.0.0/pre-payroll.py"


@tagged("post_install", "-at_install")
class TestReturn(penalty_common.PenaltyCommon):
    """M20: one penalty is given back, in whole or in part, by the next payslip or outside of payslips."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.penalty = cls.make_penalty(500)
        cls.slip = cls.make_slip().with_user(cls.payroll)
        cls.slip.action_payslip_done()

    def give_back(self, amount=False, penalty=None):
        (penalty or self.penalty).with_user(self.manager).action_return(amount, "It was refuted")

    def next_slip(self, months=1):
        return self.make_slip(months=months).with_user(self.payroll)

    def line_total(self, slip):
        return sum(slip.line_ids.filtered(lambda row: row.code == CODE).mapped("total"))

    def booked(self, slip):
        return sum(slip.sudo().deduction_ids.mapped("amount"))

    def amounts(self, penalty=None):
        penalty = penalty or self.penalty
        return (penalty.state, penalty.amount_to_return, penalty.amount_returned)

    def fund(self):
        return self.env["aftersales.fund"]._get_fund(self.company, self.department)

    def test_next_payslip_gives_the_whole_amount_back(self):
        self.give_back()
        self.assertEqual(self.amounts(), ("deducted", 500, 0))
        self.assertEqual(self.penalty.amount_open, 0, "nothing is deducted again")
        slip = self.next_slip()
        self.assertEqual(
            (self.line_total(slip), slip.penalty_returned, slip.penalty_amount), (500, 500, 0)
        )
        self.assertEqual(slip.input_line_ids.filtered(lambda row: row.code == CODE).amount, -500)
        slip.action_payslip_done()
        self.assertEqual(self.amounts(), ("returned", 0, 500))
        self.assertEqual(slip.sudo().deduction_ids.source, "return")
        self.assertIn("given back", slip.sudo().deduction_ids.description)
        self.assertEqual(self.fund().balance, 0)

    def test_part_is_given_back_and_the_rest_stays_deducted(self):
        self.give_back(200)
        self.next_slip().action_payslip_done()
        self.assertEqual(self.amounts(), ("deducted", 0, 200))
        self.assertEqual((self.penalty.amount_deducted, self.fund().balance), (300, 300))
        self.give_back()
        self.assertEqual(self.penalty.amount_to_return, 300)

    def test_fund_that_was_spent_may_become_negative(self):
        self.fund().with_user(self.director).action_spend(450, "Tea", RECEIPT)
        self.give_back()
        self.next_slip().action_payslip_done()
        self.assertEqual(self.fund().balance, -450)

    def test_return_is_not_limited_and_comes_before_new_deductions(self):
        self.worker.version_id.wage = 1000
        self.company.aftersales_minimum_wage = 5000
        self.give_back()
        slip = self.next_slip()
        self.assertEqual(self.line_total(slip), 500)

    def test_return_leaves_no_more_room_for_deductions_of_its_month(self):
        self.give_back()
        self.next_slip().action_payslip_done()
        self.make_penalty(5000)
        self.company.aftersales_minimum_wage = 0
        self.worker.version_id.wage = 1
        second = self.next_slip()
        # 20 % of the two wages of the month; the 500 given back are no room
        self.assertAlmostEqual(self.line_total(second), -1.0, 2)

    def test_payslip_returns_and_deducts_at_once(self):
        self.give_back()
        other = self.make_penalty(80)
        slip = self.next_slip()
        self.assertEqual(
            (self.line_total(slip), slip.penalty_amount, slip.penalty_returned), (420, 80, 500)
        )
        slip.action_payslip_done()
        self.assertEqual((self.penalty.state, other.state), ("returned", "deducted"))
        self.assertEqual((self.booked(slip), slip.penalty_amount), (-420, 80))

    def test_cancelled_payslip_takes_the_return_back_and_the_task_opens_again(self):
        self.env["ir.config_parameter"].sudo().set_param("payroll.allow_cancel_payslips", True)
        self.give_back()
        slip = self.next_slip()
        slip.action_payslip_done()
        slip.action_payslip_cancel()
        self.assertEqual(self.amounts(), ("deducted", 500, 0))
        self.assertEqual(self.fund().balance, 500)
        self.env["aftersales.deadline.mixin"]._remind_all(
            self.company, self.penalty.follow_up_date.replace(year=2999)
        )
        self.assertIn("退还", str(self.penalty.activity_ids.mapped("note")))
        later = self.next_slip(2)
        later.action_payslip_done()
        self.assertEqual(self.amounts(), ("returned", 0, 500))
        self.assertFalse(self.penalty.activity_ids)

    def test_refund_of_the_returning_payslip_makes_it_due_again(self):
        self.give_back()
        slip = self.next_slip()
        slip.action_payslip_done()
        slip.refund_sheet()
        self.assertEqual(self.line_total(slip.refunded_id), 500)
        self.assertEqual(self.booked(slip.refunded_id), 500)
        self.assertEqual(self.amounts(), ("deducted", 500, 0))

    def test_refund_of_the_taking_payslip_leaves_nothing_to_return(self):
        self.give_back()
        self.slip.refund_sheet()
        self.assertEqual(self.amounts(), ("returned", 0, 500))
        self.assertFalse(self.line_total(self.next_slip()))

    def test_payslip_computed_before_the_decision_is_computed_again(self):
        stale = self.next_slip()
        self.make_penalty(30)
        stale.compute_sheet()
        self.give_back()
        with self.assertRaisesRegex(UserError, "compute it again"), self.cr.savepoint():
            stale.with_context(without_compute_sheet=True).action_payslip_done()
        stale.action_payslip_done()
        self.assertEqual((self.booked(stale), self.penalty.state), (-470, "returned"))

    def test_paid_outside_of_payslips_with_proof_only(self):
        self.give_back(200)
        penalty = self.penalty.with_user(self.manager)
        today = self.company._aftersales_today()
        for day, proof in ((today, False), (False, RECEIPT), (today.replace(year=2999), RECEIPT)):
            with self.assertRaises(UserError), self.cr.savepoint():
                penalty.action_pay_return(day, proof)
        penalty.action_pay_return(today, RECEIPT, "receipt.pdf")
        self.assertEqual(self.amounts(), ("deducted", 0, 200))
        self.assertEqual(self.fund().balance, 300)
        row = self.penalty.deduction_ids.filtered(lambda row: row.source == "external")
        self.assertEqual((row.amount, row.date, row.proof_name), (-200, today, "receipt.pdf"))
        self.assertFalse(self.line_total(self.next_slip()), "it is not paid twice")

    def test_decision_is_taken_back_while_it_is_not_paid(self):
        self.give_back(200)
        penalty = self.penalty.with_user(self.manager)
        penalty.action_withdraw_return("Clicked the wrong one")
        self.assertEqual(self.amounts(), ("deducted", 0, 0))
        self.assertEqual(self.penalty.return_ids.mapped("amount"), [-200, 200])
        with self.assertRaises(UserError), self.cr.savepoint():
            penalty.action_withdraw_return("Again")

    def test_rest_that_is_still_open_is_not_deducted_any_more(self):
        self.company.aftersales_minimum_wage = 0
        large = self.make_penalty(2000)
        self.next_slip().action_payslip_done()
        self.assertEqual((large.state, large.amount_open), ("confirmed", 800))
        self.give_back(penalty=large)
        self.assertEqual((large.amount_open, large.amount_to_return), (0, 1200))
        self.next_slip(2).action_payslip_done()
        self.assertEqual(self.amounts(large), ("returned", 0, 1200))

    def test_only_a_manager_decides_and_only_what_was_deducted(self):
        for user in (self.colleague, self.payroll, self.callback):
            with self.assertRaises(AccessError), self.cr.savepoint():
                self.penalty.with_user(user).action_return(100, "Please")
        for amount in (0, -5, 500.01):
            with self.assertRaises(UserError), self.cr.savepoint():
                self.give_back(amount)
        with self.assertRaisesRegex(UserError, r"500\.00"), self.cr.savepoint():
            self.give_back(500.01)
        self.give_back(400)
        with self.assertRaises(UserError), self.cr.savepoint():
            self.give_back(200)
        with self.assertRaisesRegex(UserError, "why"), self.cr.savepoint():
            self.penalty.with_user(self.manager).action_return(100, " ")

    def test_nobody_writes_a_return(self):
        self.give_back(100)
        for user in (self.manager, self.director, self.env.user):
            for record, values in (
                (self.penalty, {"amount_return": 400}),
                (self.penalty, {"amount_to_return": 400}),
                (self.penalty.return_ids, {"amount": 400}),
            ):
                with self.assertRaises(UserError), self.cr.savepoint():
                    record.with_user(user).sudo(user == self.env.user).write(values)

    def test_dialogue_proposes_what_was_deducted(self):
        dialog = self.env["aftersales.penalty.decide"].with_user(self.manager)
        context = {"active_ids": self.penalty.ids, "default_decision": "return"}
        form = Form(dialog.with_context(**context))
        self.assertEqual(form.amount, 500)
        form.reason = "It was refuted"
        form.amount = 120
        form.save().action_decide()
        self.assertEqual(self.penalty.amount_to_return, 120)

    def test_employee_reads_the_reason_and_nobody_else_does(self):
        self.give_back(100)
        row = self.penalty.return_ids
        self.assertEqual(row.with_user(self.specialist).reason, "It was refuted")
        with self.assertRaises(AccessError):
            row.with_user(self.colleague).read(["reason"])

    def test_source_of_older_bookings_follows_from_their_sign(self):
        self.slip.refund_sheet()
        self.cr.execute("ALTER TABLE aftersales_penalty_deduction ALTER source DROP NOT NULL")
        self.cr.execute(
            "ALTER TABLE aftersales_penalty_deduction DROP CONSTRAINT aftersales_penalty_deduction_source_known"
        )
        self.cr.execute("UPDATE aftersales_penalty_deduction SET source = NULL")
        spec = util.spec_from_file_location("pre_payroll", file_path(MIGRATION))
        module = util.module_from_spec(spec)
        spec.loader.exec_module(module)
        module.migrate(self.cr, "19.0.2.0.0")
        rows = self.penalty.deduction_ids
        rows.invalidate_recordset()
        self.assertEqual(sorted(rows.mapped("source")), ["payslip", "refund"])


@tagged("post_install", "-at_install")
class TestOneRefund(penalty_common.PenaltyCommon):
    """M21: a payslip is refunded once, by a refund of the same employee, and a copy refunds nothing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.penalty = cls.make_penalty(50)
        cls.slip = cls.make_slip().with_user(cls.payroll)
        cls.slip.action_payslip_done()

    def test_second_refund_is_refused_until_the_first_is_cancelled(self):
        self.env["ir.config_parameter"].sudo().set_param("payroll.allow_cancel_payslips", True)
        self.slip.refund_sheet()
        first = self.slip.refunded_id
        with self.assertRaisesRegex(UserError, "already"), self.cr.savepoint():
            self.slip.refund_sheet()
        first.action_payslip_cancel()
        self.slip.refund_sheet()
        self.assertNotEqual(self.slip.refunded_id, first)
        self.assertEqual(sum(self.penalty.deduction_ids.mapped("amount")), 0)

    def test_refund_is_not_refunded(self):
        self.slip.refund_sheet()
        with self.assertRaisesRegex(UserError, "is a refund"), self.cr.savepoint():
            self.slip.refunded_id.refund_sheet()

    def test_link_to_the_refund_is_neither_written_nor_copied(self):
        self.slip.refund_sheet()
        refund = self.slip.refunded_id
        self.assertFalse(self.slip.copy().refunded_id)
        other = self.make_slip(months=1).with_user(self.payroll)
        for slip, values in (
            (self.slip, {"refunded_id": False}),
            (other, {"refunded_id": refund.id}),
        ):
            with self.assertRaises(UserError), self.cr.savepoint():
                slip.write(values)
        with self.assertRaises(UserError), self.cr.savepoint():
            other.copy({"refunded_id": refund.id})

    def test_copy_that_calls_itself_a_credit_note_pays_nothing(self):
        copied = self.slip.copy({"credit_note": True})
        copied.with_context(without_compute_sheet=True).action_payslip_done()
        self.assertNotIn(CODE, copied.line_ids.filtered("total").mapped("code"))
        self.assertEqual((self.penalty.state, self.penalty.amount_deducted), ("deducted", 50))

    def test_payslip_that_becomes_a_credit_note_pays_no_penalty(self):
        self.make_penalty(30)
        draft = self.make_slip(months=1).with_user(self.payroll)
        draft.write({"credit_note": True})
        self.assertNotIn(CODE, draft.line_ids.mapped("code"))
