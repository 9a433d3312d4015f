from odoo import api, models
from odoo.exceptions import UserError, ValidationError

from ...groups import MANAGERS, SPECIALISTS
from ...tools.text import normalise_serial
from .aftersales_implementation import ACCEPTANCE, OPENED, PLAN, RESULT, WORK


class AftersalesImplementation(models.Model):
    """What of an implementation may be written when, and by whom."""

    _inherit = "aftersales.implementation"

    @api.model_create_multi
    def create(self, vals_list):
        unlocked = self._get_unlocked_fields(rows=len(vals_list))
        for vals in vals_list:
            self._clean_values(vals)
            early = {name for name in ACCEPTANCE - unlocked if vals.get(name)}
            if early:
                raise UserError(
                    self.env._("A new implementation is planned first: %s", self._labels(early))
                )
        return super().create(vals_list)

    def write(self, vals):
        self._clean_values(vals)
        return super().write(vals)

    @api.model
    def _clean_values(self, vals):
        """Bring what somebody enters into its one spelling.

        :param dict vals: values about to be stored, changed in place
        """
        self._check_signature(vals)
        if "serial_issued" in vals:
            vals["serial_issued"] = normalise_serial(vals["serial_issued"])
        if vals.get("partner_id"):
            # software is installed at a company, whichever contact was picked
            partner = self.env["res.partner"].browse(vals["partner_id"])
            vals["partner_id"] = partner.commercial_partner_id.id

    def _get_open_states(self):
        """In which states users write which fields; fields not named here are free until it is accepted.

        :return: the states, by name of the field
        :rtype: dict[str, frozenset[str]]
        """
        states = dict.fromkeys(PLAN | {"company_id"}, frozenset({"draft"}))
        states |= dict.fromkeys(WORK, frozenset({"draft", "running"}))
        states |= dict.fromkeys(RESULT | {"user_id", "chargeable"}, OPENED)
        states |= dict.fromkeys(ACCEPTANCE, frozenset({"finished"}))
        return states

    def _get_frozen_fields(self):
        return {
            name for name, opened in self._get_open_states().items() if self.state not in opened
        }

    def _check_document_write(self, vals):
        manager = self.env.user.has_group(MANAGERS)
        for row in self:
            early = row.state == "draft" and row._changed_fields(vals, ACCEPTANCE)
            if early:
                raise UserError(
                    self.env._(
                        "%(document)s is %(state)s: %(fields)s come with the acceptance.",
                        document=row.display_name,
                        state=row._state_label(),
                        fields=row._labels(early),
                    )
                )
            if manager:
                continue
            passed = row.date_end and row.date_end < row.company_id._aftersales_today()
            if row.state == "running" and passed and row._changed_fields(vals, {"date_end"}):
                # 三.8: said with its reason, not written over
                raise UserError(
                    self.env._(
                        "The end of %s has passed: announce the delay with its reason.",
                        row.display_name,
                    )
                )
        return super()._check_document_write(vals)

    @api.constrains("installation_id", "product_id")
    def _check_product(self):
        for row in self.sudo():
            installed = row.installation_id.product_id
            if installed and installed != row.product_id:
                raise ValidationError(
                    self.env._(
                        "%(document)s installs %(new)s, not %(old)s.",
                        document=row.name,
                        new=row.product_id.display_name,
                        old=installed.display_name,
                    )
                )

    @api.constrains("engineer_ids", "lead_engineer_id", "company_id")
    def _check_engineers(self):
        for row in self.sudo():
            company = row.company_id
            strangers = row.engineer_ids.filtered(
                lambda user, company=company: user.share or company not in user.company_ids
            )
            if strangers:
                raise ValidationError(
                    self.env._(
                        "%(users)s cannot be sent: only own employees of the company implement software.",
                        users=", ".join(strangers.mapped("name")),
                    )
                )
            lead = row.lead_engineer_id
            if lead and (lead not in row.engineer_ids or not lead.has_group(SPECIALISTS)):
                raise ValidationError(
                    self.env._(
                        "The lead engineer is one of the engineers and a service specialist."
                    )
                )
