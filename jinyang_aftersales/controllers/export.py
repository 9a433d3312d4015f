from odoo import http

from odoo.addons.web.controllers.export import ExcelExport
from odoo.addons.web.controllers.pivot import TableExporter

from ..tools.workbooks import text_workbooks


class AftersalesExcelExport(ExcelExport):
    """Lists, also grouped ones, as Excel files: what strangers wrote becomes no formula in them."""

    def base(self, data):
        """Export as Odoo does, with texts as texts.

        :param data: what is exported, as JSON
        """
        with text_workbooks():
            return super().base(data)


class AftersalesTableExporter(TableExporter):
    """Pivot tables as Excel files, see :class:`AftersalesExcelExport`."""

    @http.route()
    def export_xlsx(self, data, **kw):
        """Export as Odoo does, with texts as texts.

        :param data: the table, as JSON
        """
        with text_workbooks():
            return super().export_xlsx(data, **kw)
