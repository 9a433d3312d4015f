import base64
import binascii

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...tools_files import MAX_SCAN_BYTES, clean_file_name, is_scan


class AftersalesScanMixin(models.AbstractModel):
    """A document with the scan of a paper: PDF, JPEG or PNG by its content, of a bearable size."""

    _name = "aftersales.scan.mixin"
    _description = "Document with a Scan"

    scan = fields.Binary(
        attachment=True,
        copy=False,
        help="PDF, JPEG or PNG, up to 10 MB.",
    )
    scan_name = fields.Char(copy=False)

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._clean_scan_vals(vals)
        return super().create(vals_list)

    def write(self, vals):
        vals = dict(vals)
        self._clean_scan_vals(vals)
        return super().write(vals)

    def _clean_scan_vals(self, vals):
        """Give the file a harmless name, and refuse what is no scan before it is stored.

        :param dict vals: values about to be written, changed in place
        :raises ValidationError: for a content that cannot be decoded, is too large or is no scan
        """
        if vals.get("scan_name"):
            vals["scan_name"] = clean_file_name(str(vals["scan_name"]))
        if vals.get("scan"):
            # before it is stored: Odoo unfolds pictures to make them smaller
            self._check_scan_content(self._decode_scan(vals["scan"]))

    def _decode_scan(self, value):
        """:return: the bytes of a scan
        :raises ValidationError: when it is not sent as files are
        """
        try:
            return base64.b64decode(value)
        except (binascii.Error, ValueError, TypeError) as error:
            raise ValidationError(
                self.env._("The scan cannot be read. Choose the file again.")
            ) from error

    @api.constrains("scan")
    def _check_scan(self):
        for document in self.with_context(bin_size=False, bin_size_scan=False):
            if not document.scan:
                continue
            self._check_scan_content(self._decode_scan(document.scan))

    def _check_scan_content(self, raw):
        """Refuse what is no scan.

        :param bytes raw: the content
        :raises ValidationError: with the reason why not
        """
        if len(raw) > MAX_SCAN_BYTES:
            raise ValidationError(
                self.env._("The scan is larger than %s MB.", MAX_SCAN_BYTES // 1024**2)
            )
        if not is_scan(raw):
            raise ValidationError(
                self.env._("The scan has to be a PDF, JPEG or PNG file; this one is not.")
            )
