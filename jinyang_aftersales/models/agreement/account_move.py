from odoo import api, models

# what the transaction remembers until it ends
NOTED = "aftersales.agreement.moves"
UNDONE_PAYMENTS = ("draft", "canceled", "rejected")


class AccountMove(models.Model):
    """Invoices tell their service agreement what becomes of them."""

    _inherit = "account.move"

    @api.constrains("payment_state", "state")
    def _note_service_agreements(self):
        """Remember entries whose agreements have to be looked at before the transaction ends.

        Runs on writes and on every recomputation of the payment state, often in the midst of an entry being
        posted or reconciled: nothing may be read or written then. Nothing has happened yet to an entry that
        was never posted.
        """
        moves = self.filtered("posted_before")
        if moves:
            callbacks = self.env.cr.precommit
            if NOTED not in callbacks.data:
                callbacks.data[NOTED] = set()
                callbacks.add(self.browse()._sync_service_agreements)
            callbacks.data[NOTED].update(moves.ids)

    def _sync_service_agreements(self):
        """Let the agreements of these and of the remembered entries follow."""
        noted = self.env.cr.precommit.data.pop(NOTED, set())
        # sudo: whoever books, the agreements follow; nothing of them is shown to the accountant
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

        :return: contract.contract, privileged
        """
        if not self:
            return self.env["contract.contract"]
        # sudo: asked for by whoever books; only :meth:`_sync_payment` is done with the result
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
        # payments without a journal entry count as soon as they are on their way, even a part of the amount
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
