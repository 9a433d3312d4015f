from odoo import api, fields, models
from odoo.exceptions import UserError

from .hr_payslip import CODE

# fields that decide whether a payslip takes or gives back penalties
BOOKED = {"state", "refunded_id", "credit_note"}
# fields that are fixed on payslips with bookings
FROZEN = {"employee_id", "date_from", "date_to", "company_id", "credit_note", "contract_id"}
# fields of a copy that callers may not set: they come from the original or are computed
COPIED = {"state", "line_ids", "input_line_ids"}


class HrPayslip(models.Model):
    """Updates the ledger with each change of a payslip, by button, wizard, batch or RPC."""

    _inherit = "hr.payslip"

    @api.model_create_multi
    def create(self, vals_list):
        slips = super().create(vals_list)
        slips._sync_deductions()
        return slips

    def write(self, vals):
        if FROZEN & vals.keys():
            self._check_not_booked(vals)
        before = self.refunded_id
        result = super().write(vals)
        if BOOKED & vals.keys():
            (self | before)._sync_deductions()
        return result

    def copy(self, default=None):
        """A copy begins without penalties; a refund gives back the amounts the ledger shows as taken.

        :param dict default: values that differ from the original
        """
        default = {name: (default or {})[name] for name in (default or {}).keys() - COPIED}
        with self._computing() as slips:
            copied = super(HrPayslip, slips).copy(default)
        copied = copied.with_env(self.env)
        for original, slip in zip(self, copied, strict=True):
            slip.input_line_ids.filtered(lambda line: line.code == CODE)._unlink_unlocked()
            lines = slip._get_penalty_lines()
            taken = sum(original.sudo().deduction_ids.mapped("amount"))
            if slip.credit_note and lines and taken > 0:
                lines[1:]._unlink_unlocked()
                lines[:1]._write_unlocked({"amount": -taken, "quantity": 1.0, "rate": 100.0})
            else:
                lines._unlink_unlocked()
        return copied

    @api.ondelete(at_uninstall=False)
    def _unlink_except_booked(self):
        # sudo: the officer may lack the right to read rows of the ledger
        if self.sudo().deduction_ids:
            raise UserError(self.env._("A payslip that took or returned penalties is not deleted."))

    def unlink(self):
        """Delete drafts with their computed lines; deleting a refund takes its bookings back."""
        with self._computing() as slips:
            return super(HrPayslip, slips).unlink()

    def _check_not_booked(self, vals):
        """:raises UserError: when the values change a fixed field of a booked payslip"""
        # sudo: the officer may lack the right to read rows of the ledger
        for slip in self.sudo().filtered("deduction_ids"):
            wrong = slip._changed_fields(vals, FROZEN)
            if wrong:
                raise UserError(
                    self.env._(
                        "%(slip)s has deducted penalties: %(fields)s cannot be changed. Refund it or set it to"
                        " draft first.",
                        slip=slip.name or slip.number,
                        fields=slip._labels(wrong),
                    )
                )

    # === Booking === #

    def _get_refunded_slips(self):
        """:return: the payslips that this one refunds, privileged"""
        # sudo: all refunds count, also those the officer may not read
        return self.sudo().search([("refunded_id", "in", self.ids)])

    def _get_refundable(self):
        """Amount a refund gives back: at most the amount the ledger shows as taken.

        :rtype: float
        """
        originals = self._get_refunded_slips()
        return max(sum(originals.deduction_ids.mapped("amount")), 0.0)

    def _sync_deductions(self):
        """Book the amounts payslips take or give back, and remove bookings that hold no longer."""
        # sudo: no user may write the ledger; the right to write the payslips was checked before
        slips = (self | self._get_refunded_slips().sudo(False)).sudo()
        for slip in slips.filtered(lambda slip: not slip.credit_note):
            slip._book(slip._get_wanted_deductions())
        # By RPC a payslip can be linked as refund without being a credit note: it then gives nothing back.
        for slip in (slips.refunded_id | slips).filtered("credit_note"):
            slip._book(slip._get_wanted_refunds())

    def _get_wanted_deductions(self):
        """Amounts by penalty that this payslip takes in its present state.

        :rtype: dict
        :raises UserError: when other payslips have used up the penalties or the month's limit since its computation
        """
        self.ensure_one()
        if self.state != "done":
            return {}
        if self.deduction_ids:
            # the payslip was booked when it became done, and later changes of penalties do not affect it
            return {row.penalty_id: row.amount for row in self.deduction_ids}
        currency = self._get_penalty_company().currency_id
        left = currency.round(self._get_penalty_line_amount())
        if left <= 0:
            return {}
        penalties = self._get_open_penalties()
        # Write the penalties: of two payslips confirmed at the same time, PostgreSQL refuses the later one, which
        # Odoo retries with the amounts that are left.
        penalties._write_unlocked({"booked_on": fields.Datetime.now()})
        limit = self._get_penalty_limit(self._get_gross_wage())
        wanted = {}
        for penalty in penalties:
            part = min(left, penalty.amount_open)
            if currency.compare_amounts(part, 0) > 0:
                wanted[penalty] = part
                left = currency.round(left - part)
        if left > 0 or currency.compare_amounts(sum(wanted.values()), limit) > 0:
            raise UserError(
                self.env._(
                    "The penalties of %s have changed since the payslip was computed: compute it again.",
                    self.employee_id.name,
                )
            )
        return wanted

    def _get_wanted_refunds(self):
        """Amounts by penalty, negative, that this refund gives back in its present state.

        :rtype: dict
        """
        self.ensure_one()
        if self.state != "done" or not self.credit_note:
            return {}
        wanted = {}
        for row in self._get_refunded_slips().deduction_ids:
            if row.amount > 0:
                wanted[row.penalty_id] = wanted.get(row.penalty_id, 0.0) - row.amount
        return wanted

    def _book(self, wanted):
        """Set the rows of the ledger for this payslip to exactly these amounts.

        :param dict wanted: amount by penalty
        """
        self.ensure_one()
        rows = self.deduction_ids
        booked = {row.penalty_id: row for row in rows}
        day = self._get_penalty_company()._aftersales_today()
        touched = self.env["aftersales.penalty"]
        # always in the same order, the oldest first, so that concurrent transactions lock rows in that order
        for penalty in dict.fromkeys([*wanted, *booked]):
            row = booked.get(penalty, rows.browse())
            amount = wanted.get(penalty, 0.0)
            delta = penalty.currency_id.round(amount - row.amount)
            if not delta:
                continue
            touched |= penalty
            if not amount:
                row._unlink_unlocked()
            elif row:
                row._write_unlocked({"amount": amount})
            else:
                rows._create_unlocked(
                    {"penalty_id": penalty.id, "payslip_id": self.id, "amount": amount}
                )
            self.env["aftersales.fund.move"]._book(penalty, delta, day)
        touched._sync_state()
