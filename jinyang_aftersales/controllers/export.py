from odoo import http
from odoo.http import request

from odoo.addons.web.controllers.export import CSVExport, ExcelExport, Export
from odoo.addons.web.controllers.pivot import TableExporter

from ..tools.workbooks import text_workbooks

# beginnings of formulas that Odoo leaves as they are; Chinese Excel takes the wide signs for the narrow ones
FORMULAS = ("@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


class AftersalesExport(Export):
    """The dialogue of exports: what is offered for importing again can be imported again."""

    @http.route()
    def get_fields(self, model, domain, import_compat=True, **options):
        """Leave out lists of other documents; see ``_comes_back``.

        :param str model: name of the model
        :param domain: what is exported
        :param bool import_compat: whether the file is meant to be imported again
        :param options: further arguments of Odoo
        :return: the fields, as Odoo describes them
        :rtype: list[dict]
        """
        found = super().get_fields(model, domain, import_compat=import_compat, **options)
        documents = request.env[model]
        if not import_compat or not documents._is_ours():
            return found
        return [field for field in found if documents._comes_back(field["id"].rpartition("/")[2])]


class AftersalesExcelExport(ExcelExport):
    """Lists, also grouped ones, as Excel files: what strangers wrote becomes no formula in them."""

    def base(self, data):
        """Export as Odoo does, with texts as texts.

        :param data: what is exported, as JSON
        """
        with text_workbooks():
            return super().base(data)


class AftersalesCsvExport(CSVExport):
    """Lists as text: Odoo marks what begins with ``=``, ``+`` or ``-``, and Excel takes more for formulas."""

    def from_data(self, fields, columns_headers, rows):
        """Export as Odoo does, with texts as texts; the arguments are those of Odoo."""
        rows = [
            [
                f"'{value}" if isinstance(value, str) and value.startswith(FORMULAS) else value
                for value in row
            ]
            for row in rows
        ]
        return super().from_data(fields, columns_headers, rows)


class AftersalesTableExporter(TableExporter):
    """Pivot tables as Excel files, see :class:`AftersalesExcelExport`."""

    @http.route()
    def export_xlsx(self, data, **kw):
        """Export as Odoo does, with texts as texts.

        :param data: the table, as JSON
        """
        with text_workbooks():
            return super().export_xlsx(data, **kw)
