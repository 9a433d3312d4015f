from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from ...models.payroll.hr_payslip import CODE
from .. import penalty_common


@tagged("post_install", "-at_install")
class TestPayslipPaths(penalty_common.PenaltyCommon):
    """Writes that avoid the buttons: bookings of payslips are kept, and payslips without penalties book nothing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.penalty = cls.make_penalty(50)
        cls.slip = cls.make_slip().with_user(cls.payroll)

    def booked(self, slip):
        return sum(slip.sudo().deduction_ids.mapped("amount"))

    def test_refund_computed_again_returns_the_same(self):
        self.slip.action_payslip_done()
        self.slip.refund_sheet()
        refund = self.slip.refunded_id
        refund.action_payslip_draft()
        self.assertEqual(self.penalty.amount_open, 0)
        refund.compute_sheet()
        line = refund.line_ids.filtered(lambda row: row.code == CODE)
        self.assertEqual(line.total, -50)
        refund.action_payslip_done()
        self.assertEqual((self.booked(refund), self.penalty.amount_open), (-50, 50))

    def test_payslip_that_took_something_becomes_no_refund(self):
        self.slip.action_payslip_done()
        for values in ({"credit_note": True}, {"date_to": self.slip.date_from}):
            with self.assertRaisesRegex(UserError, "cannot be changed"), self.cr.savepoint():
                self.slip.write(values)
        self.assertEqual(self.booked(self.slip), 50)

    def test_copy_brings_no_line_and_no_booking_of_its_own(self):
        line = self.slip.line_ids.filtered(lambda row: row.code == CODE)
        values = line.copy_data()[0] | {"amount": -40.0}
        copied = self.slip.copy({"state": "done", "line_ids": [Command.create(values)]})
        self.assertEqual(copied.state, "draft")
        self.assertFalse(self.booked(copied))
        self.assertNotIn(CODE, copied.line_ids.mapped("code"))
        self.assertEqual(self.penalty.amount_open, 50)

    def test_what_is_confirmed_later_does_not_concern_a_payslip_that_is_done(self):
        self.slip.action_payslip_done()
        later = self.make_penalty(30)
        self.slip.write({"state": "done"})
        self.assertEqual((self.booked(self.slip), later.amount_open), (50, 30))

    def test_limit_that_fell_since_it_was_computed_is_kept(self):
        self.company.aftersales_minimum_wage = 5960
        stale = self.slip.with_context(without_compute_sheet=True)
        with self.assertRaisesRegex(UserError, "compute it again"), self.cr.savepoint():
            stale.action_payslip_done()
        self.slip.action_payslip_done()
        self.assertEqual((self.booked(self.slip), self.penalty.amount_open), (40, 10))

    def test_small_payslip_is_not_charged_for_the_large_one_of_the_month(self):
        self.slip.action_payslip_done()
        self.company.aftersales_ceiling = False
        self.make_penalty(1000)
        self.worker.version_id.wage = 100
        small = self.make_slip()
        self.assertEqual(small.penalty_amount, 100)

    def test_several_inputs_become_one(self):
        row = self.slip.input_line_ids
        again = row.create(
            {
                "payslip_id": self.slip.id,
                "contract_id": row.contract_id.id,
                "name": "Again",
                "code": CODE,
                "amount": 9999,
            }
        )
        self.assertEqual(again.amount, 50)
        self.slip.compute_sheet()
        self.assertEqual(self.slip.input_line_ids.mapped("amount"), [50])
        self.assertEqual(self.slip.penalty_amount, 50)

    def test_done_payslip_computed_again_takes_the_same(self):
        self.slip.action_payslip_done()
        self.slip.compute_sheet()
        self.assertEqual((self.slip.state, self.slip.penalty_amount), ("verify", 50))
        self.assertEqual((self.booked(self.slip), self.penalty.amount_open), (0, 50))
        self.slip.action_payslip_done()
        self.assertEqual(self.booked(self.slip), 50)

    def test_confirmed_as_computed_where_the_setting_says_so(self):
        parameters = self.env["ir.config_parameter"].sudo()
        parameters.set_param("payroll.prevent_compute_on_confirm", True)
        self.slip.action_payslip_done()
        self.assertEqual(self.booked(self.slip), 50)
        stale = self.make_slip(compute=False).with_user(self.payroll)
        stale.action_payslip_done()
        self.assertFalse(self.booked(stale))

    def test_input_of_a_done_payslip_stays_as_it_was(self):
        self.slip.action_payslip_done()
        for step in ("onchange_struct_id", "onchange_employee", "onchange_contract"):
            getattr(self.slip, step)()
            self.assertEqual(self.slip.input_line_ids.mapped("amount"), [50], step)

    def test_cancelled_draft_that_is_deleted_returns_once(self):
        self.env["ir.config_parameter"].sudo().set_param("payroll.allow_cancel_payslips", True)
        self.slip.action_payslip_done()
        with self.assertRaises(UserError), self.cr.savepoint():
            self.slip.unlink()
        self.slip.action_payslip_cancel()
        self.slip.action_payslip_draft()
        self.slip.unlink()
        self.assertEqual((self.penalty.state, self.penalty.amount_open), ("confirmed", 50))
        moves = self.env["aftersales.fund.move"].search([("penalty_id", "=", self.penalty.id)])
        self.assertEqual(sorted(moves.mapped("amount")), [-50, 50])

    def test_fine_that_was_deducted_is_neither_changed_nor_let_off(self):
        self.slip.action_payslip_done()
        penalty = self.penalty.with_user(self.manager)
        for attempt in (
            lambda: penalty.write({"amount": 10}),
            lambda: penalty.action_waive("Hardship"),
            lambda: penalty.action_cancel("None"),
            penalty.unlink,
        ):
            with self.assertRaises(UserError), self.cr.savepoint():
                attempt()
        self.assertEqual((penalty.state, self.booked(self.slip)), ("deducted", 50))
