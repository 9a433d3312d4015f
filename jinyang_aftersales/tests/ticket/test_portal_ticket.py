"""Tickets on the portal: software, service state, and the form for new tickets (五.1.2)."""

import io

from odoo.tests import HttpCase, freeze_time, tagged

from ..common import AftersalesCommon
from ..portal.common_portal import PortalBrowser

FORM = {"subject": "Printer stops", "description": "It stops.", "department": "Accounting"}


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10 04:00:00")
class TestPortalTicket(PortalBrowser, AftersalesCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("en_US")
        cls.env["ir.default"].set("res.partner", "lang", "en_US")
        cls.installation = cls.make_installation(serial="JY-77", end=cls.day("2026-01-31"))
        cls.foreign = cls.make_installation(serial="ZZ-99", end=cls.day("2026-12-31"))
        cls.people = {
            name: cls.make_user(
                name,
                "base.group_portal",
                lang="en_US",
                password=f"aftersales_{name}",
                partner_id=cls.env["res.partner"].create({"name": name, "parent_id": parent.id}).id,
            )
            for name, parent in {
                "alice": cls.installation.partner_id,
                "bob": cls.foreign.partner_id,
            }.items()
        }

    def setUp(self):
        super().setUp()
        self.sign_in("aftersales_alice")

    def send(self, files=None, **data):
        """Send the form; return the answer and the tickets it made."""
        tickets = self.env["helpdesk.ticket"]
        before = tickets.search([])
        answer = self.post("/submitted/ticket", files=files, **{**FORM, **data})
        return answer, tickets.search([]) - before

    def test_form_offers_the_own_software_and_people_only(self):
        page = self.get("/new/ticket").text
        for text in ("JY-77", self.installation.partner_id.name, 'name="department"'):
            self.assertIn(text, page)
        for text in ("ZZ-99", self.foreign.partner_id.name, "bob"):
            self.assertNotIn(text, page)

    def test_ticket_carries_contact_department_and_software(self):
        contact = self.installation.partner_id.software_contact_id
        _answer, ticket = self.send(installation=self.installation.id, contact=contact.id)
        self.assertEqual(ticket.installation_id, self.installation)
        self.assertEqual(ticket.partner_id, contact)
        self.assertEqual(ticket.department, "Accounting")
        self.assertTrue(ticket.chargeable)
        self.assertIn(self.people["alice"].partner_id, ticket.message_partner_ids)

    def test_who_files_it_gets_a_mail_in_his_language_and_may_answer_it(self):
        alice = self.people["alice"].partner_id
        alice.email = "alice@example.cn"
        _answer, ticket = self.send()
        [message] = ticket.message_ids.filtered(lambda row: row.message_type == "auto_comment")
        self.assertEqual(message.notified_partner_ids, alice)
        self.assertIn(f"We have received your ticket {ticket.number}", message.body)
        [mail] = self.env["mail.mail"].sudo().search([("mail_message_id", "=", message.id)])
        self.assertEqual(mail.state, "outgoing")
        self.assertIn("Auto-Submitted", mail.headers)

    def test_department_is_asked_for(self):
        answer, ticket = self.send(department=" ")
        self.assertEqual(answer.status_code, 400)
        self.assertFalse(ticket)
        self.assertIn("Please enter the department.", answer.text)
        self.assertIn("It stops.", answer.text)

    def test_software_and_people_of_others_are_refused(self):
        for data in (
            {"installation": self.foreign.id},
            {"contact": self.people["bob"].partner_id.id},
            {"contact": self.manager.partner_id.id},
            {"installation": "abc"},
            {"contact": "1,2"},
        ):
            answer, ticket = self.send(**data)
            self.assertEqual(answer.status_code, 400, data)
            self.assertFalse(ticket, data)
            self.assertNotIn("ZZ-99", answer.text)

    def test_same_form_sent_twice_makes_one_ticket(self):
        key = "0123456789abcdef" * 2
        _answer, ticket = self.send(form_key=key)
        self.assertEqual(len(ticket), 1)
        answer, again = self.send(form_key=key)
        self.assertFalse(again)
        self.assertIn(f"/my/ticket/{ticket.id}", answer.headers["Location"])
        # changed values make another ticket, and so does the same form of another user
        _answer, other = self.send(form_key=key, subject="Something else")
        self.assertEqual(len(other), 1)
        self.sign_in("aftersales_bob")
        _answer, foreign = self.send(form_key=key)
        self.assertEqual(foreign.commercial_partner_id, self.foreign.partner_id)

    def test_list_and_page_show_serial_number_and_state_of_service(self):
        _answer, ticket = self.send(installation=self.installation.id)
        for url in ("/my/tickets", f"/my/ticket/{ticket.id}"):
            page = self.get(url).text
            self.assertIn("JY-77", page)
            self.assertIn("Out of service", page)
        self.assertIn("may be charged", page)
        self.assertNotIn("access_token", page)

    def test_page_shows_the_customers_files_and_none_of_internal_notes(self):
        files = [("attachment", ("list.txt", io.BytesIO(b"one,two"), "text/plain"))]
        _answer, ticket = self.send(files=files)
        ticket.message_post(
            body="Between us",
            attachments=[("grumble.txt", b"grumble")],
            subtype_xmlid="mail.mt_note",
        )
        self.env["ir.attachment"].create(
            {"name": "draft.txt", "raw": b"x", "res_model": ticket._name, "res_id": ticket.id}
        )
        page = self.get(f"/my/ticket/{ticket.id}").text
        self.assertIn("list.txt", page)
        self.assertNotIn("grumble.txt", page)
        self.assertNotIn("draft.txt", page)

    def test_looking_changes_nothing(self):
        _answer, ticket = self.send()
        # the token of the mail about the ticket
        token = ticket.access_token
        self.env.cr.execute("UPDATE helpdesk_ticket SET write_date = '2020-01-01'")
        self.env.invalidate_all()
        self.get("/my/tickets")
        self.get(f"/my/ticket/{ticket.id}")
        self.env.invalidate_all()
        self.assertEqual(ticket.write_date.year, 2020)
        self.assertEqual(ticket.access_token, token)
