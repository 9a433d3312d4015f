from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from ..common import AftersalesCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10 04:00:00")
class TestAgreementPayment(AftersalesCommon):
    """五.2.7: a payment moves the service period; undoing it in any way moves it back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.installation = cls.make_installation(end=cls.day("2026-03-31"))
        cls.agreement = cls.make_agreement(
            cls.installation, start=cls.day("2026-04-01"), signed=True
        )
        cls.invoice = cls.agreement.invoice_ids
        cls.bank = cls.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", cls.company.id)], limit=1
        )

    def assertPaid(self, message=None):
        self.commit()
        self.assertTrue(self.agreement.paid_on, message)
        self.assertEqual(self.installation.service_date_end, self.day("2027-03-31"), message)
        rows = self.agreement_rows()
        self.assertEqual(len(rows.filtered("effective")), 1, message)

    def assertUnpaid(self, message=None):
        self.commit()
        self.assertFalse(self.agreement.paid_on, message)
        self.assertEqual(self.installation.service_date_end, self.day("2026-03-31"), message)
        self.assertFalse(self.agreement_rows().filtered("effective"), message)

    def agreement_rows(self):
        return self.installation.period_ids.filtered(lambda row: row.contract_id == self.agreement)

    def book_through_outstanding(self):
        """Let payments of the bank journal get a journal entry, as in companies that reconcile statements."""
        account = self.env["account.account"].create(
            {
                "name": "Outstanding Receipts",
                "code": "100299",
                "account_type": "asset_current",
                "reconcile": True,
                "company_ids": [Command.set(self.company.ids)],
            }
        )
        self.bank.inbound_payment_method_line_ids.payment_account_id = account

    def book_without_entry(self):
        """Let payments have no journal entry of their own, as in companies that only match bank statements."""
        self.bank.inbound_payment_method_line_ids.payment_account_id = False
        self.patch(
            self.env.registry["account.move"],
            "_get_invoice_in_payment_state",
            lambda self: "in_payment",
        )

    def test_paying_moves_the_period_and_keeps_its_start(self):
        self.assertUnpaid()
        self.pay(self.agreement)
        self.assertPaid()
        self.assertEqual(self.installation.service_date_start, self.day("2025-04-01"))

    # ------------------------------------------------------------------
    # Each way of undoing a payment, and of making it again
    # ------------------------------------------------------------------

    def test_payment_without_entry_set_back_to_draft(self):
        self.book_without_entry()
        payment = self.pay(self.agreement)
        self.assertFalse(payment.move_id)
        self.assertPaid()
        payment.action_draft()
        self.assertUnpaid()
        payment.action_post()
        self.assertPaid()

    def test_payment_without_entry_cancelled_rejected_or_deleted(self):
        self.book_without_entry()
        payment = self.pay(self.agreement)
        payment.action_cancel()
        self.assertUnpaid("cancelled")
        payment.action_draft()
        payment.action_post()
        self.assertPaid("posted again")
        payment.action_reject()
        self.assertUnpaid("rejected")
        payment.action_draft()
        payment.action_post()
        self.assertPaid("posted once more")
        payment.action_draft()
        payment.unlink()
        self.assertUnpaid("deleted")

    def test_a_part_on_its_way_does_not_pay_the_whole(self):
        """Odoo marks an invoice as paid as soon as any payment without a journal entry is in process."""
        self.book_without_entry()
        self.pay(self.agreement, amount=400)
        self.assertUnpaid()
        self.pay(self.agreement, amount=600)
        self.assertPaid()

    def test_payment_with_entry_set_back_to_draft(self):
        self.book_through_outstanding()
        payment = self.pay(self.agreement)
        self.assertTrue(payment.move_id)
        self.assertPaid()
        payment.action_draft()
        self.assertUnpaid()
        payment.action_post()
        self.assertPaid()

    def test_payment_with_entry_cancelled_or_deleted(self):
        self.book_through_outstanding()
        payment = self.pay(self.agreement)
        payment.action_cancel()
        self.assertUnpaid("cancelled")
        payment = self.pay(self.agreement)
        self.assertPaid("paid anew")
        payment.action_draft()
        payment.unlink()
        self.assertUnpaid("deleted")

    def test_entry_of_the_payment_set_back_to_draft_by_itself(self):
        self.book_through_outstanding()
        payment = self.pay(self.agreement)
        payment.move_id.button_draft()
        self.assertUnpaid()
        payment.move_id.action_post()
        self.assertPaid()

    def test_unreconciled_on_the_invoice_and_reconciled_again(self):
        self.book_through_outstanding()
        payment = self.pay(self.agreement)
        receivable = self.invoice.line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )
        self.invoice.js_remove_outstanding_partial(receivable.matched_credit_ids.id)
        self.assertUnpaid("partial removed")
        credit = payment.move_id.line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )
        self.invoice.js_assign_outstanding_line(credit.id)
        self.assertPaid("assigned again")
        receivable.remove_move_reconcile()
        self.assertUnpaid("unreconciled")
        (receivable | credit).reconcile()
        self.assertPaid("reconciled again")

    def test_invoice_set_back_to_draft_and_posted_again(self):
        for book in (self.book_through_outstanding, self.book_without_entry):
            book()
            payment = self.pay(self.agreement)
            self.assertPaid()
            self.invoice.button_draft()
            self.assertUnpaid()
            self.invoice.action_post()
            self.assertPaid()
            payment.action_draft()
            payment.unlink()
            self.assertUnpaid()

    def test_invoice_cancelled_and_made_anew(self):
        self.pay(self.agreement)
        self.invoice.button_cancel()
        self.assertUnpaid("cancelled")
        self.assertFalse(self.agreement.contract_line_ids.last_date_invoiced)
        self.agreement.action_create_invoice()
        self.assertUnpaid("made anew")
        self.assertEqual(len(self.agreement.invoice_ids), 2)
        self.pay(self.agreement)
        self.assertPaid("paid again")

    def test_invoice_deleted_and_made_anew(self):
        self.pay(self.agreement)
        self.invoice.button_draft()
        self.invoice.unlink()
        self.assertUnpaid("deleted")
        self.assertIn("was deleted", self.agreement_rows()[0].revert_reason)
        self.agreement.action_create_invoice()
        self.pay(self.agreement)
        self.assertPaid("paid again")

    def reverse(self, modify=False):
        wizard = (
            self.env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=self.invoice.ids)
            .create({"reason": "wrong", "journal_id": self.invoice.journal_id.id})
        )
        action = wizard.modify_moves() if modify else wizard.refund_moves()
        return self.env["account.move"].browse(action["res_id"])

    def test_credit_note_over_the_whole(self):
        self.pay(self.agreement)
        refund = self.reverse()
        self.assertPaid("a draft credit note changes nothing")
        refund.action_post()
        self.assertUnpaid("credited")
        self.assertIn(refund.name, self.agreement_rows()[0].revert_reason)
        refund.button_draft()
        self.assertPaid("credit note withdrawn")

    def test_credit_note_over_a_part_leaves_the_term_paid(self):
        self.pay(self.agreement)
        refund = self.reverse()
        refund.invoice_line_ids.price_unit = 100
        refund.action_post()
        self.assertPaid()

    def test_credit_note_before_the_payment(self):
        refund = self.reverse()
        refund.action_post()
        self.commit()
        self.assertEqual(self.invoice.payment_state, "reversed")
        self.assertUnpaid("nothing was paid")
        self.assertEqual(self.agreement.agreement_invoice_state, "reversed")
        self.agreement.action_create_invoice()
        self.pay(self.agreement)
        self.assertPaid("the new invoice is")

    def test_invoice_reversed_and_replaced(self):
        self.pay(self.agreement)
        replacement = self.reverse(modify=True)
        self.assertUnpaid("reversed")
        self.assertEqual(replacement.state, "draft")
        replacement.action_post()
        self.assertUnpaid("the new one is open")
        self.pay(self.agreement)
        self.assertPaid("the new one is paid")

    def test_bank_statement_line_matched_and_undone(self):
        line = self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.bank.id,
                "date": self.day("2026-03-10"),
                "payment_ref": "agreement",
                "partner_id": self.invoice.partner_id.id,
                "amount": self.invoice.amount_total,
            }
        )
        for _turn in range(2):
            _liquidity, suspense, _other = line._seek_for_lines()
            receivable = self.invoice.line_ids.filtered(
                lambda item: item.account_id.account_type == "asset_receivable"
            )
            suspense.account_id = receivable.account_id
            (suspense | receivable).reconcile()
            self.assertPaid("matched")
            line.action_undo_reconciliation()
            self.assertUnpaid("undone")

    def test_refunded_payment_by_reversing_its_entry(self):
        self.book_through_outstanding()
        payment = self.pay(self.agreement)
        payment.move_id._reverse_moves(cancel=True)
        self.assertUnpaid()
