from odoo import api, models
from odoo.exceptions import ValidationError

from ...tools.files import SentFile, clean_file_name, get_scan_obstacle


class AftersalesFileMixin(models.AbstractModel):
    """A document with fields that take scans only: PDF, JPEG or PNG by content, up to a maximum size.

    Each file is decoded and checked once, when the document is written. ``ir.attachment`` passes everything that is
    about to be stored in such a field to :meth:`_read_file`, too, which checks defaults and files that were not
    written through the document.
    """

    _name = "aftersales.file.mixin"
    _description = "Document with Checked Files"

    # names of the binary fields that take scans only; their contents are stored as attachments
    _scan_fields = ()
    # names of the fields that hold file names of scans
    _scan_names = ()

    @api.model_create_multi
    def create(self, vals_list):
        return super().create(list(map(self._read_files, vals_list)))

    def write(self, vals):
        return super().write(self._read_files(vals))

    @api.model
    def _read_files(self, vals):
        """Read the scans in values about to be stored.

        :param dict vals: the values, not changed
        :return: the same with each scan decoded, and with file names that are safe to use
        :rtype: dict
        :raises ValidationError: for what cannot be decoded, is too large or is no scan
        """
        # Check before storing: Odoo decompresses pictures to make them smaller, and a small file may be huge inside.
        read = {}
        for name in self._scan_fields:
            if vals.get(name):
                read[name] = self._read_file(vals[name])
        for name in self._scan_names:
            if vals.get(name):
                read[name] = clean_file_name(str(vals[name]))
        return {**vals, **read}

    @api.model
    def _read_file(self, value):
        """Read one scan.

        :param value: base64, or a file that has been read
        :rtype: SentFile
        :raises ValidationError: for what cannot be decoded, is too large or is no scan
        """
        try:
            file = SentFile.from_base64(value)
        except ValueError as error:
            raise ValidationError(
                self.env._("The scan cannot be read. Choose the file again.")
            ) from error
        obstacle = get_scan_obstacle(self.env, file)
        if obstacle:
            raise ValidationError(obstacle)
        return file

    def _get_file(self, name):
        """The scan in a field, for another document to store.

        :param str name: name of the field
        :return: the file, False where the field is empty
        :rtype: SentFile | bool
        """
        self.ensure_one()
        self.check_access("read")
        # sudo: read access to the document was checked above; the file belongs to one of its fields
        attachment = (
            self.env["ir.attachment"]
            .sudo()
            .search(
                [
                    ("res_model", "=", self._name),
                    ("res_field", "=", name),
                    ("res_id", "=", self.id),
                ],
                limit=1,
            )
        )
        if not attachment.raw:
            return False
        file = SentFile(attachment.raw)
        # The content was checked when it was stored.
        file.content_type = attachment.mimetype
        return file
