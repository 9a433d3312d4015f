from datetime import timedelta

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.exceptions import UserError

LATE_ACTIVITY = "jinyang_aftersales.mail_activity_late_payment"


class ContractContract(models.Model):
    """五.2.6: the money is there within three days of signing, or somebody asks for it."""

    _inherit = "contract.contract"

    payment_chased_on = fields.Date(string="Late Payment Told On", readonly=True, copy=False)
    payment_escalated_on = fields.Date(
        string="Late Payment Escalated On", readonly=True, copy=False
    )

    @api.model
    def _chase_late_payments(self, company, today):
        """Tell specialists, and later their managers, of agreements that should have been paid.

        Each is told at most once for an agreement, however often and wherever this runs; a payment that
        was undone counts anew.

        :param company: res.company
        :param datetime.date today: the company's calendar day
        :return: the agreements somebody was told of
        :raises UserError: naming the agreements that failed, once the others are done
        """
        # sudo: the company's own routine, whoever runs it; it reads invoices and writes activities
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
        told, errors = waiting.browse(), []
        for agreement, moves in waiting._get_agreement_moves().items():
            due = agreement._get_overdue_since(moves, today)
            escalate = due and today > due + days
            if not due or (agreement.payment_chased_on and not escalate):
                continue
            try:
                with self.env.cr.savepoint():
                    agreement._chase_late_payment(today, due, escalate)
                told |= agreement
            except OperationalError:
                raise
            except Exception as error:
                # the others are told all the same
                errors.append(f"{agreement.name}: {error}")
        self.env["aftersales.job"]._checkpoint(len(told), 0)
        if errors:
            raise UserError("\n".join(errors))
        return told

    def _chase_late_payment(self, today, due, escalate):
        """Tell whoever has to be told by now that this agreement is not paid.

        :param datetime.date today: the company's calendar day
        :param datetime.date due: when it was to be paid
        :param bool escalate: tell the managers, too
        """
        self.ensure_one()
        vals = {}
        user = self._get_late_payment_user()
        if user and not self.payment_chased_on:
            self._tell_late_payment(user, today, due)
            vals["payment_chased_on"] = today
        managers = escalate and self._get_service_managers(user) - user
        if managers:
            self._tell_late_payment(managers, today, due)
        if escalate and (managers or user):
            vals["payment_escalated_on"] = today
        self._opened().write(vals)

    def _get_overdue_since(self, moves, today):
        """The earliest due date of a posted invoice that has passed without payment.

        :param moves: account.move of the agreement, privileged
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

    def _tell_late_payment(self, users, today, due):
        self.ensure_one()
        for user in users:
            self.with_context(mail_notify_force_send=False).activity_schedule(
                LATE_ACTIVITY,
                date_deadline=today,
                user_id=user.id,
                note=self.env._(
                    "%(agreement)s of %(customer)s was to be paid by %(due)s.",
                    agreement=self.name,
                    customer=self.commercial_partner_id.display_name,
                    due=due,
                ),
            )

    def _close_late_payment(self, done=True):
        """Nobody has to ask for this money any more.

        :param bool done: it came in; otherwise there is nothing left to ask for
        """
        # sudo: the reminders of several people, closed by what happened to the agreement
        agreements = self.sudo()
        if done:
            agreements.activity_feedback([LATE_ACTIVITY], feedback=self.env._("Paid."))
        else:
            agreements.activity_unlink([LATE_ACTIVITY])
            agreements._opened().write({"payment_chased_on": False, "payment_escalated_on": False})
