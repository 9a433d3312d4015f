"""The expiry letter as a real PDF."""

import io
import subprocess
import unicodedata
from unittest.mock import patch

from odoo.tests import BaseCase, HttpCase, tagged
from odoo.tools.pdf import PdfReader

from ...reports import paper_split
from .notice_common import END, NoticeCommon


def pdf_text(content):
    """Text of a PDF, without spaces.

    :param bytes content: the PDF
    :rtype: str
    """
    text = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=content, capture_output=True, check=True
    ).stdout.decode()
    return "".join(unicodedata.normalize("NFKC", text).split())


def pages(content):
    return len(PdfReader(io.BytesIO(content)).pages)


@tagged("post_install", "-at_install")
class TestRenewalLetter(NoticeCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("zh_CN")
        cls.product = cls.make_software("金洋进销存管理软件")

    def notice(self, name="武汉恒达机械有限公司", count=1):
        customer = self.make_customer(name, lang="zh_CN")
        customer.software_contact_id.write({"name": "张三", "lang": "zh_CN"})
        installations = self.env["aftersales.installation"]
        for _number in range(count):
            installations |= self.make_installation(customer, self.product, end=END, version="V8.1")
        agreement = self.signed(installations)
        return self.create_due().filtered(lambda row: row.contract_id == agreement)

    def letters(self, notices):
        return notices.with_context(force_report_rendering=True)._letters()

    def test_letter_names_customer_contact_software_serial_and_end_in_chinese(self):
        notice = self.notice()
        text = pdf_text(self.letters(notice)[notice.id])
        installation = notice.installation_ids
        for part in (
            "武汉恒达机械有限公司",
            "张三",
            "金洋进销存管理软件",
            "V8.1",
            installation.serial_number,
            "2026年12月31日",
            "2026年11月30日",
            notice.name,
            "JinyangSoftware",
        ):
            self.assertIn(part, text)

    def test_letters_printed_together_are_one_file_with_a_page_each(self):
        notices = self.notice() + self.notice("上海启明电子有限公司")
        content, kind = (
            self.env["ir.actions.report"]
            .with_context(force_report_rendering=True)
            ._render_qweb_pdf("jinyang_aftersales.report_renewal_letter", notices.ids)
        )
        self.assertEqual(kind, "pdf")
        self.assertEqual(pages(content), 2)
        text = pdf_text(content)
        self.assertIn("武汉恒达机械有限公司", text)
        self.assertIn("上海启明电子有限公司", text)

    def test_letter_of_sixty_installations_takes_two_pages_and_is_cut_right(self):
        first, long, last = (
            self.notice(),
            self.notice("广州长名单有限公司", count=60),
            self.notice("上海启明电子有限公司"),
        )
        calls = []
        original = type(self.env["ir.actions.report"])._run_wkhtmltopdf

        def counted(report, bodies, *args, **kwargs):
            calls.append(len(bodies))
            return original(report, bodies, *args, **kwargs)

        with patch.object(
            type(self.env["ir.actions.report"]),
            "_run_wkhtmltopdf",
            autospec=True,
            side_effect=counted,
        ):
            letters = self.letters(first + long + last)
        self.assertEqual(calls, [1], "all letters come out of one call with one document")
        self.assertEqual(pages(letters[first.id]), 1)
        self.assertGreaterEqual(pages(letters[long.id]), 2)
        self.assertEqual(pages(letters[last.id]), 1)
        text = pdf_text(letters[long.id])
        for installation in long.installation_ids:
            self.assertIn(installation.serial_number, text)
        self.assertNotIn("上海启明电子有限公司", text)
        self.assertIn("上海启明电子有限公司", pdf_text(letters[last.id]))
        self.assertNotIn("广州长名单有限公司", pdf_text(letters[first.id]))

    def test_customer_called_like_another_letter_confuses_nobody(self):
        second = self.notice("上海启明电子有限公司")
        first = self.notice("暂名", count=60)
        first.partner_id.name = second.name
        letters = self.letters(first + second)
        self.assertIn("上海启明电子有限公司", pdf_text(letters[second.id]))
        self.assertNotIn("上海启明电子有限公司", pdf_text(letters[first.id]))
        self.assertIn(first.installation_ids[-1].serial_number, pdf_text(letters[first.id]))

    def test_cut_file_carries_nothing_of_the_other_letters(self):
        notices = self.notice() + self.notice("上海启明电子有限公司", count=60)
        letters = self.letters(notices)
        alone = self.letters(notices[0])
        text = pdf_text(letters[notices[0].id])
        self.assertEqual(text, pdf_text(alone[notices[0].id]))
        streams = PdfReader(io.BytesIO(letters[notices[0].id]))
        contents = [
            stored
            for number in range(1, streams.trailer["/Size"])
            for stored in [streams.get_object(number)]
            if isinstance(stored, dict) and stored.get("/Type") == "/Page"
        ]
        self.assertEqual(len(contents), 1)

    def test_number_is_found_by_the_pdf_library_where_our_reader_finds_nothing(self):
        notices = self.notice() + self.notice("上海启明电子有限公司", count=60)
        with patch.object(paper_split._Scanner, "runs", return_value=set()):
            letters = self.letters(notices)
        self.assertGreaterEqual(pages(letters[notices[1].id]), 2)
        self.assertNotIn("上海启明电子有限公司", pdf_text(letters[notices[0].id]))

    def test_letters_that_cannot_be_told_apart_are_printed_one_by_one(self):
        notices = self.notice() + self.notice("上海启明电子有限公司", count=60)
        module = "odoo.addons.jinyang_aftersales.reports.ir_actions_report"
        with patch(f"{module}.split_by_marks", return_value=None):
            letters = self.letters(notices)
        self.assertGreaterEqual(pages(letters[notices[1].id]), 2)
        self.assertEqual(pages(letters[notices[0].id]), 1)

    def test_title_carries_the_brand_and_text_comes_in_the_customers_language(self):
        self.line.brand = "启擎软件"
        notice = self.notice()
        self.assertIn("启擎软件", pdf_text(self.letters(notice)[notice.id]))
        self.assertIn("启擎软件", notice.letter_title)

    def test_letter_prints_without_a_server(self):
        self.env["ir.config_parameter"].set_param("report.url", "http://127.0.0.1:9")
        notice = self.notice()
        # wkhtmltopdf logs a warning if it cannot load a style sheet
        with self.assertNoLogs("odoo.addons.base.models.ir_actions_report", "WARNING"):
            content = self.letters(notice)[notice.id]
        self.assertIn(notice.name, pdf_text(content))

    def test_letter_escapes_what_customers_are_called(self):
        notice = self.notice("<img src='file:///etc/passwd'/><b>Heng</b>")
        self.assertIn("<b>Heng</b>", pdf_text(self.letters(notice)[notice.id]))


@tagged("post_install", "-at_install")
class TestPaperSplit(BaseCase):
    def test_each_mark_is_wanted_once_and_in_order(self):
        for texts, marks, starts in (
            ([{"A"}, set(), {"B"}], ["A", "B"], [0, 2]),
            ([{"A"}, {"B"}, {"B"}], ["A", "B"], None),
            ([{"B"}, {"A"}], ["A", "B"], None),
            ([set(), {"A"}], ["A"], None),
            ([{"A"}], ["A", "B"], None),
        ):
            with self.subTest(texts=texts):
                self.assertEqual(paper_split._starts(texts, marks), starts)
