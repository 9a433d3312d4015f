from base64 import b64decode, b64encode

from dateutil.relativedelta import relativedelta
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.jinyang_aftersales.tests.shared.files_common import ReadCounter

from .. import penalty_common
from ..penalty_common import RECEIPT


@tagged("post_install", "-at_install")
class TestFund(penalty_common.PenaltyCommon):
    """七.8: deducted fines go to the department's fund; the director spends it, and its moves show the use."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_penalty(100)
        cls.make_slip().action_payslip_done()
        fund = cls.env["aftersales.fund"].search([("department_id", "=", cls.department.id)])
        cls.fund = fund.with_user(cls.director)

    def test_what_it_holds_is_not_entered(self):
        for name in ("balance", "income", "reversed_amount", "spent"):
            with self.assertRaisesRegex(UserError, "Use the buttons"), self.cr.savepoint():
                self.fund.write({name: 9999})
            values = {"company_id": self.company.id, name: 9999}
            with self.assertRaisesRegex(UserError, "Use the buttons"), self.cr.savepoint():
                self.fund.create(values)
        other = self.department.copy({"name": "Sales"})
        forged = self.fund.with_context(default_balance=9999, default_income=9999)
        made = forged.create({"company_id": self.company.id, "department_id": other.id})
        self.env.invalidate_all()
        self.assertEqual((made.balance, made.income), (0, 0))
        # read-only fields of the form are not sent by the client, but may be written by RPC
        with self.assertRaisesRegex(UserError, "Use the buttons"):
            self.fund.write({"balance": 100})

    def test_totals_are_searched_sorted_and_summed(self):
        other = self.department.copy({"name": "Sales"})
        empty = self.fund.sudo().create({"company_id": self.company.id, "department_id": other.id})
        self.fund.action_spend(30, "Outing", RECEIPT)
        both = self.fund | empty.with_env(self.fund.env)
        ours = [("id", "in", both.ids)]
        for name, amount in (
            ("balance", 70),
            ("income", 100),
            ("reversed_amount", 0),
            ("spent", 30),
        ):
            self.assertEqual(both.mapped(name), [amount, 0])
            self.assertEqual(
                both.search([*ours, (name, "=", amount)]), self.fund if amount else both
            )
            self.assertEqual(both.search([*ours, (name, ">", 0)]), both.filtered(name))
            self.assertEqual(both.search([*ours, (name, "=", False)]), both - both.filtered(name))
            self.assertEqual(both._read_group(ours, [], [f"{name}:sum"]), [(amount,)])
        self.assertEqual(both.search(ours, order="balance desc"), both)
        self.assertEqual(both.search(ours, order="balance"), both[::-1])

    def test_each_spending_counts_up_the_row_of_the_fund_and_fines_do_not(self):
        number, written = self.fund.spending_number, self.fund.write_date
        self.make_penalty(20)
        self.make_slip().action_payslip_done()
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual((self.fund.balance, self.fund.spending_number), (120, number))
        self.assertEqual(self.fund.write_date, written)
        self.fund.action_spend(30, "Outing", RECEIPT)
        self.assertEqual(self.fund.spending_number, number + 1)

    def test_spending_needs_an_amount_and_a_purpose(self):
        for amount, purpose in ((0, "Tea"), (-5, "Tea"), (0.001, "Tea"), (5, " "), (5, False)):
            with self.assertRaisesRegex(UserError, "above zero"), self.cr.savepoint():
                self.fund.action_spend(amount, purpose, RECEIPT)
        self.assertEqual(self.fund.balance, 100)
        self.fund.action_spend(100, " Outing ", RECEIPT)
        self.assertEqual((self.fund.balance, self.fund.spent), (0, 100))
        move = self.fund.move_ids.filtered(lambda row: row.kind == "spending")
        self.assertRecordValues(move, [{"amount": -100, "purpose": "Outing"}])
        self.assertEqual(move.date, self.company._aftersales_today())

    def test_receipt_is_decoded_and_looked_at_once(self):
        raw, counter = b64decode(RECEIPT), ReadCounter()
        with counter.watch():
            move = self.fund.action_spend(10, "Tea", RECEIPT)
        self.assertEqual(counter.of(raw), (1, 1))
        self.env.invalidate_all()
        self.assertEqual(b64decode(move.receipt), raw)
        files = self.env["ir.attachment"].sudo()
        kept = files.search([("res_model", "=", move._name), ("res_field", "=", "receipt")])
        with self.assertRaises(ValidationError):
            kept.write({"raw": b"<html><script>alert(1)</script></html>"})

    def test_nothing_is_spent_in_the_future(self):
        today = self.company._aftersales_today()
        for day in (today + relativedelta(days=1), str(today + relativedelta(days=1))):
            with self.assertRaisesRegex(UserError, "in the future"), self.cr.savepoint():
                self.fund.action_spend(1, "Tea", RECEIPT, date=day)
        self.assertEqual(self.fund.action_spend(1, "Tea", RECEIPT, date=str(today)).date, today)

    def test_department_with_money_or_cases_is_not_deleted(self):
        self.worker.department_id = False
        other = self.department.copy({"name": "Sales"})
        employee = self.make_employee(self.colleague, department_id=other.id)
        self.assertEqual(self.make_penalty(30, employee, confirmed=False).department_id, other)
        employee.department_id = False
        for department in (self.department, other):
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaises(IntegrityError),
                self.cr.savepoint(),
            ):
                department.unlink()
        self.assertEqual(self.fund.department_id, self.department)

    def test_receipt_is_a_picture_or_a_paper(self):
        for raw in (b"<script>alert(1)</script>", b"MZ\x90", b"%PDF-" + b"0" * (11 * 1024**2)):
            with self.assertRaisesRegex(UserError, "receipt has to be"), self.cr.savepoint():
                self.fund.action_spend(1, "Tea", b64encode(raw), "receipt.pdf")
        with self.assertRaisesRegex(UserError, "receipt has to be"), self.cr.savepoint():
            self.fund.action_spend(1, "Tea", "no base64!", "receipt.pdf")
        for nothing in (False, "", None):
            with self.assertRaisesRegex(UserError, "Attach the receipt"), self.cr.savepoint():
                self.fund.action_spend(1, "Tea", nothing)
        move = self.fund.action_spend(1, "Tea", b64encode(b"%PDF-1.4\n%%EOF"), "../receipt.pdf")
        self.assertTrue(move.receipt)
        self.assertNotIn("/", move.receipt_name)

    def test_fund_stays_the_fund_of_its_department(self):
        other = self.department.copy({"name": "Sales"})
        with self.assertRaisesRegex(UserError, "stays the fund"), self.cr.savepoint():
            self.fund.write({"department_id": other.id})
        with self.assertRaises(AccessError), self.cr.savepoint():
            self.fund.unlink()
        empty = self.fund.sudo().create({"department_id": other.id})
        with self.assertRaises(AccessError), self.cr.savepoint():
            empty.with_user(self.manager).write({"department_id": False})
        empty.with_user(self.director).write({"department_id": False})

    def test_fine_goes_to_the_department_of_the_case(self):
        """The fine of an employee who changed the department goes to the fund of the former one."""
        penalty = self.make_penalty(30)
        self.worker.department_id = self.department.copy({"name": "Sales"})
        with self.assertRaisesRegex(UserError, "Use the buttons"), self.cr.savepoint():
            penalty.with_user(self.manager).write({"department_id": self.worker.department_id.id})
        self.make_slip().action_payslip_done()
        self.assertEqual(self.fund.balance, 130)

    def test_fine_that_is_entered_later_goes_to_the_department_of_its_day(self):
        """七.8: whoever works elsewhere when the case is entered worked here on its day."""
        day = self.company._aftersales_today()
        sales = self.department.copy({"name": "Sales"})
        self.worker.create_version({"date_version": day, "department_id": sales.id})
        before = day - relativedelta(days=1)
        penalty = self.make_penalty(30, confirmed=False, date=before)
        self.assertEqual(penalty.department_id, self.department)
        self.assertEqual(self.make_penalty(30, confirmed=False).department_id, sales)

    def test_fine_comes_in_on_the_day_it_is_taken(self):
        """The move has the present day, not the last day of the payslip, whose statement may have been printed."""
        penalty = self.make_penalty(30)
        self.make_slip(months=1).action_payslip_done()
        move = self.fund.move_ids.filtered(lambda row: row.penalty_id == penalty)
        self.assertEqual(move.date, self.company._aftersales_today())

    def test_statement_carries_each_month_over_to_the_next(self):
        today = self.company._aftersales_today()
        before = self.make_penalty(40)
        moves = self.env["aftersales.fund.move"].sudo()
        earlier = today.replace(day=1) - relativedelta(months=2)
        for kind, amount in (("income", 40), ("reversal", -15), ("spending", -5)):
            moves._create_unlocked(
                {
                    "fund_id": self.fund.id,
                    "kind": kind,
                    "amount": amount,
                    "date": earlier,
                    "penalty_id": before.id,
                }
            )
        self.fund.action_spend(60, "Outing", RECEIPT)
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertRecordValues(
            self.fund.month_ids.sorted("month"),
            [
                {
                    "month": earlier,
                    "opening": 0,
                    "income": 40,
                    "reversed_amount": 15,
                    "spent": 5,
                    "closing": 20,
                },
                {
                    "month": today.replace(day=1),
                    "opening": 20,
                    "income": 100,
                    "reversed_amount": 0,
                    "spent": 60,
                    "closing": 60,
                },
            ],
        )
        self.assertEqual(self.fund.balance, 60)
