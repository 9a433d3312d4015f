from dateutil.relativedelta import relativedelta

from odoo import api, models

READING = "aftersales_payslip_reading"


class Reading:
    """What the payslips of one call have read, from their computation to their confirmation.

    It is carried in the context, where no client can send one. Only ids are kept: amounts and states are read from the
    records each time, so that what one payslip has booked is seen by the next.

    :param slip_ids: the payslips that are computed or confirmed together
    """

    def __init__(self, slip_ids):
        self.slip_ids = frozenset(slip_ids)
        self.penalties = None
        self.done_slips = None


class HrPayslip(models.Model):
    """Reads the penalties and the other payslips of all employees at once, for payslips handled together."""

    _inherit = "hr.payslip"

    def _reading(self):
        """:return: the same payslips, which read together what they have to know, and keep it"""
        if self._get_reading():
            return self
        return self.with_context(**{READING: Reading(self.ids)})

    def _get_reading(self):
        """:return: what was read for all of these payslips, None for payslips that are read one by one"""
        reading = self.env.context.get(READING)
        known = isinstance(reading, Reading) and reading.slip_ids.issuperset(self.ids)
        return reading if known and all(self._ids) else None

    def _forget_penalties(self):
        """Read penalties again: some that were deducted are open again."""
        reading = self.env.context.get(READING)
        if isinstance(reading, Reading):
            reading.penalties = None

    def _forget_slips(self):
        """Read the done payslips again: there are more of them or fewer."""
        reading = self.env.context.get(READING)
        if isinstance(reading, Reading):
            reading.done_slips = None

    def _get_candidates(self):
        """Penalties of the employee of which something is open or to be returned.

        :rtype: aftersales.penalty, privileged
        """
        self.ensure_one()
        penalties, reading = self.env["aftersales.penalty"], self._get_reading()
        if not reading:
            return penalties._get_candidates(self.employee_id)
        if reading.penalties is None:
            slips = self.sudo().browse(reading.slip_ids)
            found = penalties._get_candidates(slips.employee_id)
            reading.penalties = {
                employee.id: rows.ids for employee, rows in found.grouped("employee_id").items()
            }
        every = [number for ids in reading.penalties.values() for number in ids]
        # sudo: payroll officers have no right on penalties and get only their amounts
        ids = reading.penalties.get(self.employee_id.id, [])
        return penalties.sudo().browse(ids).with_prefetch(every)

    def _get_slips_of_month(self):
        """The other payslips of the employee that are done in the same calendar month.

        :rtype: hr.payslip, privileged
        """
        self.ensure_one()
        reading = self._get_reading()
        if not reading:
            found = self._find_done(self)
        else:
            # sudo: as in the search
            slips = self.sudo()
            if reading.done_slips is None:
                reading.done_slips = self._find_done(slips.browse(reading.slip_ids)).ids
            found = slips.browse(reading.done_slips)
        employee = self.employee_id._origin.sudo()
        first = self.date_to.replace(day=1)
        last = first + relativedelta(months=1, days=-1)
        return found.filtered(
            lambda slip: (
                slip.employee_id == employee
                and first <= slip.date_to <= last
                and slip.id != self._origin.id
            )
        )

    @api.model
    def _find_done(self, slips):
        """Done payslips of the same employees in the months of these payslips.

        :param slips: hr.payslip
        :rtype: hr.payslip, privileged
        """
        days = slips.mapped("date_to")
        # sudo: the limit holds for all payslips of the month, also those the officer may not read
        return self.sudo().search(
            [
                ("employee_id", "in", slips.employee_id.ids),
                ("state", "=", "done"),
                ("date_to", ">=", min(days).replace(day=1)),
                ("date_to", "<=", max(days) + relativedelta(day=31)),
            ]
        )
