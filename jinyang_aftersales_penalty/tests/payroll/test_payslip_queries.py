from odoo.tests import tagged

from .. import penalty_common


@tagged("post_install", "-at_install")
class TestPayslipQueries(penalty_common.PenaltyCommon):
    """What penalties add to the queries of payslips, as a difference to the same payslips without any."""

    FINES = (50, 30, 20)

    def count(self, slips, fines):
        """Queries of computing and confirming payslips of as many employees.

        :param int slips: number of employees
        :param fines: amounts of the penalties of each
        :rtype: int
        """
        drafts = self.env["hr.payslip"]
        for _number in range(slips):
            worker = self.make_employee()
            for amount in fines:
                self.make_penalty(amount, worker)
            drafts |= self.make_slip(compute=False, employee=worker)
        self.env.flush_all()
        self.env.invalidate_all()
        begin = self.cr.sql_log_count
        drafts.compute_sheet()
        drafts.with_context(without_compute_sheet=True).action_payslip_done()
        self.env.flush_all()
        queries = self.cr.sql_log_count - begin
        rows = drafts.deduction_ids
        self.assertEqual(sum(rows.mapped("amount")), slips * sum(fines))
        self.assertEqual(len(rows), slips * len(fines))
        moves = self.env["aftersales.fund.move"].search([("penalty_id", "in", rows.penalty_id.ids)])
        self.assertEqual(sum(moves.mapped("amount")), slips * sum(fines))
        return queries

    def test_penalties_cost_few_queries_a_payslip(self):
        # the fund, the department and the structure are known by now
        self.count(1, self.FINES)
        few, many = (self.count(slips, self.FINES) - self.count(slips, ()) for slips in (2, 8))
        self.assertLessEqual(few, 16)
        # input and penalties of a payslip; what all payslips read and book is read and booked once
        self.assertLessEqual(many - few, 6 * 1)
