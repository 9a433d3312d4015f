from odoo import api, models

# key under which the transaction keeps the ids of the entries to look at before it commits
NOTED = "aftersales.agreement.moves"
UNDONE_PAYMENTS = ("draft", "canceled", "rejected")


class AccountMove(models.Model):
    """Service agreements follow the payment state of their invoices."""

    _inherit = "account.move"

    @api.constrains("payment_state", "state")
    def _note_service_agreements(self):
        """Note entries whose agreements are brought in line before the transaction commits.

        Runs on writes and on every recomputation of the payment state, often while an entry is being posted or
        reconciled, when nothing may be read or written. Entries that were never posted are left out: they have
        changed nothing yet.
        """
        moves = self.filtered("posted_before")
        if moves:
            callbacks = self.env.cr.precommit
            if NOTED not in callbacks.data:
                callbacks.data[NOTED] = set()
                callbacks.add(self.browse()._sync_service_agreements)
            callbacks.data[NOTED].update(moves.ids)

    def _sync_service_agreements(self):
        """Bring the agreements of these entries and of the noted ones in line with their payment."""
        noted = self.env.cr.precommit.data.pop(NOTED, set())
        # sudo: accountants may not write agreements, which follow the booking; nothing of them is shown
        moves = self.sudo() | self.sudo().browse(noted).exists()
        moves._get_service_agreements()._sync_payment()

    def _invoice_paid_hook(self):
        result = super()._invoice_paid_hook()
        self._sync_service_agreements()
        return result

    def unlink(self):
        agreements = self._get_service_agreements()
        names = agreements._name_invoices(self) if agreements else ""
        result = super().unlink()
        agreements._sync_payment(self.env._("Invoice %s was deleted", names))
        return result

    def _get_service_agreements(self):
        """The service agreements these entries invoice or pay.

        :return: contract.contract, as superuser
        """
        if not self:
            return self.env["contract.contract"]
        # sudo: accountants may not read agreements; the result is only given to :meth:`_sync_payment`
        partials = (
            self.env["account.partial.reconcile"]
            .sudo()
            .search(
                [
                    "|",
                    ("debit_move_id.move_id", "in", self.ids),
                    ("credit_move_id.move_id", "in", self.ids),
                ]
            )
        )
        moves = self.sudo() | (partials.debit_move_id | partials.credit_move_id).move_id
        groups = (
            self.env["account.move.line"]
            .sudo()
            ._read_group(
                [
                    ("move_id", "in", moves.ids),
                    ("contract_line_id.contract_id.is_service_agreement", "=", True),
                ],
                ["contract_line_id"],
            )
        )
        lines = self.env["contract.line"].sudo().union(*(line for (line,) in groups))
        return lines.contract_id

    # ------------------------------------------------------------------
    # Payment of one invoice
    # ------------------------------------------------------------------

    def _get_agreement_counterparts(self):
        """Journal items that pay or credit this invoice.

        :return: account.move.line
        """
        lines = self.line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )
        return (
            lines.matched_debit_ids.debit_move_id | lines.matched_credit_ids.credit_move_id
        ).filtered(lambda line: line.move_id != self)

    def _get_agreement_undone_payments(self):
        """Names of payments that are still matched with the invoice though they are no longer booked.

        Setting a payment back to draft leaves it matched, and the invoice "paid".

        :rtype: list[str]
        """
        moves = self._get_agreement_counterparts().move_id
        return moves.filtered(
            lambda move: move.state != "posted" or move.origin_payment_id.state in UNDONE_PAYMENTS
        ).mapped("display_name")

    def _is_agreement_invoice_settled(self):
        """Whether the whole invoice is paid, by what is booked now.

        :rtype: bool
        """
        self.ensure_one()
        if self.state != "posted" or self.payment_state not in ("paid", "in_payment"):
            return False
        if self._get_agreement_undone_payments():
            return False
        if self.currency_id.is_zero(self.amount_residual):
            return True
        # a payment without a journal entry counts from the moment it is in process, also a partial one
        amount = sum(
            payment.currency_id._convert(
                payment.amount, self.currency_id, self.company_id, payment.date
            )
            for payment in self._get_agreement_pending_payments()
        )
        return self.currency_id.compare_amounts(amount, self.amount_residual) >= 0

    def _get_agreement_pending_payments(self):
        """Payments of this invoice that have no journal entry.

        :return: account.payment
        """
        return self.matched_payment_ids.filtered(
            lambda payment: not payment.move_id and payment.state in ("in_process", "paid")
        )

    def _get_agreement_payment_dates(self):
        """On which days this invoice was paid.

        :rtype: list[datetime.date]
        """
        return [
            *self._get_agreement_counterparts().mapped("date"),
            *self._get_agreement_pending_payments().mapped("date"),
        ]
