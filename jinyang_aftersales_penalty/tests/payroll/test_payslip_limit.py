from dateutil.relativedelta import relativedelta

from odoo import Command
from odoo.tests import tagged

from ...models.payroll.hr_payslip import CODE
from .. import penalty_common


@tagged("post_install", "-at_install")
class TestPayslipLimit(penalty_common.PenaltyCommon):
    """工资支付暂行规定 16: at most a fifth of the month's wage, and the minimum wage is left; to the cent."""

    def taken(self, slip):
        return -sum(slip.line_ids.filtered(lambda line: line.code == CODE).mapped("total"))

    def confirm(self, slip):
        slip.action_payslip_done()
        self.assertAlmostEqual(sum(slip.deduction_ids.mapped("amount")), self.taken(slip), 6)
        return self.taken(slip)

    def test_exactly_a_fifth_is_taken_at_once(self):
        penalty = self.make_penalty(1200)
        slip = self.make_slip()
        self.assertEqual(self.confirm(slip), 1200)
        self.assertEqual(penalty.state, "deducted")
        self.assertFalse(slip.penalty_warning)

    def test_a_cent_above_a_fifth_waits_for_the_next_payslip(self):
        penalty = self.make_penalty(1200.01)
        self.assertEqual(self.confirm(self.make_slip()), 1200)
        self.assertEqual((penalty.state, penalty.amount_open), ("confirmed", 0.01))
        self.assertEqual(self.confirm(self.make_slip(months=1)), 0.01)
        self.assertEqual(penalty.state, "deducted")

    def test_the_smaller_of_both_limits_counts(self):
        self.make_penalty(5000)
        for minimum, taken in ((4799.99, 1200), (4800, 1200), (4800.01, 1199.99), (5999.99, 0.01)):
            self.company.aftersales_minimum_wage = minimum
            self.assertAlmostEqual(self.taken(self.make_slip()), taken, 6)

    def test_nothing_is_taken_from_the_minimum_wage_or_less(self):
        self.make_penalty(100)
        for minimum in (6000, 6000.01):
            self.company.aftersales_minimum_wage = minimum
            self.assertFalse(self.taken(self.make_slip()))

    def test_share_is_what_the_company_set(self):
        self.make_penalty(5000)
        for percent, taken in ((0, 0), (0.01, 0.6), (33.33, 1999.8), (100, 5000)):
            self.company.aftersales_ceiling_percent = percent
            self.assertAlmostEqual(self.taken(self.make_slip()), taken, 6)

    def test_minimum_wage_is_left_once_a_month_not_of_each_payslip(self):
        self.company.aftersales_minimum_wage = 5000
        self.make_penalty(9000)
        # 6000 - 5000 is less than a fifth; with the second payslip a fifth of 12000 is the limit
        self.assertEqual(self.confirm(self.make_slip()), 1000)
        self.assertEqual(self.confirm(self.make_slip()), 1400)

    def test_month_is_that_of_the_end_of_the_payslip(self):
        self.make_penalty(9000)
        first = self.month + relativedelta(months=1)
        self.assertEqual(self.confirm(self.make_slip()), 1200)
        # begins in this month and ends in the next one
        values = {"date_from": first - relativedelta(days=1), "date_to": first}
        self.assertEqual(self.confirm(self.make_slip(**values)), 1200)
        # a payslip of the same, next month: a fifth of both wages less the amount taken
        self.assertEqual(self.confirm(self.make_slip(months=1)), 1200)
        self.assertEqual(self.confirm(self.make_slip(months=2)), 1200)

    def test_minimum_wage_is_left_in_the_month_of_the_end(self):
        self.company.aftersales_minimum_wage = 5500
        self.make_penalty(9000)
        first = self.month + relativedelta(months=1)
        self.assertEqual(self.confirm(self.make_slip()), 500)
        values = {"date_from": first - relativedelta(days=1), "date_to": first}
        self.assertEqual(self.confirm(self.make_slip(**values)), 500)

    def test_refunded_payslip_counts_no_more(self):
        self.make_penalty(9000)
        slip = self.make_slip()
        self.confirm(slip)
        slip.refund_sheet()
        self.assertEqual(self.confirm(self.make_slip()), 1200)

    def test_others_payslips_do_not_count(self):
        other = self.make_employee(wage=9999)
        self.make_slip(other).action_payslip_done()
        self.make_penalty(9000)
        self.assertEqual(self.confirm(self.make_slip()), 1200)

    def test_currency_without_cents_rounds_down(self):
        self.company.sudo().currency_id = self.env.ref("base.JPY")
        self.worker.version_id.wage = 3333
        penalty = self.make_penalty(1000)
        self.assertEqual(self.confirm(self.make_slip()), 666)
        self.assertEqual(penalty.amount_open, 334)

    def test_parts_of_a_cent_that_no_payslip_shows_stay_open(self):
        currency = self.env.ref("base.KWD")
        currency.active = True
        self.company.sudo().currency_id = currency
        self.worker.version_id.wage = 3333.33
        penalty = self.make_penalty(666.673)
        self.assertEqual(self.confirm(self.make_slip()), 666.66)
        self.assertAlmostEqual(penalty.amount_open, 0.013, 6)
        self.assertEqual(self.confirm(self.make_slip(months=1)), 0.01)
        self.assertAlmostEqual(penalty.amount_open, 0.003, 6)
        self.assertEqual(self.confirm(self.make_slip(months=2)), 0)

    def test_each_company_has_its_own_limit(self):
        other = self.make_company()
        self.env.user.company_ids += other
        other.aftersales_ceiling_percent = 10
        other.aftersales_objection_days = 0
        self.structure.rule_ids.company_id = False
        self.structure.rule_ids.category_id.company_id = False
        structure = self.structure.copy({"company_id": other.id})
        self.manager.company_ids = [Command.link(other.id)]
        everywhere = {"allowed_company_ids": [other.id, self.company.id]}
        there = self.make_employee(company_id=other.id, department_id=False)
        penalties = self.env["aftersales.penalty"].with_context(**everywhere)
        # found while a regulation was in force there
        penalty = penalties.with_user(self.manager)._create_unlocked(
            {
                "found_by": "event",
                "employee_id": there.id,
                "rule_id": self.env.ref("jinyang_aftersales_penalty.penalty_rule_misconduct").id,
                "amount": 1000,
                "company_id": other.id,
            }
        )
        penalty.action_notify()
        penalty.sudo()._write_unlocked({"objection_deadline": self.month - relativedelta(days=1)})
        penalty.action_confirm()
        self.make_penalty(1000)
        slip = self.make_slip(there, company_id=other.id, struct_id=structure.id)
        self.assertEqual(self.confirm(slip), 600)
        self.assertEqual(self.confirm(self.make_slip()), 1000)
        funds = self.env["aftersales.fund"].with_context(**everywhere).search([])
        balances = {fund.company_id: fund.balance for fund in funds}
        self.assertEqual(balances, {other: 600, self.company: 1000})

    def test_limit_of_a_month_with_two_contracts_is_that_of_its_wage(self):
        """The structure sums both wages, 6000 and 7000: the limit is a fifth of 13000, not of 6000 + 13000."""
        penalty = self.make_penalty(9000)
        self.make_contract(self.worker, self.month.replace(day=15), 7000.0)
        slip = self.make_slip(contract_id=False)
        gross = slip.line_ids.filtered(lambda line: line.code == "GROSS")
        self.assertEqual(gross.mapped("total"), [6000, 13000])
        self.assertEqual(self.confirm(slip), 2600)
        self.assertEqual(penalty.amount_open, 6400)
        # the second payslip of the month has the same wage, and the same limit
        self.assertEqual(self.confirm(self.make_slip(contract_id=False)), 2600)
        for minimum, taken in ((33800.01, 0), (33799.99, 0.01)):
            self.company.aftersales_minimum_wage = minimum
            third = self.make_slip(contract_id=False)
            self.assertAlmostEqual(self.taken(third), taken, 6)

    def test_oldest_is_taken_first(self):
        second, first = self.make_penalty(1000), self.make_penalty(1000)
        first.sudo()._write_unlocked({"confirmed_on": self.month - relativedelta(days=1)})
        self.confirm(self.make_slip())
        self.assertEqual((first.amount_open, second.amount_open), (0, 800))
        third = self.make_penalty(300)
        self.confirm(self.make_slip(months=1))
        self.assertEqual((second.amount_open, third.amount_open), (0, 0))

    def test_confirmed_on_the_last_day_is_taken_a_day_later_waits(self):
        penalty = self.make_penalty(50)
        end = self.make_slip(compute=False).date_to
        for day, taken in ((end + relativedelta(days=1), 0), (end, 50)):
            penalty.sudo()._write_unlocked({"confirmed_on": day})
            self.assertEqual(self.taken(self.make_slip()), taken)
