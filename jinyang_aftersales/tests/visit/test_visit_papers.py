"""The application and the feedback form as real PDFs."""

import io
import re
import subprocess
import unicodedata
from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged
from odoo.tools.pdf import PdfReader

from .visit_common import VisitCommon

APPLICATION = "jinyang_aftersales.report_visit_application"
FEEDBACK = "jinyang_aftersales.report_visit_feedback"


def pdf_text(content):
    text = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=content, capture_output=True, check=True
    ).stdout.decode()
    return "".join(unicodedata.normalize("NFKC", text).split())


@tagged("post_install", "-at_install")
class TestVisitPapers(VisitCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # the forms are printed in the customer's language: English, also in a database that only has Chinese
        cls.env["res.lang"]._activate_lang("en_US")
        (cls.customer | cls.contact).lang = "en_US"

    def render(self, report, visits, user=None):
        content, kind = (
            self.env["ir.actions.report"]
            .with_user(user or self.specialist)
            .with_context(force_report_rendering=True)
            ._render_qweb_pdf(report, visits.ids)
        )
        self.assertEqual(kind, "pdf")
        return content

    def test_application_shows_plan_and_decision(self):
        visit = self.make_visit(
            state="submitted", technicians=self.specialist | self.colleague, problem="月末结账报错"
        )
        visit.with_user(self.manager).action_approve("带上备份盘")
        content = self.render(APPLICATION, visit)
        text = pdf_text(content)
        for part in (
            visit.name,
            "武汉恒达机械有限公司",
            self.contact.name,
            "武汉珞瑜路1号",
            "月末结账报错",
            "带上备份盘",
            "Colleague,Specialist",
            "Manager",
            visit.ticket_id.number,
        ):
            self.assertIn("".join(part.split()), text)
        local = visit.date_planned_start + timedelta(hours=8)
        self.assertIn(local.strftime(f"%B{local.day},%Y%H:%M"), text, "in the time of the company")
        self.assertEqual(len(PdfReader(io.BytesIO(content)).pages), 1)

    def test_trip_has_an_application_of_its_own(self):
        day = self.tomorrow.date()
        visit = self.make_visit()
        trip = self.make_visit(
            is_trip=True,
            destination="襄阳市",
            transport="train",
            trip_date_start=day,
            trip_date_end=day + timedelta(days=2),
        )
        self.assertNotIn("BusinessTripApplication", pdf_text(self.render(APPLICATION, visit)))
        text = pdf_text(self.render(APPLICATION, trip))
        for part in ("BusinessTripApplication", "襄阳市", "Train"):
            self.assertIn(part, text)

    def test_feedback_form_shows_opinion_scores_and_the_signature(self):
        visit = self.make_visit(state="on_site")
        empty = self.render(FEEDBACK, visit)
        visit.action_arrive()
        visit.write(self.feedback(customer_opinion="服务很好 <script>"))
        visit.action_sign()
        content = self.render(FEEDBACK, visit)
        text = pdf_text(content)
        for part in (
            "重新结账成功",
            "服务很好<script>",
            visit.signature_hash,
            f"{self.contact.name}",
        ):
            self.assertIn("".join(part.split()), text)
        self.assertRegex(text, r"5.*4.*3")
        self.assertEqual(self.count_images(empty), 0)
        self.assertEqual(self.count_images(content), 1)
        self.assertEqual(len(PdfReader(io.BytesIO(content)).pages), 1)

    def test_signed_paper_keeps_the_names_and_addresses_that_were_signed(self):
        """M34: whoever is renamed or moves afterwards, the customer and we ourselves."""
        visit = self.make_visit(state="feedback")
        ours = "".join(self.company.name.split())
        self.customer.write({"name": "改名有限公司", "street": "新街 9 号"})
        self.contact.name = "改名"
        self.specialist.name = "改名技术员"
        self.company.name = "改名软件"
        self.env.invalidate_all()
        text = pdf_text(self.render(FEEDBACK, visit))
        for part in ("武汉恒达机械有限公司", "武汉珞瑜路1号", ours):
            self.assertIn(part, text)
        self.assertNotIn("改名", text)
        self.assertTrue(visit.signature_valid)
        # what is not signed yet is printed with the names of today
        draft = self.make_visit(state="on_site")
        self.assertIn("改名有限公司", pdf_text(self.render(FEEDBACK, draft)))

    def count_images(self, content):
        listed = subprocess.run(
            ["pdfimages", "-list", "-"], input=content, capture_output=True, check=True
        ).stdout.decode()
        return len(re.findall(r"^\s+\d+\s+\d+\s+image", listed, re.MULTILINE))

    def test_several_forms_print_a_page_each(self):
        visits = self.make_visit() | self.make_visit()
        content = self.render(FEEDBACK, visits)
        self.assertEqual(len(PdfReader(io.BytesIO(content)).pages), 2)

    def test_who_may_not_read_the_visit_prints_nothing(self):
        visit = self.make_visit()
        with self.assertRaises(AccessError):
            self.render(APPLICATION, visit, self.employee)
