from odoo import models

# before these a file of text has an apostrophe, so that Excel takes no text for a formula
MARKED = ("'=", "'+", "'-", "'@", "'\t", "'\r", "'\n", "'＝", "'＋", "'－", "'＠")


class BaseImportImport(models.TransientModel):
    """Texts that an export has marked come back as they were."""

    _inherit = "base_import.import"

    def _convert_import_data(self, fields, options):
        """Take the apostrophe away that exports put before texts which Excel would take for formulas.

        :param list fields: which column is imported into which field, False for none
        :param dict options: of the dialogue
        :return: rows, and the fields of their columns
        :rtype: tuple
        """
        rows, columns = super()._convert_import_data(fields, options)
        rows = [
            [
                value[1:] if isinstance(value, str) and value.startswith(MARKED) else value
                for value in row
            ]
            for row in rows
        ]
        return rows, columns
