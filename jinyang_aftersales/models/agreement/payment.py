from collections import namedtuple
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...activities import SERIAL_ACTIVITY
from ...groups import MANAGERS
from ...tools.text import list_words

# whether the whole term is paid, on which day, and otherwise the reason why it is not
Payment = namedtuple("Payment", ["complete", "day", "cause"])


LATE_ACTIVITY = "jinyang_aftersales.mail_activity_late_payment"


class ContractContract(models.Model):
    """A payment moves service periods and asks for serial numbers; undone, it takes both back (五.2.7, 五.6.4)."""

    _inherit = "contract.contract"

    payment_chased_on = fields.Date(string="Late Payment Told On", readonly=True, copy=False)
    payment_escalated_on = fields.Date(
        string="Late Payment Escalated On", readonly=True, copy=False
    )

    # ------------------------------------------------------------------
    # Is it paid?
    # ------------------------------------------------------------------

    def _get_payments(self):
        """How far each agreement is paid, read from accounting as it is now.

        :return: ``{contract: Payment}``
        :rtype: dict
        """
        moves = self._get_agreement_moves()
        return {contract: contract._get_payment(moves[contract]) for contract in self}

    def _get_payment(self, moves):
        """Payment of one agreement: it is paid when all its live invoices are posted, paid and not credited.

        :param moves: account.move, its invoices and credit notes, as superuser
        :rtype: Payment
        """
        self.ensure_one()
        if self.agreement_stage != "signed":
            return Payment(False, False, self.env._("%s is not signed", self.name))
        if self.is_paid_elsewhere:
            return Payment(True, self.paid_on, None)
        invoices = moves.filtered(
            lambda move: move.move_type == "out_invoice" and move.state != "cancel"
        )
        live = invoices.filtered(lambda move: move.payment_state != "reversed")
        refunds = moves.filtered(
            lambda move: move.move_type == "out_refund" and move.state == "posted"
        )
        if not live:
            if not invoices and self.company_id.currency_id.is_zero(self.agreement_amount):
                return Payment(True, self.signed_on, None)
            return Payment(False, False, self._get_undoing(moves, live, refunds))
        posted = invoices.filtered(lambda move: move.state == "posted")
        left = sum(posted.mapped("amount_total")) - sum(refunds.mapped("amount_total"))
        if self.company_id.currency_id.compare_amounts(left, 0) <= 0 or not all(
            move._is_agreement_invoice_settled() for move in live
        ):
            return Payment(False, False, self._get_undoing(moves, live, refunds))
        days = [day for move in live for day in move._get_agreement_payment_dates()]
        return Payment(True, max(days, default=self.company_id._aftersales_today()), None)

    def _get_undoing(self, moves, live, refunds):
        """Why the agreement is not paid any more, as a text for its history.

        :param moves: account.move, all of the agreement
        :param live: account.move, invoices neither cancelled nor credited
        :param refunds: account.move, posted credit notes
        :rtype: str
        """
        for move in live:
            if move.state == "draft" and move.posted_before:
                return self.env._("Invoice %s was set back to draft", move.name)
            payments = move._get_agreement_undone_payments()
            if payments:
                return self.env._(
                    "Payment %(payment)s of invoice %(invoice)s was set back to draft or cancelled",
                    payment=list_words(self.env, payments),
                    invoice=move.name,
                )
        left = sum(live.mapped("amount_total")) - sum(refunds.mapped("amount_total"))
        if refunds and (not live or left <= 0 or "draft" in live.mapped("state")):
            return self.env._("Credit note %s was issued", self._name_invoices(refunds))
        if live:
            return self.env._("The payment of invoice %s was undone", self._name_invoices(live))
        cancelled = moves.filtered(lambda move: move.state == "cancel")
        if cancelled:
            return self.env._("Invoice %s was cancelled", self._name_invoices(cancelled))
        return self.env._("The invoice was deleted")

    # ------------------------------------------------------------------
    # Another day of payment (五.2.4)
    # ------------------------------------------------------------------

    def action_open_payment_day(self):
        """Open the dialogue that asks for another day of payment."""
        self.ensure_one()
        return self._open_signing_dialog(
            self.env._("Another Payment Day"), "aftersales.agreement.payment.day"
        )

    def action_move_payment_day(self, day, reason):
        """Agree on another day of payment after the signature: the open invoice is due on it, and chased after it.

        :param datetime.date day: the new day
        :param str reason: why
        :raises AccessError: for users other than service managers
        :raises UserError: without a reason, for a day in the past, or when nothing is to be paid
        """
        self.check_access("write")
        day = fields.Date.to_date(day)
        for contract in self:
            if not self.env.user.has_group(MANAGERS):
                raise AccessError(
                    self.env._("Only a service manager agrees on another day of payment.")
                )
            text = self._check_reason(reason, self.env._("Say why it is paid on another day."))
            if not day or day < contract.company_id._aftersales_today():
                raise UserError(self.env._("Enter the new day of payment, today or later."))
            if contract.agreement_stage != "signed" or contract.paid_on:
                raise UserError(self.env._("Nothing is to be paid for %s.", contract.name))
            old = contract.payment_due_date
            contract._write_unlocked({"payment_due_date": day})
            posted = contract._get_live_invoices().filtered(lambda move: move.state == "posted")
            posted.write({"invoice_date_due": day})
            contract._close_late_payment(done=False)
            contract._message_log(
                body=self.env._(
                    "Payment moved from %(old)s to %(new)s: %(reason)s",
                    old=self._say_day(old) or "–",
                    new=self._say_day(day),
                    reason=text,
                )
            )

    # ------------------------------------------------------------------
    # Effects of a payment
    # ------------------------------------------------------------------

    def _sync_payment(self, reason=None):
        """Bring periods, serial numbers and activities in line with accounting; may be called any number of times.

        Called after every change that may concern the payment; reads accounting anew each time.

        :param str reason: the reason given in the history; by default the one found in accounting
        """
        # sudo: payments are booked by accountants, who have none of the service groups; period, serial state,
        # activities and history follow from the payment
        agreements = self.sudo().filtered("is_service_agreement").with_context(active_test=False)
        companies = self.env["res.company"]
        for agreement, payment in agreements._get_payments().items():
            agreement = agreement.with_company(agreement.company_id)
            if agreement.agreement_stage == "signed" and not agreement._get_live_invoices():
                agreement._release_invoiced_lines()
                agreement._owe_no_dispatch()
            cause = reason or payment.cause
            if agreement._sync_periods(payment.complete, cause):
                companies |= agreement.company_id
            agreement._sync_paid_on(payment, cause)
        if companies:
            # 五.2.2: notices follow the new ends of service; sudo: for the same reason as above
            self.env["aftersales.renewal.notice"].sudo()._reconcile(companies)

    def _sync_paid_on(self, payment, cause):
        self.ensure_one()
        if payment.complete and not self.paid_on:
            if self.is_paid_elsewhere:
                # on which day is not known here, and nobody is asked for it
                return
            self._write_unlocked({"paid_on": payment.day})
            self._close_late_payment()
            self._message_log(
                body=self.env._(
                    "Payment complete: service from %(start)s to %(end)s.",
                    start=self._say_day(self.term_start),
                    end=self._say_day(self.term_end),
                )
            )
        elif self.paid_on and not payment.complete:
            # so that a payment that was undone can be reported late once more
            self._write_unlocked(
                {"paid_on": False, "payment_chased_on": False, "payment_escalated_on": False}
            )
            self._message_log(
                body=self.env._(
                    "Payment undone by %(user)s: %(cause)s. The service periods went back.",
                    user=self.env.user.name,
                    cause=cause,
                )
            )

    def _sync_periods(self, complete, cause):
        """Move the periods of the covered installations to the term, or back.

        :param bool complete: whether the term is paid
        :param str cause: why a period goes back
        :return: whether any period moved
        :rtype: bool
        """
        self.ensure_one()
        rows = self.env["aftersales.service.period"].search(
            [("contract_id", "=", self.id), ("reverted_on", "=", False)]
        )
        kept = rows.filtered(
            lambda row: complete
            and row.installation_id in self.installation_ids
            and (row.date_start, row.date_end) == (self.term_start, self.term_end)
        )
        gone = rows - kept
        new = (
            (self.installation_ids - kept.installation_id) if complete else rows.installation_id[:0]
        )
        if gone:
            gone.write(
                {
                    "reverted_on": fields.Datetime.now(),
                    "revert_reason": self.env._(
                        "%(cause)s (by %(user)s)", cause=cause, user=self.env.user.name
                    ),
                }
            )
            # flushed first: the unique index would refuse the new periods beside the old ones
            gone.flush_recordset()
        for installation in new:
            installation._add_period("agreement", self.term_start, self.term_end, self)
        self._log_periods(gone.installation_id - new, new, cause)
        (gone.filtered(lambda row: row.installation_id not in new))._take_back_serials(self)
        if not self.is_paid_elsewhere:
            self._ask_for_serials(new)
        return bool(gone or new)

    def _log_periods(self, gone, new, cause):
        """Note on all installations together that their service period was moved or taken back."""
        values = {
            "agreement": self.name,
            "start": self._say_day(self.term_start),
            "end": self._say_day(self.term_end),
        }
        moved = self.env._("Service from %(start)s to %(end)s: %(agreement)s is paid.", **values)
        back = self.env._(
            "Service period of %(agreement)s taken back by %(user)s: %(cause)s.",
            agreement=self.name,
            user=self.env.user.name,
            cause=cause,
        )
        new._message_log_batch(bodies={installation.id: moved for installation in new})
        gone._message_log_batch(bodies={installation.id: back for installation in gone})

    def _ask_for_serials(self, installations):
        """五.2.7: a new service period needs a new serial number, which the specialist brings to the customer.

        :param installations: aftersales.installation, whose period moved
        """
        installations = installations.filtered("serial_number")
        installations.filtered(lambda rec: rec.serial_state != "to_update").write(
            {"serial_state": "to_update"}
        )
        self._schedule_serial_activity(
            installations, {rec: self._get_serial_user(rec) for rec in installations}
        )

    def _schedule_serial_activity(self, installations, users, note=None):
        """One open activity for each installation and user.

        :param installations: aftersales.installation
        :param dict users: ``{installation: res.users}``
        :param str note: text of the activity
        """
        activity_type = self.env.ref(SERIAL_ACTIVITY, raise_if_not_found=False)
        if not activity_type:
            return
        by_user = {}
        for installation in installations:
            for user in users[installation]:
                by_user.setdefault(user, installations.browse())
                by_user[user] |= installation
        deadline = fields.Date.add(
            self.company_id._aftersales_today(), days=activity_type.delay_count
        )
        for user, part in by_user.items():
            # without mail: an agreement may cover twenty installations, and the inbox shows the activities
            part._notify_users(user, SERIAL_ACTIVITY, note or "", deadline, mail=False, once=True)

    def _get_serial_user(self, installation):
        """Specialist who updates the serial number of an installation with the customer.

        :param installation: aftersales.installation
        :return: res.users, one active user of the company, or none
        """
        self.ensure_one()
        for user in (
            installation.user_id,
            self.user_id,
            self.commercial_partner_id.service_user_id,
        ):
            if user.active and not user.share and self.company_id in user.company_ids:
                return user
        return self._get_service_managers()[:1]

    def _get_service_managers(self, user=None):
        """The managers in charge: the leader of a user, else all managers of the company, else its directors.

        :param user: res.users whose manager is asked for
        :return: res.users
        """
        self.ensure_one()
        if user:
            # sudo: finds the user's leader, for users without access to employees
            employee = user.sudo().with_company(self.company_id).employee_id
            own = employee.parent_id.user_id & self.company_id._aftersales_users(MANAGERS)
            if own:
                return own
        return self.company_id._aftersales_managers()

    @api.model
    def _get_job_steps(self):
        return [
            *super()._get_job_steps(),
            # late payments are chased (五.2.6)
            (20, self._chase_late_payments),
            # 四 专员.6: other amounts
            (21, self.env["account.move"]._remind_debts),
        ]

    @api.model
    def _chase_late_payments(self, company, today):
        """Tell specialists, and later their managers, of agreements that should have been paid.

        Each person is told at most once for an agreement, also when this runs several times or twice at once; a
        payment that was undone counts anew.

        :param company: res.company
        :param datetime.date today: the company's calendar day
        :return: contract.contract, the agreements about which people were told
        :raises UserError: naming the agreements that failed, once the others are done
        """
        # sudo: a routine of the company, which reads invoices and writes activities; its user may do neither
        waiting = (
            self.sudo()
            .with_company(company)
            .search(
                [
                    ("is_service_agreement", "=", True),
                    ("company_id", "=", company.id),
                    ("agreement_stage", "=", "signed"),
                    ("paid_on", "=", False),
                    ("payment_escalated_on", "=", False),
                    ("signed_on", "<", today),
                ]
            )
        )
        # sudo: a setting of the company
        days = timedelta(days=company.sudo().aftersales_payment_escalation_days)
        late, errors = {}, []
        for agreement, moves in waiting._get_agreement_moves().items():
            due = agreement._get_overdue_since(moves, today)
            escalate = due and today > due + days
            if due and (escalate or not agreement.payment_chased_on):
                late[agreement] = due, escalate
        told, job = waiting.browse(), self.env["aftersales.job"]

        def chase(agreement):
            nonlocal told
            agreement._chase_late_payment(today, *late[agreement])
            told |= agreement

        job._each_apart(
            waiting.filtered(lambda agreement: agreement in late),
            chase,
            lambda agreement, error: errors.append(f"{agreement.name}: {error}"),
        )
        job._checkpoint(len(told), 0)
        if errors:
            raise UserError("\n".join(errors))
        return told

    def _chase_late_payment(self, today, due, escalate):
        """Tell the specialist, and the managers when it is time, that this agreement is not paid.

        :param datetime.date today: the company's calendar day
        :param datetime.date due: when it was to be paid
        :param bool escalate: tell the managers, too
        """
        self.ensure_one()
        vals = {}
        user = users = self._get_late_payment_user()
        if self.payment_chased_on:
            users = user.browse()
        elif user:
            vals["payment_chased_on"] = today
        managers = user.browse()
        if escalate:
            managers = self._get_service_managers(user) - user
        self._notify_users(
            users | managers,
            LATE_ACTIVITY,
            lambda agreement: agreement.env._(
                "%(agreement)s of %(customer)s was to be paid by %(due)s.",
                agreement=agreement.name,
                customer=agreement.commercial_partner_id.display_name,
                due=agreement._say_day(due),
            ),
            today,
            mail=False,
        )
        if escalate and (managers or user):
            vals["payment_escalated_on"] = today
        self._write_unlocked(vals)

    def _get_overdue_since(self, moves, today):
        """The earliest due date of a posted invoice that has passed without payment.

        :param moves: account.move of the agreement, as superuser
        :param datetime.date today: the company's calendar day
        :rtype: datetime.date | bool
        """
        self.ensure_one()
        return min(
            (
                move.invoice_date_due
                for move in moves
                if move.move_type == "out_invoice"
                and move.state == "posted"
                and move.payment_state != "reversed"
                and not move._is_agreement_invoice_settled()
                and move.invoice_date_due
                and move.invoice_date_due < today
            ),
            default=False,
        )

    def _get_late_payment_user(self):
        """The specialist who asks the customer for the money.

        :return: res.users
        """
        self.ensure_one()
        for user in (self.user_id, self.commercial_partner_id.service_user_id):
            if user.active and not user.share and self.company_id in user.company_ids:
                return user
        return self._get_service_managers()[:1]

    def _close_late_payment(self, done=True):
        """End the reminders of the late payment.

        :param bool done: whether the money came in; otherwise there is no claim any more
        """
        # sudo: ends the reminders of several people, not only those of the user
        agreements = self.sudo()
        if done:
            agreements.activity_feedback([LATE_ACTIVITY], feedback=self.env._("Paid."))
        else:
            agreements._withdraw_activities(LATE_ACTIVITY)
            agreements._write_unlocked({"payment_chased_on": False, "payment_escalated_on": False})
