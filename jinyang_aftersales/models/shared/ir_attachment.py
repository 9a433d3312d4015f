from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.http import Stream

from ...groups import MANAGERS
from ...tools.files import PHOTO_TYPES, SentFile

# Values that change the content of a file, and values that move a file to another field.
CONTENTS = {"datas", "raw", "db_datas"}
PLACES = {"res_model", "res_field"}


class SavedStream(Stream):
    """A file that browsers save and never show, whatever the caller asks for."""

    def get_response(self, as_attachment=None, *args, **kwargs):
        return super().get_response(True, *args, **kwargs)


class IrAttachment(models.Model):
    """Files in fields of guarded documents are written through the document, which applies its rules.

    Files that are no scans are refused in fields that take scans only, also for the superuser; see
    ``aftersales.file.mixin``.

    Files that forms refuse and that came by mail are blocked: they are kept as unknown files, and only service
    managers open them.
    """

    _inherit = "ir.attachment"

    aftersales_blocked = fields.Boolean(
        string="Blocked",
        help="Came by mail and is of a kind that may do harm; only service managers open it.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            for vals in vals_list:
                self._check_not_guarded(vals.get("res_model"), vals.get("res_field"))
        return super().create([self._read_scan(vals) for vals in vals_list])

    def write(self, vals):
        if not self.env.su:
            if "aftersales_blocked" in vals:
                raise AccessError(self._describe_blocked())
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
        # sudo: only the field to which a file belongs is read; Odoo checks the access to the file itself
        for attachment in self.sudo().exists():
            self._check_not_guarded(attachment.res_model, attachment.res_field)

    @api.model
    def _check_not_guarded(self, res_model, res_field):
        """Refuse to write a file in a field of a guarded document other than through the document.

        :param str res_model: model of the document
        :param str res_field: name of the field that holds the file, empty for attachments of the chatter
        :raises AccessError: when the file is in a field of a guarded document
        """
        if res_field and self._inherits_from(res_model, "aftersales.guard.mixin"):
            raise AccessError(
                self.env._("This file belongs to a document: change it there, by its own form.")
            )

    @api.model
    def _inherits_from(self, res_model, mixin):
        """:return: whether a model exists and inherits a mixin"""
        return res_model in self.env and issubclass(self.pool[res_model], self.pool[mixin])

    # === Blocked files === #

    def _describe_blocked(self):
        return self.env._(
            "This file came by mail and may do harm: only service managers open it. Ask the sender for a PDF, a"
            " picture or a ZIP archive."
        )

    def _may_open_blocked(self):
        return self.env.su or self.env.user.has_group(MANAGERS)

    def _get_blocked(self):
        # sudo: only whether the files are blocked is read
        return self.sudo().filtered("aftersales_blocked").sudo(self.env.su)

    @api.model
    def _compute_mimetype(self, values):
        """Keep blocked files and photos of phones as unknown files, which no program opens or shows by itself."""
        mimetype = super()._compute_mimetype(values)
        if values.get("aftersales_blocked") or mimetype in PHOTO_TYPES:
            return "application/octet-stream"
        return mimetype

    @api.model
    def _search(self, domain, *args, bypass_access=False, **kwargs):
        if not (bypass_access or self._may_open_blocked()):
            domain = Domain(domain) & Domain("aftersales_blocked", "!=", True)
        return super()._search(domain, *args, bypass_access=bypass_access, **kwargs)

    def _check_access(self, operation):
        result = super()._check_access(operation)
        if operation == "create" or self._may_open_blocked():
            return result
        blocked = self._get_blocked()
        if not blocked:
            return result
        forbidden = blocked | result[0] if result else blocked
        return forbidden, lambda: AccessError(self._describe_blocked())

    def _can_return_content(self, field_name=None, access_token=None):
        # A token is in the link of everybody who may read the message.
        if not self._may_open_blocked() and self._get_blocked():
            raise AccessError(self._describe_blocked())
        return super()._can_return_content(field_name, access_token)

    def _to_http_stream(self):
        """Send text and unknown files as files to be saved: there may be markup in them, which is never shown."""
        stream = super()._to_http_stream()
        if (
            stream.type == "url"
            or self.url
            or stream.mimetype
            not in (
                "text/plain",
                "application/octet-stream",
            )
        ):
            return stream
        return SavedStream(**vars(stream))

    # === Scans === #

    @api.model
    def _read_scan(self, vals):
        """Check the content of a file that is about to be stored in a field for scans.

        :param dict vals: values of the file, not changed
        :return: the values, with the content of a scan decoded
        :rtype: dict
        :raises ValidationError: for a file that is no scan
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
        # With these values Odoo neither decodes the file nor guesses its type again.
        return {**vals, "raw": file.raw, "mimetype": file.content_type}

    def _read_new_scan(self, vals):
        """Check files that get another content or move to another field, as :meth:`_read_scan` checks new ones.

        :param dict vals: values about to be written, not changed
        :return: the values, with the content of a scan decoded
        :rtype: dict
        :raises ValidationError: for a file that is no scan
        """
        # sudo: the fields and contents of the files are only checked; Odoo checks the access to the files itself
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
