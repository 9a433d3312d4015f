from odoo import api, models
from odoo.exceptions import AccessError

from ...tools.files import SentFile

# what gives a file another content, or brings it into another field
CONTENTS = {"datas", "raw", "db_datas"}
PLACES = {"res_model", "res_field"}


class IrAttachment(models.Model):
    """Files in the fields of guarded documents are written through the document, which knows its rules.

    Fields that take scans only get nothing else, whoever writes the file: see ``aftersales.file.mixin``.
    """

    _inherit = "ir.attachment"

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            for vals in vals_list:
                self._check_not_guarded(vals.get("res_model"), vals.get("res_field"))
        return super().create([self._read_scan(vals) for vals in vals_list])

    def write(self, vals):
        if not self.env.su:
            self._check_own_files()
            for attachment in self:
                self._check_not_guarded(
                    vals.get("res_model", attachment.res_model), vals.get("res_field")
                )
        if (CONTENTS | PLACES) & vals.keys():
            vals = self._read_new_scan(vals)
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
        if res_field and self._inherits_from(res_model, "aftersales.guard.mixin"):
            raise AccessError(
                self.env._("This file belongs to a document: change it there, by its own form.")
            )

    @api.model
    def _inherits_from(self, res_model, mixin):
        """:return: whether the documents of a model are made of a mixin"""
        return res_model in self.env and issubclass(self.pool[res_model], self.pool[mixin])

    # === Scans === #

    @api.model
    def _read_scan(self, vals):
        """Look at the content of a file about to be stored, where only scans are.

        :param dict vals: values of the file, not changed
        :return: the values, the content of a scan decoded
        :rtype: dict
        :raises ValidationError: for what is no scan
        """
        model, field = vals.get("res_model"), vals.get("res_field")
        if not field or not self._inherits_from(model, "aftersales.file.mixin"):
            return vals
        documents = self.env[model]
        contents = [vals[name] for name in ("datas", "raw", "db_datas") if vals.get(name)]
        if field not in documents._scan_fields or not contents:
            return vals
        content = contents[0]
        if not vals.get("datas"):
            content = SentFile(content.encode() if isinstance(content, str) else content)
        file = documents._read_file(content)
        vals = {name: value for name, value in vals.items() if name not in CONTENTS}
        # Odoo neither decodes it nor guesses its type once more
        return {**vals, "raw": file.raw, "mimetype": file.content_type}

    def _read_new_scan(self, vals):
        """The same for files that get another content, or come into another field.

        :param dict vals: values about to be written, not changed
        :rtype: dict
        :raises ValidationError: for what is no scan
        """
        # sudo: to which field the files belong and what is in them; the operation itself is checked as always
        for attachment in self.sudo():
            place = {name: vals.get(name, attachment[name]) for name in PLACES}
            if CONTENTS & vals.keys():
                content = {name: vals[name] for name in CONTENTS & vals.keys()}
                content = self._read_scan({**content, **place})
                vals = {
                    **{name: value for name, value in vals.items() if name not in CONTENTS},
                    **{name: content[name] for name in content.keys() - PLACES},
                }
            elif place != {name: attachment[name] for name in PLACES}:
                self._read_scan({"raw": attachment.raw, **place})
        return vals
