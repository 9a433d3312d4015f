from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, freeze_time, tagged

from .. import penalty_common
from ..penalty_common import RECEIPT

CODE = "AFTERSALES_PENALTY"


@tagged("post_install", "-at_install")
class TestPayslipLedger(penalty_common.PenaltyCommon):
    """After each step of a payslip: deducted + open = confirmed, and the fund has the deducted amount."""

    def assert_ledger(self, *penalties):
        for penalty in penalties:
            deducted = sum(penalty.sudo().deduction_ids.mapped("amount"))
            self.assertAlmostEqual(penalty.amount_deducted, deducted)
            self.assertAlmostEqual(
                deducted + penalty.amount_open, penalty.amount - penalty.amount_waived
            )
        fund = self.env["aftersales.fund"].search([("company_id", "=", self.company.id)])
        rows = self.env["aftersales.penalty.deduction"].search(
            [("company_id", "=", self.company.id), ("penalty_id.to_fund", "=", True)]
        )
        self.assertAlmostEqual(
            sum(fund.mapped("income")) - sum(fund.mapped("reversed_amount")),
            sum(rows.mapped("amount")),
        )

    def lines(self, slip):
        return slip.line_ids.filtered(lambda line: line.code == CODE)

    def net(self, slip):
        return slip.line_ids.filtered(lambda line: line.code == "NET").total

    def test_two_fines_are_one_line_and_two_rows(self):
        first, second = self.make_penalty(50), self.make_penalty(30)
        slip = self.make_slip()
        self.assertEqual(self.lines(slip).total, -80)
        self.assertEqual(self.net(slip), 5920)
        self.assertEqual(slip.input_line_ids.mapped("amount"), [80])
        self.assertFalse(slip.deduction_ids)
        slip.action_payslip_done()
        self.assertEqual(slip.deduction_ids.mapped("amount"), [50, 30])
        self.assertEqual((first | second).mapped("state"), ["deducted", "deducted"])
        self.assert_ledger(first, second)

    def test_computing_again_takes_the_same(self):
        penalty = self.make_penalty()
        slip = self.make_slip()
        for _round in range(4):
            slip.compute_sheet()
        self.assertEqual(self.lines(slip).total, -50)
        self.assertEqual(len(slip.input_line_ids), 1)
        slip.action_payslip_done()
        self.assert_ledger(penalty)

    def test_confirmed_without_computing_takes_what_the_lines_say(self):
        penalty = self.make_penalty()
        slip = self.make_slip()
        slip.with_context(without_compute_sheet=True).action_payslip_done()
        self.assertEqual(penalty.amount_deducted, 50)
        self.assert_ledger(penalty)

    def test_stale_computation_is_refused(self):
        penalty = self.make_penalty()
        first, second = self.make_slip(), self.make_slip()
        first.with_context(without_compute_sheet=True).action_payslip_done()
        with self.assertRaisesRegex(UserError, "compute it again"), self.cr.savepoint():
            second.with_context(without_compute_sheet=True).action_payslip_done()
        second.action_payslip_done()
        self.assertEqual(self.lines(second).total, 0)
        self.assert_ledger(penalty)

    def test_cancelled_or_reopened_payslip_gives_back(self):
        self.env["ir.config_parameter"].sudo().set_param("payroll.allow_cancel_payslips", True)
        penalty = self.make_penalty()
        slip = self.make_slip()
        for undo in (
            slip.action_payslip_cancel,
            slip.action_payslip_draft,
            slip.compute_sheet,
            lambda: slip.write({"state": "verify"}),
        ):
            slip.action_payslip_done()
            self.assertEqual(penalty.state, "deducted")
            undo()
            self.assertEqual((penalty.state, penalty.amount_open), ("confirmed", 50))
            self.assert_ledger(penalty)
            slip.action_payslip_draft()
        slip.unlink()
        again = self.make_slip()
        again.action_payslip_done()
        self.assertEqual(penalty.amount_deducted, 50)
        self.assert_ledger(penalty)

    def test_refund_returns_what_the_ledger_shows(self):
        penalty = self.make_penalty()
        slip = self.make_slip()
        slip.action_payslip_done()
        slip.refund_sheet()
        self.assertEqual(slip.refunded_id.deduction_ids.mapped("amount"), [-50])
        self.assertEqual((penalty.state, penalty.amount_open), ("confirmed", 50))
        self.assert_ledger(penalty)
        # the next payslip takes it again
        self.make_slip(months=1).action_payslip_done()
        self.assertEqual(penalty.state, "deducted")
        self.assert_ledger(penalty)

    def test_refund_of_an_unconfirmed_payslip_returns_nothing(self):
        penalty = self.make_penalty()
        slip = self.make_slip()
        slip.refund_sheet()
        self.assertFalse(self.lines(slip.refunded_id))
        self.assertEqual(penalty.amount_open, 50)
        self.assert_ledger(penalty)

    def test_copied_draft_begins_without_penalties(self):
        self.make_penalty()
        slip = self.make_slip()
        slip.action_payslip_done()
        copied = slip.copy()
        self.assertFalse(self.lines(copied))
        self.assertFalse(copied.deduction_ids)
        self.assertNotIn(CODE, copied.input_line_ids.mapped("code"))

    def test_limit_of_the_month_holds_over_all_payslips(self):
        """工资支付暂行规定 16: a fifth of the gross wage; the rest is carried over."""
        penalty = self.make_penalty(2000)
        slip = self.make_slip()
        self.assertEqual(self.lines(slip).total, -1200)
        slip.action_payslip_done()
        self.assertEqual((penalty.state, penalty.amount_open), ("confirmed", 800))
        self.assertIn("legal limit", slip.penalty_warning)
        self.assert_ledger(penalty)
        bonus = self.make_slip()
        # a fifth of twice the gross wage of the month, less the amount taken
        self.assertEqual(self.lines(bonus).total, -800)
        bonus.action_payslip_draft()
        following = self.make_slip(months=1)
        following.action_payslip_done()
        self.assertEqual(penalty.state, "deducted")
        self.assert_ledger(penalty)

    def test_minimum_wage_is_left(self):
        self.company.aftersales_minimum_wage = 5500
        self.make_penalty(1000)
        self.assertEqual(self.lines(self.make_slip()).total, -500)
        self.company.aftersales_minimum_wage = 7000
        self.assertEqual(self.lines(self.make_slip()).total, 0)

    def test_part_of_a_cent_is_rounded_down(self):
        self.worker.version_id.wage = 3333.33
        self.make_penalty(1000)
        self.assertEqual(self.lines(self.make_slip()).total, -666.66)

    def test_limit_can_be_switched_off_but_net_stays_positive(self):
        self.company.aftersales_ceiling = False
        self.make_penalty(9000)
        slip = self.make_slip()
        self.assertEqual(self.lines(slip).total, -6000)
        self.assertEqual(self.net(slip), 0)

    def test_two_contracts_in_a_month_take_a_fine_once(self):
        penalty = self.make_penalty()
        self.make_contract(self.worker, self.month.replace(day=15), 7000.0)
        slip = self.make_slip(contract_id=False, struct_id=self.structure.id)
        self.assertEqual(self.lines(slip).mapped("total"), [-50, 0])
        self.assertEqual(slip.input_line_ids.mapped("amount"), [50])
        slip.action_payslip_done()
        self.assertEqual(penalty.amount_deducted, 50)
        self.assert_ledger(penalty)

    def test_penalties_confirmed_later_wait(self):
        penalty = self.make_penalty()
        slip = self.make_slip(months=-1)
        self.assertEqual(self.lines(slip).total, 0)
        slip.action_payslip_done()
        self.assertEqual(penalty.amount_open, 50)

    def test_structure_without_our_rule_deducts_nothing_and_says_so(self):
        penalty = self.make_penalty()
        self.structure.rule_ids -= self.rule
        slip = self.make_slip()
        slip.action_payslip_done()
        self.assertFalse(slip.input_line_ids)
        self.assertIn("no rule", slip.penalty_warning)
        self.assertEqual(penalty.amount_open, 50)

    def test_structure_without_gross_deducts_nothing_and_says_so(self):
        penalty = self.make_penalty()
        self.structure.rule_ids -= self.structure.rule_ids.filtered(lambda r: r.code == "GROSS")
        slip = self.make_slip()
        slip.action_payslip_done()
        self.assertIn("no gross wage", slip.penalty_warning)
        self.assertEqual(penalty.amount_open, 50)

    def test_rule_keeps_its_code(self):
        with self.assertRaises(ValidationError):
            self.rule.code = "FINE"

    def test_lines_and_inputs_are_not_entered(self):
        penalty = self.make_penalty()
        slip = self.make_slip().with_user(self.payroll)
        line, row = self.lines(slip), slip.input_line_ids
        basic = slip.line_ids.filtered(lambda line: line.code == "BASIC")
        for attempt in (
            lambda: line.write({"amount": -1}),
            line.unlink,
            lambda: basic.write({"code": CODE}),
            lambda: row.write({"amount": 1}),
            lambda: line.copy({"slip_id": slip.id}),
            lambda: slip.write({"line_ids": [(1, line.id, {"amount": 0})]}),
            lambda: slip.line_ids.create(
                {
                    "slip_id": slip.id,
                    "salary_rule_id": self.rule.id,
                    "name": "Free",
                    "code": "FREE",
                    "amount": -1,
                }
            ),
        ):
            with self.assertRaisesRegex(UserError, "computed from"), self.cr.savepoint():
                attempt()
        slip.action_payslip_done()
        with self.assertRaisesRegex(UserError, "computed from"), self.cr.savepoint():
            slip.input_line_ids.unlink()
        with self.assertRaisesRegex(UserError, "cannot be changed"), self.cr.savepoint():
            slip.write({"employee_id": self.make_employee().id})
        with self.assertRaises(AccessError), self.cr.savepoint():
            slip.deduction_ids.write({"amount": 1})
        with self.assertRaises(UserError), self.cr.savepoint():
            slip.deduction_ids.sudo().unlink()
        self.assert_ledger(penalty)

    def test_payslip_made_done_by_rpc_takes_nothing(self):
        penalty = self.make_penalty()
        self.make_slip(compute=False, state="done")
        self.assertEqual(penalty.amount_open, 50)
        self.assert_ledger(penalty)

    def test_form_follows_employee_and_dates(self):
        self.make_penalty(50)
        other = self.make_employee()
        self.make_penalty(30, other)
        # the form proposes the month of the server's day, which begins some hours later than the company's
        with freeze_time(f"{self.company._aftersales_today()} 02:00:00"):
            form = Form(self.env["hr.payslip"].with_user(self.payroll))
            form.employee_id = self.worker
            form.employee_id = other
            slip = form.save()
        self.assertEqual(slip.input_line_ids.mapped("amount"), [30])
        slip.compute_sheet()
        self.assertEqual(self.lines(slip).total, -30)

    def test_saved_draft_follows_another_employee(self):
        self.make_penalty(50)
        other = self.make_employee()
        self.make_penalty(30, other)
        slip = self.make_slip(compute=False)
        slip.onchange_employee()
        with Form(slip.with_user(self.payroll)) as form:
            form.employee_id = other
        self.assertEqual(slip.input_line_ids.mapped("amount"), [30])
        slip.with_user(self.payroll).onchange_employee()
        self.assertEqual(slip.input_line_ids.mapped("amount"), [30])

    def test_setting_attaches_the_rule_to_structures(self):
        self.structure.rule_ids -= self.rule
        settings = self.env["res.config.settings"].create({})
        settings.aftersales_structure_ids = self.structure
        self.assertIn(self.rule, self.structure.rule_ids)
        settings.aftersales_structure_ids = False
        self.assertNotIn(self.rule, self.structure.rule_ids)

    def test_printed_payslip_tells_what_each_case_cost(self):
        penalty = self.make_penalty(2000)
        slip = self.make_slip()
        slip.action_payslip_done()
        html = (
            self.env["ir.actions.report"]
            ._render_qweb_html("payroll.report_payslip", slip.ids)[0]
            .decode()
        )
        self.assertIn(penalty.name, html)
        self.assertIn("1,200.00", html)
        self.assertIn("800.00", html)

    def test_batch_takes_each_once(self):
        penalty = self.make_penalty()
        run = self.env["hr.payslip.run"].create(
            {
                "name": "Month",
                "company_id": self.company.id,
                "date_start": self.month,
                "date_end": self.make_slip(compute=False).date_to,
            }
        )
        wizard = self.env["hr.payslip.employees"].create({"employee_ids": self.worker.ids})
        wizard.with_context(active_id=run.id).compute_sheet()
        self.assertEqual(self.lines(run.slip_ids).total, -50)
        self.env["hr.payslip.change.state"].with_context(active_ids=run.slip_ids.ids).create(
            {"state": "done"}
        ).change_state_confirm()
        self.assertEqual(penalty.state, "deducted")
        self.assert_ledger(penalty)

    def test_waiving_after_a_part_was_deducted_waives_the_rest(self):
        penalty = self.make_penalty(2000)
        self.make_slip().action_payslip_done()
        penalty.action_waive("Hardship")
        self.assertEqual((penalty.state, penalty.amount_waived), ("deducted", 800))
        self.assertEqual(self.lines(self.make_slip(months=1)).total, 0)
        self.assert_ledger(penalty)

    def test_damages_do_not_go_to_the_fund(self):
        penalty = self.make_penalty(70, code="DAMAGE")
        self.make_slip().action_payslip_done()
        self.assertEqual(penalty.state, "deducted")
        self.assertFalse(self.env["aftersales.fund.move"].search([("penalty_id", "=", penalty.id)]))

    def test_fund_spends_no_more_than_it_holds(self):
        self.make_penalty(50)
        slip = self.make_slip()
        slip.action_payslip_done()
        fund = self.env["aftersales.fund"].search([("department_id", "=", self.department.id)])
        self.assertEqual(fund.balance, 50)
        with self.assertRaises(AccessError), self.cr.savepoint():
            fund.with_user(self.manager).action_spend(10, "Tea", RECEIPT)
        fund = fund.with_user(self.director)
        with self.assertRaisesRegex(UserError, "cannot be spent"), self.cr.savepoint():
            fund.action_spend(50.01, "Outing", RECEIPT)
        fund.action_spend(40, "Outing", RECEIPT)
        slip.action_payslip_draft()
        self.assertEqual(fund.balance, -40)
        with self.assertRaisesRegex(UserError, "cannot be spent"), self.cr.savepoint():
            fund.action_spend(1, "Tea", RECEIPT)
        with self.assertRaises(AccessError), self.cr.savepoint():
            fund.move_ids.sudo().write({"amount": 1000})
