"""Service agreements on the portal: customers see their own, and no others."""

from unittest.mock import patch

from lxml import html

from odoo.tests import HttpCase, freeze_time, tagged

from ..common import AftersalesCommon
from ..portal.common_portal import PortalBrowser

REPORT = "odoo.addons.base.models.ir_actions_report.IrActionsReport._render_qweb_pdf"


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10 04:00:00")
class TestPortalAgreement(PortalBrowser, AftersalesCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("en_US")
        cls.env["ir.default"].set("res.partner", "lang", "en_US")
        installation = cls.make_installation(serial="JY-77", end=cls.day("2026-03-31"))
        cls.software = installation.product_id
        cls.agreement = cls.make_agreement(
            installation, start=cls.day("2026-02-01"), end=cls.day("2027-01-31"), price=1888
        )
        cls.people = {
            name: cls.make_user(
                name,
                "base.group_portal",
                lang="en_US",
                password=f"aftersales_{name}",
                partner_id=cls.env["res.partner"].create({"name": name, "parent_id": parent.id}).id,
            )
            for name, parent in {
                "alice": cls.agreement.partner_id,
                "bob": cls.make_customer(),
            }.items()
        }
        cls.url = f"/my/contracts/{cls.agreement.id}"

    def open_as(self, name, url, **params):
        self.sign_in(f"aftersales_{name}")
        return self.get(url, **params)

    def test_list_shows_software_term_amount_and_state(self):
        self.sign(self.agreement)
        page = self.open_as("alice", "/my/contracts").text
        for text in (self.agreement.name, self.software.name, "02/01/2026", "1,888.00", "Active"):
            self.assertIn(text, page)
        self.assertNotIn(self.agreement.name, self.open_as("bob", "/my/contracts").text)

    def rows(self, **params):
        """:return: the numbers in the customer's list"""
        answer = self.get("/my/contracts", **params)
        self.assertEqual(answer.status_code, 200, params)
        page = html.fromstring(answer.text)
        return [cell.text_content().strip() for cell in page.xpath("//tbody/tr/td[1]")]

    def test_list_is_searched_filtered_sorted_and_paged_as_the_others(self):
        self.sign(self.agreement)
        customer = self.agreement.partner_id
        offer = self.make_agreement(
            self.make_installation(customer, serial="JY-78"),
            start=self.day("2027-02-01"),
            end=self.day("2028-01-31"),
        )
        self.fax(offer)
        signed, sent = self.agreement.name, offer.name
        self.sign_in("aftersales_alice")
        for params, found in (
            ({}, [sent, signed]),
            ({"sortby": "name"}, sorted([sent, signed])),
            ({"filterby": "to_sign"}, [sent]),
            ({"filterby": "active"}, [signed]),
            ({"filterby": "ended"}, []),
            ({"search": self.software.name}, [signed]),
            ({"search": sent, "search_in": "name"}, [sent]),
            ({"search": "nothing like it"}, []),
        ):
            self.assertEqual(self.rows(**params), found, params)
        self.assertIn("o_portal_search_panel", self.get("/my/contracts").text)
        # the page of a contract links to the next one of the list
        self.assertIn(f'href="{offer.access_url}"', self.get(self.url).text)
        self.agreement._write_unlocked({"term_end": self.day("2026-03-01")})
        self.assertEqual(self.rows(filterby="ended"), [signed])
        self.assertEqual(self.rows(filterby="active"), [])

    def test_page_shows_serial_number_and_payment_instead_of_the_next_invoice(self):
        self.sign(self.agreement)
        page = self.open_as("alice", self.url).text
        for text in ("JY-77", "Awaiting Payment", self.agreement.sudo().agreement_invoice_name):
            self.assertIn(text, page)
        self.assertNotIn("Date of Next Invoice", page)

    def test_page_says_paid_when_it_is(self):
        self.sign(self.agreement)
        self.pay(self.agreement)
        page = self.open_as("alice", self.url).text
        self.assertIn("Paid on:", page)
        self.assertNotIn("Awaiting Payment", page)

    def test_what_we_call_lost_the_customer_reads_as_not_concluded(self):
        self.fax(self.agreement)
        self.assertIn("To be signed", self.open_as("alice", self.url).text)
        self.agreement.action_lose("too dear")
        page = self.open_as("alice", self.url).text
        self.assertIn("Not concluded", page)
        self.assertNotIn("too dear", page)

    def test_paper_is_for_the_customer_alone(self):
        self.sign(self.agreement)
        with patch(REPORT, return_value=(b"%PDF-1.7", "pdf")) as render:
            answer = self.open_as("alice", self.url, report_type="pdf")
            self.assertEqual(answer.headers["Content-Type"], "application/pdf")
            self.assertIn(
                self.agreement.name.replace("-", "_"), answer.headers["Content-Disposition"]
            )
            self.assertEqual(render.call_count, 1)
            for name, url in (("bob", self.url), ("alice", "/my/contracts/999999999")):
                answer = self.open_as(name, url, report_type="pdf")
                self.assertEqual(answer.status_code, 303)
            self.assertEqual(render.call_count, 1)

    def test_drafts_are_ours(self):
        for params in ({}, {"report_type": "pdf"}):
            self.assertEqual(self.open_as("alice", self.url, **params).status_code, 303)

    def test_odd_kinds_of_paper_show_the_page(self):
        self.sign(self.agreement)
        for kind in ("html", "exe", "", "pdf;"):
            answer = self.open_as("alice", self.url, report_type=kind)
            self.assertEqual(answer.status_code, 200)
            self.assertIn("JY-77", answer.text)

    def test_list_of_tickets_speaks_the_language_of_the_customer(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.people["alice"].lang = "zh_CN"
        self.sign_in("aftersales_alice")
        page = self.url_open("/my/tickets").text
        for english in ("Newest", "Search in All", ">None<", ">All<"):
            self.assertNotIn(english, page)
