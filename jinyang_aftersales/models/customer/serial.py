from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ...activities import SERIAL_ACTIVITY
from ...groups import CALLERS, SPECIALISTS
from ...tools.keys import BrokenSerial, normalise_serial, serial_key


class AftersalesInstallation(models.Model):
    """Serial numbers: one spelling, unique in a company, with a history (五.6.2 – 五.6.4)."""

    _inherit = "aftersales.installation"

    serial_number = fields.Char(copy=False, tracking=True)
    serial_key = fields.Char(
        compute="_compute_serial_key",
        store=True,
        precompute=True,
        help="Letters and digits of the serial number: it is the same number with other blanks and dashes.",
    )
    serial_double = fields.Boolean(
        string="Serial Number Twice",
        readonly=True,
        copy=False,
        help="Another software of the company had the same number before serial numbers were compared without blanks"
        " and dashes. Correct one of them.",
    )
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
        "(company_id, serial_key) WHERE serial_key IS NOT NULL AND serial_double IS NOT TRUE",
        "This serial number is already in use.",
    )

    @api.depends("serial_number")
    def _compute_serial_key(self):
        for installation in self:
            installation.serial_key = serial_key(installation.serial_number) or False

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
        if any(rec.serial_number != vals.get("serial_number") for rec in self):
            # a number that is there already is not refused, however it looks
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
                    if not rec.serial_double or rec in changed or "company_id" in vals
                ]
            )
        before = {(rec.company_id.id, rec.serial_key) for rec in self if rec.serial_key}
        result = super().write(vals)
        changed._record_serial(reasons)
        if before and vals.keys() & {"serial_number", "company_id"}:
            self._release_doubles(before)
        return result

    def unlink(self):
        before = {(rec.company_id.id, rec.serial_key) for rec in self if rec.serial_key}
        result = super().unlink()
        self._release_doubles(before)
        return result

    @api.model
    def _release_doubles(self, pairs):
        """Take the mark from software that shares its serial number with no other software any more.

        :param pairs: set of (company id, serial key) that changed
        """
        # sudo: numbers are unique also among customers the user cannot see
        rows = (
            self.sudo()
            .with_context(active_test=False)
            .search([("serial_double", "=", True)])
            .filtered(lambda rec: rec in self or (rec.company_id.id, rec.serial_key) in pairs)
        )
        for row in rows:
            pair = [("company_id", "=", row.company_id.id), ("serial_key", "=", row.serial_key)]
            others = pair + [("id", "!=", row.id), ("serial_double", "=", False)]
            if not row.serial_key or not rows.search_count(others, limit=1):
                row._write_unlocked({"serial_double": False})

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

        The unique index refuses them as well, but cannot say where the number is. Numbers that differ in blanks, dashes
        or other signs only are the same.

        :param wanted: list of (company id, normalised serial number) that ``self`` is about to get
        :raises ValidationError: when another installation, archived or not, has one of them
        """
        wanted = [(company, serial_key(serial), serial) for company, serial in wanted if serial]
        if not wanted:
            return
        pairs = [pair[:2] for pair in wanted]
        twice = [serial for *pair, serial in wanted if pairs.count(tuple(pair)) > 1]
        # sudo: numbers are unique also among customers the user cannot see
        taken = (
            self.sudo()
            .with_context(active_test=False)
            .search(
                [
                    ("serial_key", "in", [key for _company, key in pairs]),
                    ("company_id", "in", [company for company, _key in pairs]),
                    ("id", "not in", self.ids),
                ]
            )
            .filtered(lambda rec: (rec.company_id.id, rec.serial_key) in pairs)[:1]
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
            serial = taken.serial_number or twice[0]
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
