from odoo import fields, models

from ...tools.files import clean_file_name


class AftersalesScanMixin(models.AbstractModel):
    """A document with the scan of a paper."""

    _name = "aftersales.scan.mixin"
    _description = "Document with a Scan"
    _inherit = "aftersales.file.mixin"
    _scan_fields = ("scan",)

    scan = fields.Binary(
        attachment=True,
        copy=False,
        help="PDF, JPEG or PNG, up to 10 MB.",
    )
    scan_name = fields.Char(copy=False)

    def _read_files(self, vals):
        """Remove from the file name of the scan what is no part of a name; see the base method."""
        vals = super()._read_files(vals)
        if vals.get("scan_name"):
            vals["scan_name"] = clean_file_name(str(vals["scan_name"]))
        return vals
