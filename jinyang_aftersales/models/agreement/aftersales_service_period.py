from odoo import api, fields, models

from ...activities import SERIAL_ACTIVITY


class AftersalesServicePeriod(models.Model):
    """Service periods of paid agreements, with the serial number the software had at the payment."""

    _inherit = "aftersales.service.period"

    serial_before = fields.Char(
        string="Serial Number Then",
        compute="_compute_serial_before",
        store=True,
        precompute=True,
        help="Tells whether a new serial number has been entered since.",
    )

    @api.depends("installation_id")
    def _compute_serial_before(self):
        for period in self:
            period.serial_before = period.installation_id.serial_number

    def _take_back_serials(self, agreement):
        """Follow a payment that was undone: no new serial number is due, or one was given out without payment.

        :param agreement: contract.contract whose payment was undone, as superuser
        """
        installations = self.installation_id.filtered("serial_number")
        still_due = self.search(
            [
                ("installation_id", "in", installations.ids),
                ("origin", "=", "agreement"),
                ("effective", "=", True),
            ]
        )
        waiting = {(row.installation_id, row.serial_before) for row in still_due}
        back = renewed = installations.browse()
        for row in self.filtered(lambda row: row.installation_id in installations):
            installation = row.installation_id
            if installation.serial_number != row.serial_before:
                renewed |= installation
            elif (installation, row.serial_before) not in waiting:
                back |= installation
        back.filtered(lambda rec: rec.serial_state == "to_update").write({"serial_state": "valid"})
        back._withdraw_activities(SERIAL_ACTIVITY)
        if renewed:
            # the customer already works with a serial number for the term, which is unpaid again
            renewed.write({"serial_state": "to_update"})
            users = {
                rec: agreement._get_serial_user(rec) | agreement._get_service_managers()
                for rec in renewed
            }
            agreement._schedule_serial_activity(
                renewed,
                users,
                note=self.env._(
                    "The payment of %s was undone after the customer had been given a new serial number.",
                    agreement.name,
                ),
            )
