from odoo import fields, models


class AftersalesScanMixin(models.AbstractModel):
    """A document with the scan of a paper."""

    _name = "aftersales.scan.mixin"
    _description = "Document with a Scan"
    _inherit = "aftersales.file.mixin"
    _scan_fields = ("scan",)
    _scan_names = ("scan_name",)

    scan = fields.Binary(
        attachment=True,
        copy=False,
        help="PDF, JPEG or PNG, up to 10 MB.",
    )
    scan_name = fields.Char(copy=False)
