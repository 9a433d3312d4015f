from odoo import api, models
from odoo.exceptions import AccessError


class IrAttachment(models.Model):
    """Files in the fields of guarded documents are written through the document, which knows its rules."""

    _inherit = "ir.attachment"

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            for vals in vals_list:
                self._check_not_guarded(vals.get("res_model"), vals.get("res_field"))
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            self._check_own_files()
            for attachment in self:
                self._check_not_guarded(
                    vals.get("res_model", attachment.res_model), vals.get("res_field")
                )
        return super().write(vals)

    def unlink(self):
        if not self.env.su:
            self._check_own_files()
        return super().unlink()

    def _check_own_files(self):
        # sudo: only to learn to which field a file belongs; the operation itself is checked as always
        for attachment in self.sudo().exists():
            self._check_not_guarded(attachment.res_model, attachment.res_field)

    @api.model
    def _check_not_guarded(self, res_model, res_field):
        """Refuse a change of a file behind the back of its document.

        :param str res_model: model of the document
        :param str res_field: its field that holds the file, empty for other attachments
        :raises AccessError: when the document decides itself what is written there
        """
        if (
            res_field
            and res_model in self.env
            and issubclass(self.pool[res_model], self.pool["aftersales.guard.mixin"])
        ):
            raise AccessError(
                self.env._("This file belongs to a document: change it there, by its own form.")
            )
