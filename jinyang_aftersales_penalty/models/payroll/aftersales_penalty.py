from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Date, Domain

from odoo.addons.jinyang_aftersales.models.deadline.deadline import Deadline

from ..case.aftersales_penalty import DECIDE_ACTIVITY, NOTICE_ACTIVITY


class AftersalesPenalty(models.Model):
    """Giving back a fine that payslips have taken: decided by a manager, paid by the next payslip.

    The decision lowers what the employee owes; what payslips took beyond that is to be returned. The next payslip
    that is done pays it, without regard to the legal limit of deductions. Where none follows, it is paid outside,
    with proof.
    """

    _inherit = "aftersales.penalty"

    return_ids = fields.One2many(
        comodel_name="aftersales.penalty.return",
        inverse_name="penalty_id",
        string="Returns",
        readonly=True,
        copy=False,
    )
    # One payslip returns to one employee at a time: the search is by employee.
    _to_return_idx = models.Index("(employee_id) WHERE amount_to_return > 0")

    # === Deciding === #

    def action_return(self, amount, reason):
        """Give back a part of what was deducted, or all of it; what is still open is not deducted any more.

        :param float amount: in the company's currency; False for all of it
        :param str reason: why, read by the employee
        :raises AccessError: for users who may not decide
        :raises UserError: without a reason, or for more than was deducted and is not to be returned already
        """
        self._check_manager()
        said = self._check_reason(reason, self.env._("Write why it is given back."))
        for penalty in self:
            penalty._lock_amounts()
            most = penalty._get_returnable()
            part = penalty.currency_id.round(most if amount is False else amount)
            if (
                not penalty._is_due()
                or part <= 0
                or penalty.currency_id.compare_amounts(part, most) > 0
            ):
                raise UserError(
                    self.env._(
                        "At most %(amount)s of %(penalty)s can be given back.",
                        amount=penalty._say_amount(most, penalty.currency_id),
                        penalty=penalty.display_name,
                    )
                )
            penalty._decide_return(
                part, said, amount_waived=penalty.amount_waived + penalty.amount_open
            )

    def action_withdraw_return(self, reason):
        """Take back the decision to give back what is not paid yet.

        :param str reason: why
        :raises AccessError: for users who may not decide
        :raises UserError: without a reason, or when nothing is to be returned
        """
        self._check_manager()
        said = self._check_reason(reason, self.env._("Write why it is not given back."))
        for penalty in self:
            penalty._lock_amounts()
            part = min(penalty.amount_to_return, penalty.amount_return)
            penalty._check_to_return(part)
            penalty._decide_return(-part, said)

    def action_pay_return(self, paid_on, proof, proof_name=False):
        """Record that what is to be returned was paid outside of payslips, because none follows.

        :param datetime.date paid_on: day of the payment
        :param proof: receipt, base64
        :param str proof_name: its file name
        :raises AccessError: for users who may not decide
        :raises UserError: when nothing is to be returned, for a day in the future, or without proof
        """
        self._check_manager()
        for penalty in self:
            penalty._lock_amounts()
            amount = penalty.amount_to_return
            penalty._check_to_return(amount)
            day, today = Date.to_date(paid_on), penalty.company_id._aftersales_today()
            if not day or day > today or not proof:
                raise UserError(
                    self.env._(
                        "Give the day of the payment, today or earlier, and attach its receipt."
                    )
                )
            vals = {
                "penalty_id": penalty.id,
                "source": "external",
                "amount": -amount,
                "paid_on": day,
                "proof": proof,
                "proof_name": proof_name,
            }
            # sudo: no user may write the ledger; the checks above allow this row
            self.env["aftersales.penalty.deduction"].sudo()._create_unlocked(vals)
            self.env["aftersales.fund.move"]._book([(penalty, -amount)], today)
            penalty._sync_state()
            penalty._follow_return()

    def _lock_amounts(self):
        """Write the penalty first: a payslip or a colleague who takes or returns it meanwhile is run again."""
        self._write_unlocked({"booked_on": fields.Datetime.now()})

    def _get_returnable(self):
        """:return: what was deducted and is not to be returned already"""
        self.ensure_one()
        return max(self.amount_deducted - self.amount_to_return, 0.0)

    def _check_to_return(self, amount):
        """:raises UserError: when nothing is to be returned"""
        if self.currency_id.compare_amounts(amount, 0) <= 0:
            raise UserError(self.env._("Nothing of %s is to be given back.", self.display_name))

    def _decide_return(self, amount, reason, **vals):
        """Store a decision, and ask for its payment by the end of the next month.

        :param float amount: negative when a decision is taken back
        :param str reason: why
        :param vals: other values of the penalty
        """
        # sudo: no user may write the ledger; the actions have checked who decides
        self.env["aftersales.penalty.return"].sudo()._create_unlocked(
            {
                "penalty_id": self.id,
                "amount": amount,
                "reason": reason,
                "decided_by_id": self.env.uid,
                "decided_on": fields.Datetime.now(),
            }
        )
        today = self.company_id._aftersales_today()
        self._write_unlocked(
            {
                "amount_return": self.currency_id.round(self.amount_return + amount),
                "follow_up_date": today + relativedelta(months=1, day=31),
                **vals,
            }
        )
        self._sync_state()
        self._withdraw_activities(DECIDE_ACTIVITY)
        self._message_log(body=self._describe_return(amount, reason))
        self._notify_users(
            self._get_concerned_user(),
            NOTICE_ACTIVITY,
            lambda penalty: penalty._describe_return(amount, reason),
        )

    def _describe_return(self, amount, reason):
        """:return: what was decided, for the history, in the language of the user"""
        said = self._say_amount(abs(amount), self.currency_id)
        if amount > 0:
            return self.env._("%(amount)s is given back: %(reason)s", amount=said, reason=reason)
        return self.env._(
            "%(amount)s is not given back after all: %(reason)s", amount=said, reason=reason
        )

    # === Following === #

    def _follow_return(self):
        """End the task when everything is returned; open it again when a payslip that returned it was taken back."""
        for penalty in self.filtered("return_ids"):
            if not penalty.amount_to_return:
                penalty._withdraw_activities(DECIDE_ACTIVITY, NOTICE_ACTIVITY)
            else:
                today = penalty.company_id._aftersales_today()
                penalty._write_unlocked({"follow_up_date": today + relativedelta(months=1, day=31)})

    @api.model
    def _get_deadlines(self, company):
        return [
            *super()._get_deadlines(company),
            # a return that no payslip has paid: the employee may have left
            Deadline(
                "return",
                "follow_up_date",
                Domain("amount_to_return", ">", 0),
                DECIDE_ACTIVITY,
                escalate_days=None,
                users=lambda penalty: penalty._get_deciding_users(),
                managers=lambda penalty: penalty._get_deciding_users(),
                note=lambda penalty, _due: penalty.env._(
                    "%(amount)s of %(penalty)s is still to be given back to %(employee)s: by the next payslip, or"
                    " outside of it.",
                    amount=penalty._say_amount(penalty.amount_to_return, penalty.currency_id),
                    penalty=penalty.display_name,
                    employee=penalty.employee_id.name,
                ),
            ),
        ]

    def _filter_to_return(self, company):
        """Of these penalties those of which something is to be returned by the next payslip.

        :param company: res.company
        """
        return self.filtered(
            lambda penalty: penalty.company_id == company and penalty.amount_to_return > 0
        )

    def _sum_balance(self, company, day):
        """What a payslip should take of these penalties, less what it should return.

        :param company: res.company
        :param datetime.date day: end of the payslip's period
        :rtype: float
        """
        due = sum(self._filter_open(company, day).mapped("amount_open"))
        return due - sum(self._filter_to_return(company).mapped("amount_to_return"))
