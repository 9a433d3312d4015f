import hashlib
import json

from lxml.builder import E

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_datetime, ormcache

from ...groups import INTERNAL


class AftersalesTextMixin(models.AbstractModel):
    """Records whose texts several people write: nobody overwrites what somebody else has written meanwhile.

    A model lists the fields in ``_shared_fields``. They are tracked, and each of its forms gets :attr:`texts_version`:
    a print of every field as the form has loaded it. The form sends it along when it is saved, and a field whose print
    is another one by then is not overwritten. Contents are compared, no times: the clock of the database is that of the
    beginning of a transaction, and searches know whole seconds only. Two saves at the same moment need no lock: they
    update the same row, so the second one is rolled back and tried anew, and sees what the first one has written.

    A form that is closed while something is entered sends ``closing_version``: there is nobody left to be told, so what
    would overwrite is kept in the log. Calls that send neither overwrite, and both texts are in the log.

    For models with the guard and a thread, named before ``mail.thread``.
    """

    _name = "aftersales.text.mixin"
    _description = "Texts of Several People"

    # fields that several people write; tracked, and not overwritten unseen
    _shared_fields = frozenset()

    texts_version = fields.Char(compute="_compute_texts_version", groups=INTERNAL)

    @api.model
    def _get_shared_fields(self):
        """Fields that several people write.

        :rtype: frozenset[str]
        """
        return self._shared_fields

    # === Version === #

    @api.depends(lambda self: sorted(self._get_shared_fields()))
    @api.depends_context("uid")
    def _compute_texts_version(self):
        for record in self:
            # what is stored, also while a form is about to change it
            stored = record._origin
            record.texts_version = stored and json.dumps(stored._get_prints(), sort_keys=True)

    def _get_prints(self):
        """:return: a short print of each shared field the user may read, by its name"""
        self.ensure_one()
        return {
            name: hashlib.sha256(
                repr(self._fields[name].convert_to_write(self[name], self) or False).encode()
            ).hexdigest()[:12]
            for name in self._get_shared_fields()
            if self._has_field_access(self._fields[name], "read")
        }

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        arch, view = super()._get_view(view_id, view_type, **options)
        if view_type == "form" and self._get_shared_fields():
            arch.insert(0, E.field(name="texts_version", invisible="True"))
        return arch, view

    # === Saving === #

    def web_save(self, vals, specification, next_id=None):
        vals = dict(vals)
        version = vals.pop("texts_version", None)
        closing = vals.pop("closing_version", None)
        if self and closing:
            self._leave_out_overwriting(vals, closing)
        elif self and version:
            self._check_overwriting(vals, version)
        return super().web_save(vals, specification, next_id=next_id)

    def _check_overwriting(self, vals, version):
        """Refuse to overwrite a text that somebody else has written since the form was loaded.

        :param dict vals: values about to be written
        :param str version: :attr:`texts_version` as the form has loaded it
        :raises UserError: naming who wrote it and when, with both texts
        """
        for record in self:
            names = record._find_overwritten(vals, version)
            if names:
                raise UserError(
                    self.env._(
                        "%(document)s was changed after you had opened it, so nothing is saved yet. Your text is"
                        " still here: copy it, discard your changes, and put both texts together.\n\n%(texts)s",
                        document=record.display_name,
                        texts="\n\n".join(
                            record._describe_overwriting(name, vals[name]) for name in names
                        ),
                    )
                )

    def _leave_out_overwriting(self, vals, version):
        """Keep in the log, instead of saving it, what would overwrite a text of somebody else.

        :param dict vals: values about to be written; what is kept in the log is taken out
        :param str version: :attr:`texts_version` as the form had loaded it
        """
        self.ensure_one()
        self.check_access("write")
        names = self._find_overwritten(vals, version)
        if not names:
            return
        described = self.fields_get(names, ["string", "type", "selection"])
        rows = self.env["mail.tracking.value"]
        self._message_log(
            body=self.env._(
                "Not saved, because somebody else had changed it meanwhile: what was entered in a form when it was"
                " closed."
            ),
            # with the field, so that only those read it who may read the field
            tracking_value_ids=[
                fields.Command.create(
                    rows._create_tracking_values(
                        self[name],
                        self._to_value(name, vals.pop(name)),
                        name,
                        described[name],
                        self,
                    )
                )
                for name in names
            ],
        )

    def _find_overwritten(self, vals, version):
        """Names of the fields that somebody has changed since the form was loaded, and that would change once more.

        :param dict vals: values about to be written
        :param str version: :attr:`texts_version` as the form has loaded it
        :rtype: list[str]
        :raises UserError: when the version is none
        """
        self.ensure_one()
        try:
            loaded = dict(json.loads(version))
        except (TypeError, ValueError):
            raise UserError(self.env._("Reload the page and enter it again.")) from None
        present = self._get_prints()
        names = {
            name for name in present.keys() & vals.keys() if loaded.get(name, "") != present[name]
        }
        return sorted(self._changed_fields(vals, names))

    # === Messages === #

    def _describe_overwriting(self, name, value):
        """:return: who wrote what, and what the user is about to write there, as text"""
        author, date = self._find_writer(name)
        return self.env._(
            "“%(field)s”, by %(person)s at %(time)s:\n%(theirs)s\nYour text:\n%(mine)s",
            field=self._labels([name]),
            person=author,
            time=format_datetime(self.env, date),
            theirs=self._describe_value(self[name]),
            mine=self._describe_value(self._to_value(name, value)),
        )

    def _find_writer(self, name):
        """:return: name of who gave a field its present value, and when"""
        # sudo: nobody may read rows of the log as such; those of a field that the user may write
        rows = self.env["mail.tracking.value"].sudo()
        column = {"char": "new_value_char", "text": "new_value_text"}.get(self._fields[name].type)
        for row in rows.search(
            [
                ("mail_message_id.model", "=", self._name),
                ("mail_message_id.res_id", "=", self.id),
                ("field_id.name", "=", name),
            ],
            limit=10,
        ):
            # what was kept in the log only is not the present value
            if not column or (row[column] or False) == (self[name] or False):
                message = row.mail_message_id
                return message.author_id.name or message.email_from or "", message.date
        # sudo: the name of who wrote last
        return self.sudo().write_uid.name or "", self.write_date

    def _to_value(self, name, value):
        """:return: a value about to be written, as the field would give it"""
        field = self._fields[name]
        return field.convert_to_record(field.convert_to_cache(value, self), self)

    @api.model
    def _describe_value(self, value):
        """:return: the value of a field as text"""
        return value.display_name if isinstance(value, models.BaseModel) else str(value or "—")

    # === Tracking === #

    @ormcache("self.env.uid", "self.env.su")
    def _track_get_fields(self):
        tracked = super()._track_get_fields()
        shared = self._get_shared_fields() - tracked
        return tracked | set(self.fields_get(shared, attributes=())) if shared else tracked
