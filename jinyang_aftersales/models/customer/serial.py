from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ...activities import SERIAL_ACTIVITY
from ...groups import CALLERS, SPECIALISTS
from ...tools.keys import BrokenSerial, normalise_serial


class AftersalesInstallation(models.Model):
    """Serial numbers: one spelling, unique in a company, with a history (五.6.2 – 五.6.4)."""

    _inherit = "aftersales.installation"

    serial_number = fields.Char(copy=False, tracking=True)
    serial_state = fields.Selection(
        selection=[
            ("valid", "Valid"),
            ("to_update", "To Update"),
            ("irregular", "Used Irregularly"),
        ],
        default="valid",
        required=True,
        copy=False,
        tracking=True,
        help="To update: a new service period was paid and the customer needs a new serial number. "
        "Used irregularly: staff found the serial number used outside its terms (五.6.3).",
    )
    can_enter_serial = fields.Boolean(compute="_compute_can_enter_serial")
    # not stored: the reason is written into the history together with the replaced number
    serial_reason = fields.Char(string="Why Replaced", store=False)
    serial_ids = fields.One2many(
        comodel_name="aftersales.serial.history",
        inverse_name="installation_id",
        string="Serial Numbers",
        readonly=True,
    )

    _serial_uniq = models.UniqueIndex(
        "(company_id, serial_number) WHERE serial_number IS NOT NULL AND serial_number != ''",
        "This serial number is already in use.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        # Check rights first: the errors below tell which serial numbers are taken.
        self.check_access("create")
        for vals in vals_list:
            vals.pop("serial_reason", None)
            self._clean_serial(vals)
        self._check_serials_free(
            [
                (vals.get("company_id") or self.env.company.id, vals["serial_number"])
                for vals in vals_list
                if vals.get("serial_number")
            ]
        )
        installations = super().create(vals_list)
        installations.filtered("serial_number")._record_serial({})
        return installations

    def write(self, vals):
        self.check_access("write")
        vals = dict(vals)
        reason = vals.pop("serial_reason", False)
        self._clean_serial(vals)
        changed, reasons = self.browse(), {}
        if "serial_number" in vals:
            serial = vals["serial_number"]
            changed = self.filtered(lambda rec: rec.serial_number != serial)
            reasons = {rec: reason or rec._get_serial_reason() for rec in changed}
            if serial and "serial_state" not in vals:
                # 五.2.7, 五.6.4: a new serial number is valid
                vals["serial_state"] = "valid"
        if vals.get("serial_number") or "company_id" in vals:
            self._check_serials_free(
                [
                    (
                        vals.get("company_id", rec.company_id.id),
                        vals.get("serial_number", rec.serial_number),
                    )
                    for rec in self
                ]
            )
        result = super().write(vals)
        changed._record_serial(reasons)
        return result

    def _get_serial_reason(self):
        """Default reason for replacing the serial number, from its state (五.2.7, 五.6.3).

        :return: the reason, False when the state gives none
        :rtype: str | bool
        """
        self.ensure_one()
        if self.serial_state == "to_update":
            return self.env._("New service period")
        if self.serial_state == "irregular":
            return self.env._("Used Irregularly")
        return False

    @api.model
    def _clean_serial(self, vals):
        """Normalise the spelling of a serial number that is about to be written.

        :param dict vals: values about to be written, changed in place
        """
        if "serial_number" in vals:
            vals["serial_number"] = self._normalise_serial(vals["serial_number"])

    @api.model
    def _normalise_serial(self, text):
        """Normal form of a serial number.

        :param text: the number as typed or imported
        :rtype: str | bool
        :raises ValidationError: for what Excel has destroyed, with what to do
        """
        try:
            return normalise_serial(text)
        except BrokenSerial as error:
            raise ValidationError(self.env._(error.reason)) from error

    def _check_serials_free(self, wanted):
        """Refuse serial numbers that are taken, naming the customer to users who may read it.

        The unique index refuses them as well, but cannot say where the number is.

        :param wanted: list of (company id, normalised serial number) that ``self`` is about to get
        :raises ValidationError: when another installation, archived or not, has one of them
        """
        wanted = [pair for pair in wanted if pair[1]]
        if not wanted:
            return
        twice = {pair for pair in wanted if wanted.count(pair) > 1}
        # sudo: numbers are unique also among customers the user cannot see
        taken = (
            self.sudo()
            .with_context(active_test=False)
            .search(
                [
                    ("serial_number", "in", [serial for _company, serial in wanted]),
                    ("company_id", "in", [company for company, _serial in wanted]),
                    ("id", "not in", self.ids),
                ]
            )
            .filtered(lambda rec: (rec.company_id.id, rec.serial_number) in wanted)[:1]
        )
        if taken.with_env(self.env)._filtered_access("read"):
            raise ValidationError(
                self.env._(
                    "Serial number %(serial)s is already installed at %(customer)s (%(product)s).",
                    serial=taken.serial_number,
                    customer=taken.partner_id.display_name,
                    product=taken.product_id.display_name,
                )
            )
        if taken or twice:
            serial = taken.serial_number or next(iter(twice))[1]
            raise ValidationError(
                self.env._("Serial number %s is already in use at another customer.", serial)
                if taken
                else self.env._("Serial number %s is given more than once.", serial)
            )

    def _record_serial(self, reasons):
        """Write the change of serial number into the history and close the reminders for it.

        :param dict reasons: ``{installation: why its number is replaced}``
        """
        now = fields.Datetime.now()
        # sudo: no user has the right to write the history
        history = self.env["aftersales.serial.history"].sudo()
        replaced = history.search(
            [("installation_id", "in", self.ids), ("replaced_on", "=", False)]
        )
        for reason, rows in replaced.grouped(
            lambda row: reasons.get(row.installation_id, False)
        ).items():
            rows.write({"replaced_on": now, "replaced_by_id": self.env.uid, "reason": reason})
        history.create(
            [
                {
                    "installation_id": installation.id,
                    "serial_number": installation.serial_number,
                    "issued_on": now,
                    "issued_by_id": self.env.uid,
                }
                for installation in self
                if installation.serial_number
            ]
        )
        self.filtered("serial_number").activity_feedback([SERIAL_ACTIVITY])

    # === Entered by who has it in hand === #

    @api.depends_context("uid")
    @api.depends("serial_number", "user_id", "partner_id")
    def _compute_can_enter_serial(self):
        for installation in self:
            installation.can_enter_serial = bool(
                installation._origin and installation._origin._may_enter_serial()
            )

    def _may_enter_serial(self):
        """Who may enter the serial number: those who write the software, and a missing one those who hear or read it.

        :rtype: bool
        """
        self.ensure_one()
        if self.has_access("write"):
            return True
        user = self.env.user
        return (
            not self.serial_number
            and (user.has_group(SPECIALISTS) or user.has_group(CALLERS))
            and self.has_access("read")
        )

    def _enter_serial(self, serial, reason=False):
        """Enter the serial number of the software (五.6.2).

        :param str serial: the number as it is written
        :param str reason: why it replaces the present one
        :raises AccessError: for users who may not
        :raises UserError: without a number
        :raises ValidationError: for a number that is in use
        """
        self.ensure_one()
        self.check_access("read")
        if not self._may_enter_serial():
            raise AccessError(
                self.env._(
                    "The serial number of %(software)s is replaced by %(specialist)s or a service manager.",
                    software=self.display_name,
                    specialist=self.user_id.name or self.env._("its specialist"),
                )
            )
        serial = self._normalise_serial(serial)
        if not serial:
            raise UserError(self.env._("Enter the serial number."))
        # with the rights of the user: the message names no customer whom the user may not read
        self._check_serials_free([(self.company_id.id, serial)])
        # sudo: colleagues outside the reach enter a missing number, and nothing else; checked above
        self.sudo().write({"serial_number": serial, "serial_reason": reason})

    def action_open_serial(self):
        """Open the dialogue that enters the serial number."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Enter Serial Number"),
            "res_model": "aftersales.serial.entry",
            "view_mode": "form",
            "target": "new",
            "context": {"default_installation_id": self.id},
        }
