from odoo import http
from odoo.http import content_disposition, request

from ..groups import MANAGERS
from ..models.takeover.templates import NAMES, make_template

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class AftersalesTakeoverFiles(http.Controller):
    """Templates of tables that can be taken over, and workbooks of rows that were refused; for service managers."""

    @http.route(
        "/jinyang_aftersales/takeover/template/<string:code>",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=True,
    )
    def template(self, code, **_kw):
        """The template of a kind of table.

        :param str code: code of the kind
        """
        if code not in NAMES or not request.env.user.has_group(MANAGERS):
            return request.not_found()
        return self._send(make_template(code), f"{NAMES[code]}.xlsx")

    @http.route(
        "/jinyang_aftersales/takeover/<int:takeover_id>/refused",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=True,
    )
    def refused(self, takeover_id, **_kw):
        """The refused rows of an import, to be corrected and imported.

        :param int takeover_id: id of the import
        """
        takeover = request.env["aftersales.takeover"]
        if not takeover.has_access("read"):
            return request.not_found()
        takeover = takeover.search([("id", "=", takeover_id)])
        if not takeover.layout:
            return request.not_found()
        stem = (takeover.file_name or "").rpartition(".")[0] or "Excel"
        return self._send(takeover._make_refused_file(), request.env._("%s to correct.xlsx", stem))

    @staticmethod
    def _send(content, name):
        return request.make_response(
            content,
            [
                ("Content-Type", XLSX),
                ("Content-Disposition", content_disposition(name)),
                ("X-Content-Type-Options", "nosniff"),
            ],
        )
