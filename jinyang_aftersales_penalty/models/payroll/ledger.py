from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

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

    _one_refund = models.UniqueIndex(
        "(refunded_id) WHERE refunded_id IS NOT NULL AND state != 'cancel'",
        "A refund belongs to one payslip.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        slips = super().create(vals_list)
        # no payslip refers to a new one yet: drafts have nothing to book
        slips.filtered(lambda slip: slip.state == "done" or slip.refunded_id)._sync_deductions()
        return slips

    def write(self, vals):
        if FROZEN & vals.keys():
            self._check_not_booked(vals)
        before = self.refunded_id
        booked = self.filtered(lambda slip: slip.state == "done")
        result = super().write(vals)
        if "credit_note" in vals:
            # Computed as a payslip of the other kind, the lines would pay what the ledger does not know.
            with self._computing() as slips:
                drafts = slips.filtered(lambda slip: slip.state != "done")
                drafts.line_ids.filtered(lambda line: line.code == CODE).unlink()
        if BOOKED & vals.keys():
            affected = self | before
            if BOOKED.isdisjoint(vals.keys() - {"state"}):
                # payslips that were not done and are not done now have no bookings
                affected = booked | self.filtered(lambda slip: slip.state == "done")
            if affected:
                affected._forget_slips()
                affected._sync_deductions()
        return result

    def copy(self, default=None):
        """A copy begins without penalties, also one that calls itself a credit note: it refunds no payslip.

        The refund of a payslip gives back the amounts the ledger shows as taken.

        :param dict default: values that differ from the original
        """
        default = {name: (default or {})[name] for name in (default or {}).keys() - COPIED}
        with self._computing() as slips:
            copied = super(HrPayslip, slips).copy(default)
        copied = copied.with_env(self.env)
        refunding = "refunded_id" in self._get_unlocked_fields()
        for original, slip in zip(self, copied, strict=True):
            slip.input_line_ids.filtered(lambda line: line.code == CODE)._unlink_unlocked()
            lines = slip._get_penalty_lines()
            # sudo: the officer may lack the right to read rows of the ledger
            taken = sum(original.sudo().deduction_ids.mapped("amount"))
            if refunding and slip.credit_note and lines and taken:
                lines[1:]._unlink_unlocked()
                lines[:1]._write_unlocked({"amount": -taken, "quantity": 1.0, "rate": 100.0})
            else:
                lines._unlink_unlocked()
        return copied

    def refund_sheet(self):
        """Refund payslips, each once; a refund itself is not refunded.

        :raises UserError: for a refund, and for a payslip whose refund is not cancelled
        """
        for slip in self:
            # sudo: the officer may lack the right to read the refund
            refund = slip.sudo().refunded_id
            if slip.credit_note or (refund and refund.state != "cancel"):
                raise UserError(
                    self.env._("%s is a refund: it cannot be refunded.", slip.name or slip.number)
                    if slip.credit_note
                    else self.env._(
                        "%(slip)s is refunded by %(refund)s already.",
                        slip=slip.name or slip.number,
                        refund=refund.number or refund.name,
                    )
                )
        with self._lend_key("hr.payslip", ["refunded_id"]) as lending:
            return super(HrPayslip, lending).refund_sheet()

    @api.model
    def _get_protected_fields(self):
        # the link decides what a refund gives back: only refunding a payslip sets it
        return super()._get_protected_fields() | {"refunded_id"}

    @api.constrains("refunded_id", "employee_id")
    def _check_refund(self):
        """:raises ValidationError: when a payslip is refunded by that of somebody else, or by none"""
        # sudo: the officer may lack the right to read the refund
        for slip in self.sudo().filtered("refunded_id"):
            refund = slip.refunded_id
            if refund.employee_id != slip.employee_id or not refund.credit_note or refund == slip:
                raise ValidationError(
                    self.env._("%s is refunded by a refund of the same employee only.", slip.name)
                )

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
        """Amount a refund gives back: what the ledger shows as taken, negative where more was returned.

        :rtype: float
        """
        return sum(self._get_refunded_slips().deduction_ids.mapped("amount"))

    def _sync_deductions(self):
        """Book the amounts payslips take or give back, and remove bookings that hold no longer."""
        # sudo: no user may write the ledger; the right to write the payslips was checked before
        slips = (self | self._get_refunded_slips().sudo(False)).sudo()
        for group in slips.filtered(lambda slip: not slip.credit_note)._by_turns():
            group._book({slip: slip._get_wanted_deductions() for slip in group})
        # By RPC a payslip can be linked as refund without being a credit note: it then gives nothing back.
        for group in (slips.refunded_id | slips).filtered("credit_note")._by_turns():
            group._book({slip: slip._get_wanted_refunds() for slip in group})

    def _by_turns(self):
        """Groups with one payslip an employee: the second one has to see what the first has booked.

        :rtype: list
        """
        turns = []
        for slips in self.grouped("employee_id").values():
            for number, slip in enumerate(slips):
                if number == len(turns):
                    turns.append(self.browse())
                turns[number] |= slip
        return turns

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
        if not self._get_penalty_lines():
            return {}
        currency = self._get_penalty_company().currency_id
        returned = self._get_penalties_to_return()
        wanted = {penalty: -penalty.amount_to_return for penalty in returned}
        left = currency.round(self._get_penalty_line_amount() - sum(wanted.values()))
        if not left and not wanted:
            return {}
        penalties = self._get_open_penalties()
        # Write the penalties: of two payslips confirmed at the same time, PostgreSQL refuses the later one, which
        # Odoo retries with the amounts that are left.
        (penalties | returned)._write_unlocked({"booked_on": fields.Datetime.now()})
        limit = self._get_penalty_limit(self._get_gross_wage())
        taken = 0.0
        for penalty in penalties:
            part = min(left, penalty.amount_open)
            if currency.compare_amounts(part, 0) > 0:
                wanted[penalty] = part
                taken += part
                left = currency.round(left - part)
        if left or (taken and currency.compare_amounts(taken, limit) > 0):
            raise UserError(
                self.env._(
                    "The penalties of %s have changed since the payslip was computed: compute it again.",
                    self.employee_id.name,
                )
            )
        return wanted

    def _get_wanted_refunds(self):
        """Amounts by penalty that this refund gives back (negative) or takes again, in its present state.

        :rtype: dict
        """
        self.ensure_one()
        if self.state != "done" or not self.credit_note:
            return {}
        wanted = {}
        for row in self._get_refunded_slips().deduction_ids:
            wanted[row.penalty_id] = wanted.get(row.penalty_id, 0.0) - row.amount
        return wanted

    def _book(self, wanted):
        """Set the rows of the ledger for these payslips, of different employees, to exactly these amounts.

        :param dict wanted: amount by penalty, for each payslip
        """
        ledger = self.env["aftersales.penalty.deduction"]
        touched, gone = self.env["aftersales.penalty"], ledger
        new, bookings = [], {}
        for slip in self:
            booked = {row.penalty_id: row for row in slip.deduction_ids}
            day = None
            # always in the same order, the oldest first, so that concurrent transactions lock rows in that order
            for penalty in dict.fromkeys([*wanted[slip], *booked]):
                row = booked.get(penalty, ledger)
                amount = wanted[slip].get(penalty, 0.0)
                delta = penalty.currency_id.round(amount - row.amount)
                if not delta:
                    continue
                touched |= penalty
                if not amount:
                    gone |= row
                elif row:
                    row._write_unlocked({"amount": amount})
                else:
                    new.append(
                        {
                            "penalty_id": penalty.id,
                            "payslip_id": slip.id,
                            "amount": amount,
                            "source": slip._get_booking_source(amount),
                        }
                    )
                day = day or slip._get_penalty_company()._aftersales_today()
                bookings.setdefault(day, []).append((penalty, delta))
                if delta < 0:
                    slip._forget_penalties()
        if not touched:
            return
        # Write the penalties now: the later of two payslips that take them has to stop here, before it makes a fund.
        touched.flush_recordset(["booked_on"])
        gone._unlink_unlocked()
        ledger._create_unlocked(new)
        for day, rows in bookings.items():
            self.env["aftersales.fund.move"]._book(rows, day)
        touched._sync_state()
        touched._follow_return()

    def _get_booking_source(self, amount):
        """:return: why this payslip takes an amount or gives it back; a refund may take again what was returned"""
        if (amount > 0) == bool(self.credit_note):
            return "return"
        return "refund" if self.credit_note else "payslip"
