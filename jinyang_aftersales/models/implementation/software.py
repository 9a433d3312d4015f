from odoo import api, fields, models
from odoo.exceptions import UserError

from ...activities import SERIAL_ACTIVITY
from ...tools.text import list_words


class AftersalesImplementation(models.Model):
    """The installed software that comes of an implementation, or that it changes (五.6.1-2).

    Software of the same product that the customer has already is updated; a second row is made only where the
    document says that it is a further one.
    """

    _inherit = "aftersales.implementation"

    is_further = fields.Boolean(
        string="Further Software",
        copy=False,
        help="The customer gets this software a second time, with a serial number of its own, beside the one there is.",
    )
    is_serial_later = fields.Boolean(
        string="Serial Number Comes Later",
        copy=False,
        help="The customer accepts without it; the specialist has the task to enter it.",
    )
    known_count = fields.Integer(
        string="Software There Already", compute="_compute_known_count", compute_sudo=True
    )
    lacks_result = fields.Boolean(compute="_compute_lacks_result", compute_sudo=True)

    # === What is there already === #

    def _get_known_software(self):
        """Software of the same product at the customer, by document.

        :return: ``{implementation: aftersales.installation}``, as superuser
        :rtype: dict
        """
        # sudo: software outside the reach of the engineer; it is offered, and changed only by who may
        known = self.env["aftersales.installation"].sudo()
        found = known.search(
            [
                ("partner_id", "in", self.partner_id.ids),
                ("product_id", "in", self.product_id.ids),
            ]
        ).grouped(lambda row: (row.partner_id.id, row.product_id.id, row.company_id.id))
        return {
            row: found.get((row.partner_id.id, row.product_id.id, row.company_id.id), known)
            for row in self
        }

    @api.depends("partner_id", "product_id", "company_id")
    def _compute_known_count(self):
        known = self._get_known_software()
        for row in self:
            row.known_count = len(known[row])

    @api.depends("partner_id", "product_id", "company_id", "is_further")
    def _compute_installation_id(self):
        """Propose the software of this product that the customer has, where it is the only one."""
        result = super()._compute_installation_id()
        known = self._get_known_software()
        for row in self:
            if row.installation_id and (
                row.is_further or row.installation_id.product_id != row.product_id
            ):
                row.installation_id = False
            if not row.installation_id and not row.is_further and len(known[row]) == 1:
                row.installation_id = known[row]
        return result

    def _get_match(self):
        """The software that the acceptance updates.

        :return: aftersales.installation, empty when none is chosen and none, or more than one, may be meant
        """
        self.ensure_one()
        if self.installation_id or self.is_further:
            return self.installation_id
        known = self._get_known_software()[self]
        fitting = known.filtered(
            lambda row: (
                not row.serial_number
                or not self.serial_issued
                or row.serial_number == self.serial_issued
            )
        )
        only = known if len(known) == len(fitting) == 1 else known.browse()
        return only.with_env(self.env)

    # === What is asked === #

    @api.depends("serial_issued", "is_serial_later", "is_further", "installation_id")
    def _compute_lacks_result(self):
        for row in self:
            row.lacks_result = row._lacks_result()

    def _lacks_result(self):
        """:return: whether the acceptance has to be asked for a serial number, or which software is meant"""
        self.ensure_one()
        # sudo: only whether there is a number is told
        numbered = self.serial_issued or self._get_match().sudo().serial_number
        return not (numbered or self.is_serial_later) or bool(self._get_choice_obstacle())

    def action_open_result(self):
        """Ask for serial number, version and the software that is meant."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("What Was Installed"),
            "res_model": "aftersales.implementation.result",
            "view_mode": "form",
            "target": "new",
            "context": {"default_implementation_id": self.id},
        }

    def _record_result(self, vals):
        """Enter what was installed; a signature drawn before is asked for again, since the customer read less.

        :param dict vals: values of the fields of the result
        :raises UserError: for a serial number that is missing, while it is not said that it comes later
        """
        self.ensure_one()
        before = self._get_shown_version()
        self.write(vals)
        if self._lacks_result():
            raise UserError(
                self._get_choice_obstacle()
                or self.env._("Enter the serial number, or say that it comes later.")
            )
        if self.customer_signature and before != self._get_shown_version():
            self.write({"customer_signature": False})

    # === What is in the way === #

    def _get_choice_obstacle(self):
        """:return: why it is not clear which software is meant, False when it is"""
        self.ensure_one()
        if self.is_further or self._get_match():
            return False
        known = self._get_known_software()[self]
        if not known:
            return False
        return self.env._(
            "%(customer)s has %(software)s already. Choose the software that was worked on, or say that this is a"
            " further one.",
            customer=self.partner_id.display_name,
            software=list_words(self.env, known.mapped("display_name")),
        )

    def _get_installation_obstacle(self):
        """:return: why the user cannot change the installed software, False when nothing is in the way"""
        installation = self._get_match()
        if not installation or installation.has_access("write"):
            return False
        # who installed it has the number of new software in hand; a number or a period that is there is not theirs
        changes = self._prepare_installation_changes(installation.sudo())
        replaces = "serial_number" in changes and installation.sudo().serial_number
        if not replaces and not self._moves_period(installation.sudo()):
            return False
        return self.env._(
            "You may not change %s: its specialist or a service manager records the acceptance.",
            installation.sudo().display_name,
        )

    # === What becomes of it === #

    def _prepare_installation_vals(self):
        """Values of software that was not recorded before.

        :rtype: dict
        """
        self.ensure_one()
        vals = {
            "partner_id": self.partner_id.id,
            "company_id": self.company_id.id,
            "product_id": self.product_id.id,
            "version": self.version,
            "serial_number": self.serial_issued,
            "installation_date": self.installed_on,
        }
        if self.service_end:
            vals |= {"service_date_start": self.service_start, "service_date_end": self.service_end}
        return vals

    def _prepare_installation_changes(self, installation):
        """Values for software that was recorded before.

        :param installation: aftersales.installation
        :rtype: dict
        """
        vals = {}
        if self.version and self.version != installation.version:
            vals["version"] = self.version
        if self.serial_issued and self.serial_issued != installation.serial_number:
            vals |= {"serial_number": self.serial_issued, "serial_reason": self.display_name}
        if self.installed_on and not installation.installation_date:
            vals["installation_date"] = self.installed_on
        if self.service_end and not installation.period_ids:
            vals |= {"service_date_start": self.service_start, "service_date_end": self.service_end}
        return vals

    def _moves_period(self, installation):
        """:return: whether the acceptance replaces a service period that the software has"""
        present = (installation.service_date_start, installation.service_date_end)
        stated = (self.service_start, self.service_end)
        return bool(all(stated) and installation.period_ids and stated != present)

    def _apply_installation(self):
        """Make or change the installed software, by its own methods.

        With the rights of the user, so that a message about a serial number in use tells no more than the user may
        read.
        """
        installation = self._get_match()
        if not installation:
            installation = installation.with_company(self.company_id).create(
                self._prepare_installation_vals()
            )
        else:
            moves = self._moves_period(installation.sudo())
            vals = self._prepare_installation_changes(installation.sudo())
            writable = installation.has_access("write")
            if vals.get("serial_number"):
                installation._check_serials_free([(self.company_id.id, vals["serial_number"])])
            if vals:
                # sudo: engineers enter what new software lacks; _get_installation_obstacle has refused anything else
                (installation if writable else installation.sudo()).write(vals)
            if moves:
                installation._change_period(self.service_start, self.service_end, self.display_name)
        if self.installation_id != installation:
            self._write_unlocked({"installation_id": installation.id})
        self._ask_for_serial()

    def _ask_for_serial(self):
        """Give the specialist the task to enter the serial number of software that was accepted without it (五.6.2)."""
        # sudo: reads and tells of software that the engineer may not write
        installation = self.installation_id.sudo()
        user = (installation.user_id | self.user_id | self.lead_engineer_id).filtered("active")[:1]
        if installation.serial_number or not user:
            return
        installation._notify_users(
            user,
            SERIAL_ACTIVITY,
            lambda row: row.env._(
                "%s was accepted without a serial number. Enter it once the customer has it.",
                self.display_name,
            ),
            self.company_id._aftersales_today(),
            mail=False,
            once=True,
        )
