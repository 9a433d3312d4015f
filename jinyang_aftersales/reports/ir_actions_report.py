import io
import logging

from odoo import api, models
from odoo.exceptions import UserError

from .paper_split import split_by_marks

_logger = logging.getLogger(__name__)


class IrActionsReport(models.Model):
    """Letters and forms on paper: several are printed by one call, and each becomes a file of its own."""

    _inherit = "ir.actions.report"

    @api.model
    def _aftersales_papers(self):
        """Reports built on the template ``paper_container``: all letters in one article, with their own style, without
        header, footer and network. Each letter begins on a new page and shows the ``name`` of its record as a separate
        text.

        :return: report names
        :rtype: set[str]
        """
        return {
            "jinyang_aftersales.report_agreement",
            "jinyang_aftersales.report_application",
            "jinyang_aftersales.report_change",
            "jinyang_aftersales.report_implementation_acceptance",
            "jinyang_aftersales.report_implementation_order",
            "jinyang_aftersales.report_implementation_plan",
            "jinyang_aftersales.report_renewal_letter",
            "jinyang_aftersales.report_visit_application",
            "jinyang_aftersales.report_visit_feedback",
        }

    @api.model
    def _print_signed_copy(self, report_ref, document, title):
        """Print the paper a customer has just signed, as an attachment of a message.

        A failing printer does not undo the signature: the paper can be printed from the document later.

        :param str report_ref: external id of the report
        :param document: the signed document, one record
        :param str title: title of the paper
        :return: attachments of a message: name and content of the file, empty when it could not be printed
        :rtype: list[tuple[str, bytes]]
        """
        try:
            # sudo: prints fields the customer may not read; the right to sign was checked
            content, kind = self.sudo()._render_qweb_pdf(report_ref, document.ids)
        except UserError as error:
            _logger.warning("The signed copy of %s could not be printed: %s", document, error)
            return []
        return [(f"{title} {document.name}.pdf", content)] if kind == "pdf" else []

    def _is_aftersales_paper(self):
        # sudo: reads the name of the report, for users who may not read reports
        return self.sudo().report_name in self._aftersales_papers()

    def _get_layout(self):
        if self._is_aftersales_paper():
            return self.env.ref("jinyang_aftersales.paper_layout")
        return super()._get_layout()

    def _prepare_html(self, html, report_model=False):
        result = super()._prepare_html(html, report_model=report_model)
        if not self._is_aftersales_paper():
            return result
        bodies, res_ids, _header, _footer, arguments = result
        return bodies, res_ids, None, None, arguments

    @api.model
    def _build_wkhtmltopdf_args(
        self,
        paperformat_id,
        landscape,
        specific_paperformat_args=None,
        set_viewport_size=False,
    ):
        arguments = super()._build_wkhtmltopdf_args(
            paperformat_id, landscape, specific_paperformat_args, set_viewport_size
        )
        if (specific_paperformat_args or {}).get("data-report-script") == "none":
            # no second of waiting: the page has no script
            arguments[arguments.index("--javascript-delay") + 1] = "0"
        return arguments

    def _render_qweb_pdf_prepare_streams(self, report_ref, data, res_ids=None):
        streams = super()._render_qweb_pdf_prepare_streams(report_ref, data, res_ids=res_ids)
        report = self._get_report(report_ref)
        if not report._is_aftersales_paper() or False not in streams or len(streams) < 2:
            return streams
        # one call of wkhtmltopdf has printed all letters into one PDF, which is cut here
        whole = streams.pop(False)["stream"].getvalue()
        marks = self.env[report.model].browse(list(streams)).mapped("name")
        letters = split_by_marks(whole, marks)
        for number, res_id in enumerate(streams):
            if letters:
                streams[res_id]["stream"] = io.BytesIO(letters[number])
            else:
                alone = super()._render_qweb_pdf_prepare_streams(report_ref, data, res_ids=[res_id])
                streams[res_id]["stream"] = alone[res_id]["stream"]
        return streams
