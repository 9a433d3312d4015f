"""Pages of the portal: breadcrumbs, labels for customers, and copies of signed documents."""

import re
from unittest.mock import patch

import pytz
from lxml import html

from odoo.exceptions import UserError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..visit.visit_common import drawing
from .portal_documents_common import PDF, PortalDocuments

PRINT = "odoo.addons.base.models.ir_actions_report.IrActionsReport._render_qweb_pdf"


@tagged("post_install", "-at_install")
class TestPortalPages(PortalDocuments, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agreement = cls.make_agreement(cls.installation)
        cls.fax(cls.agreement)
        cls.ticket = cls.env["helpdesk.ticket"].create(
            {
                "name": "月末结账报错",
                "description": "<p>无法结账</p>",
                "partner_id": cls.alice.partner_id.id,
                "installation_id": cls.installation.id,
                "company_id": cls.company.id,
            }
        )
        cls.visit = cls.make_visit(state="on_site")
        cls.visit.action_arrive()
        cls.visit.result = "重新结账成功"
        cls.visit = cls.visit.with_user(cls.env.user)

    def setUp(self):
        super().setUp()
        self.come(self.alice)

    def page_of(self, url, **params):
        return html.fromstring(self.get(url, **params).text)

    def crumbs(self, url):
        """:return: the texts of the breadcrumbs after the home icon"""
        items = self.page_of(url).xpath("//ol[contains(@class, 'o_portal_submenu')]/li")
        return [item.text_content().strip() for item in items[1:]]

    # === Breadcrumbs === #

    def test_breadcrumbs_lead_to_the_page_and_to_no_other(self):
        # the page lists agreements and tickets, but must not get their breadcrumbs
        self.assertEqual(
            self.crumbs(self.installation.access_url),
            ["Installed Software", self.installation.display_name],
        )
        self.assertEqual(
            self.crumbs(self.agreement.access_url), ["Service Agreements", self.agreement.name]
        )
        self.assertEqual(self.crumbs("/my/contracts"), ["Service Agreements"])
        self.assertEqual(self.crumbs("/new/ticket"), ["Tickets", "New Ticket"])

    def test_breadcrumbs_do_not_tell_the_customer_his_own_name(self):
        self.assertEqual(self.crumbs(self.visit.access_url), ["Visits", self.visit.name])
        complaint = self.make_complaint_of_alice()
        self.assertEqual(self.crumbs(complaint.access_url), ["Complaints", complaint.name])

    def test_every_card_of_ours_shows_its_number_also_on_the_second_visit(self):
        kinds = (
            "installation",
            "contract",
            "ticket",
            "visit",
            "application",
            "change",
            "complaint",
        )
        for _visit in range(2):
            page = self.page_of("/my")
            for kind in kinds:
                [number] = page.xpath(f"//span[@data-placeholder_count='{kind}_count']")
                self.assertIn("badge", number.get("class"), kind)
                self.assertNotIn("d-none", number.get("class"), kind)
            self.make_jsonrpc_request("/my/counters", {"counters": [f"{k}_count" for k in kinds]})

    def test_what_customers_need_most_comes_first(self):
        page = self.page_of("/my")
        cards = page.xpath("//div[@id='portal_common_category']//a/@href")
        ours = ["/my/tickets", "/my/visits", "/my/contracts", "/my/installations", "/my/changes"]
        self.assertEqual([card for card in cards if card in ours], ours)
        self.assertEqual(cards[0], "/my/tickets")

    def test_pages_advertise_nobody(self):
        self.company.logo = False
        for url in ("/my", f"/my/ticket/{self.ticket.id}", self.agreement.access_url):
            text = self.get(url).text
            self.assertNotIn("odoo.com", text, url)
            self.assertNotIn("Powered by", text, url)
        self.come(None)
        text = self.get("/web/login").text
        self.assertNotIn("odoo.com", text)
        self.assertNotIn("/web/binary/company_logo", text)

    def test_texts_of_the_signature_field_are_in_the_visitors_language(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.env["ir.module.module"].search(
            [("name", "=", "jinyang_aftersales")]
        )._update_translations(["zh_CN"])
        texts = self.get("/website/translations", lang="zh_CN").text
        self.assertIn("请在上方框内签字。", texts)

    def test_new_ticket_is_filed_from_the_list_on_a_phone_too(self):
        # the bar with the button is folded away there
        [button] = self.page_of("/my/tickets").xpath("//main//a[@href='/new/ticket']")
        self.assertIn("btn", button.get("class"))

    def test_page_of_an_open_document_says_what_comes_next(self):
        application = self.env["aftersales.application"].create(
            {
                "kind": "password",
                "description": "x",
                "partner_id": self.customer.id,
                "contact_id": self.alice.partner_id.id,
                "company_id": self.company.id,
            }
        )
        asked = (
            (application, ("submitted", "approved", "cancelled")),
            (self.make_complaint_of_alice(), ("received", "investigating", "cancelled")),
            (self.visit, ("submitted", "approved", "cancelled")),
        )
        for document, states in asked:
            for state in states:
                document._write_unlocked({"state": state})
                with self.subTest(document=document._name, state=state):
                    page = self.page_of(document.access_url)
                    notes = page.xpath("//main//div[@role='status']")
                    self.assertEqual(len(notes), 1)
                    self.assertGreater(len(notes[0].text_content().strip()), 30)

    def test_home_counts_what_waits_for_the_customer_until_it_is_done(self):
        names = ["offer_to_sign_count", "visit_to_sign_count", "change_opinion_count"]
        page = self.page_of("/my")
        for name in names:
            self.assertTrue(page.xpath(f"//*[@data-placeholder_count='{name}']"), name)
        [card] = page.xpath("//a[.//*[@data-placeholder_count='contract_count']]")
        self.assertEqual(card.get("href"), "/my/contracts")
        self.assertIn("Service Agreements", card.text_content())

        def counted():
            return [
                self.make_jsonrpc_request("/my/counters", {"counters": names})[n] for n in names
            ]

        self.assertEqual(counted(), [1, 1, 0])
        self.accept()
        self.sign()
        self.assertEqual(counted(), [0, 0, 0])
        self.come(self.bob)
        self.assertEqual(counted(), [0, 0, 0])

    def make_complaint_of_alice(self):
        return self.env["aftersales.complaint"].create(
            {
                "kind": "quality",
                "description": "数据不对",
                "origin": "portal",
                "partner_id": self.customer.id,
                "contact_id": self.alice.partner_id.id,
                "company_id": self.company.id,
            }
        )

    def test_times_are_shown_without_seconds(self):
        for url in ("/my/tickets", f"/my/ticket/{self.ticket.id}", self.visit.access_url):
            text = self.page_of(url).xpath("//main")[0].text_content()
            self.assertRegex(text, r"\d\d:\d\d", url)
            self.assertNotRegex(text, r"\d\d:\d\d:\d\d", url)

    def test_times_are_those_of_the_company_for_who_comes_by_a_link_too(self):
        self.accept()
        self.env.invalidate_all()
        pages = (
            (self.agreement, self.agreement.access_url, "accepted_on"),
            (self.ticket, f"/my/ticket/{self.ticket.id}", "create_date"),
        )
        for document, url, name in pages:
            moment = pytz.utc.localize(document[name]).astimezone(pytz.timezone("Asia/Shanghai"))
            token = document._portal_ensure_token()
            for user in (self.alice, None):
                self.come(user)
                text = self.get(url, access_token=token).text
                self.assertIn(moment.strftime("%m/%d/%Y %I:%M %p"), text, url)

    def test_list_of_tickets_names_the_person_without_the_company(self):
        page = self.page_of("/my/tickets")
        [row] = page.xpath(f"//tr[.//a[contains(@href, '/my/ticket/{self.ticket.id}?')]]")
        self.assertEqual(row.xpath("td")[0].text_content().strip(), self.alice.partner_id.name)

    def test_each_document_is_in_the_list_once_and_in_its_own_group(self):
        self.make_installation(self.customer, serial="JY-88", end=self.company._aftersales_today())
        page = self.page_of("/my/installations", groupby="state")
        groups = {}
        for row in page.xpath("//table//tr"):
            if row.xpath("th[@colspan]"):
                groups[row.text_content().strip()] = serials = []
            elif row.xpath("td"):
                serials.append(row.xpath("td")[2].text_content().strip())
        self.assertEqual(groups, {"Expiring": ["JY-88"], "No Service": ["JY-77"]})

    # === The form of a ticket === #

    def test_form_of_a_ticket_marks_what_is_required_and_shows_how_service_stands(self):
        page = self.page_of("/new/ticket")
        for name in ("contact", "department", "subject", "description"):
            self.assertTrue(
                page.xpath(f"//label[@for='{name}']//span[@title='Required']"),
                f"{name} is not marked",
            )
            [entry] = page.xpath(f"//*[@name='{name}']")
            self.assertEqual((entry.get("id"), entry.get("required") is not None), (name, True))
        [option] = page.xpath(
            f"//select[@name='installation']/option[@value='{self.installation.id}']"
        )
        state = dict(self.installation._fields["service_state"]._description_selection(self.env))
        self.assertIn("JY-77", option.text)
        self.assertIn(f"({state[self.installation.service_state]})", option.text)
        # files are at the end of the form, with the accepted types
        names = [entry.get("name") for entry in page.xpath("//form//*[@name]")]
        self.assertLess(names.index("description"), names.index("attachment"))
        self.assertIn("at most 10 files", re.sub(r"\s+", " ", page.text_content()))

    def test_forms_of_the_other_documents_show_how_service_stands_too(self):
        for url in ("/my/visits/new", "/my/changes/new", "/my/applications/new?kind=password"):
            [option] = self.page_of(url).xpath(
                f"//select[@name='installation_id']/option[@value='{self.installation.id}']"
            )
            self.assertIn(self.installation._get_portal_label(), option.text, url)

    def test_who_has_filed_a_ticket_is_thanked(self):
        answer = self.post(
            "/submitted/ticket", subject="打印", description="无法打印", department="财务部"
        )
        self.assertIn(
            "Thank you. We have received your ticket.",
            self.url_open(answer.headers["Location"]).text,
        )
        self.assertNotIn("We have received", self.get(f"/my/ticket/{self.ticket.id}").text)

    def test_refused_form_of_a_ticket_keeps_the_words_as_they_were(self):
        answer = self.post("/submitted/ticket", subject="", description="打不开\n请帮忙")
        self.assertEqual(answer.status_code, 400)
        [field] = html.fromstring(answer.text).xpath("//textarea[@name='description']")
        self.assertEqual(field.text.replace("\r", ""), "打不开\n请帮忙")

    def test_a_refused_file_is_one_reason_not_two(self):
        answer = self.send(
            "/my/applications/new?kind=password",
            contact_id=self.alice.partner_id.id,
            files=[self.scan("scan.txt", b"no scan at all")],
        )
        reasons = html.fromstring(answer.text).xpath("//div[@role='alert']//li")
        self.assertEqual(len(reasons), 1, [reason.text for reason in reasons])
        self.assertIn("has to be a PDF", reasons[0].text)

    # === Copies of signed documents === #

    def accept(self):
        return self.post(
            f"{self.agreement.access_url}/accept",
            name="李娜",
            signature=drawing(),
            shown_hash=self.agreement._get_shown_hash(),
        )

    def sign(self):
        return self.post(f"{self.visit.access_url}/sign", **self.answer(self.visit))

    def signed_copies(self, document):
        """:return: the attachments of the message about the signature"""
        self.env.invalidate_all()
        message = document.message_ids.filtered(
            lambda message: re.search("has (accepted|signed)", message.body or "")
        )
        self.assertEqual(len(message), 1)
        self.assertEqual(message.author_id, self.alice.partner_id)
        return message.attachment_ids

    def test_what_was_signed_is_kept_as_a_paper_with_the_message(self):
        with patch(PRINT, return_value=(PDF, "pdf")) as printer:
            self.assertEqual(self.accept().status_code, 303)
            self.assertEqual(self.sign().status_code, 303)
        self.assertEqual(
            [call.args for call in printer.call_args_list],
            [
                ("jinyang_aftersales.action_report_agreement", self.agreement.ids),
                ("jinyang_aftersales.report_visit_feedback_action", self.visit.ids),
            ],
        )
        for document in (self.agreement, self.visit):
            [paper] = self.signed_copies(document)
            self.assertEqual((paper.raw, paper.mimetype), (PDF, "application/pdf"))
            self.assertIn(document.name, paper.name)

    def test_a_printer_that_fails_undoes_no_signature(self):
        with (
            patch(PRINT, side_effect=UserError("no printer")),
            mute_logger("odoo.addons.jinyang_aftersales.reports.ir_actions_report"),
        ):
            self.assertEqual(self.accept().status_code, 303)
            self.assertEqual(self.sign().status_code, 303)
        self.assertFalse(self.signed_copies(self.agreement))
        self.assertFalse(self.signed_copies(self.visit))
        self.assertTrue(self.agreement.acceptance_valid)
        self.assertTrue(self.visit.signature_valid)

    def test_paper_of_an_agreement_shows_who_accepted_it_and_the_drawing(self):
        report = self.env["ir.actions.report"]
        ref = "jinyang_aftersales.action_report_agreement"
        before = report._render_qweb_html(ref, self.agreement.ids)[0].decode()
        self.assertNotIn("李娜", before)
        self.accept()
        self.env.invalidate_all()
        paper = html.fromstring(report._render_qweb_html(ref, self.agreement.ids)[0])
        [cell] = paper.xpath("//td[.//img[starts-with(@src, 'data:image/png')]]")
        self.assertIn("李娜", cell.text_content())
