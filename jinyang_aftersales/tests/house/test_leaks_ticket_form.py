import re
from unittest.mock import patch

from odoo.tests import HttpCase, tagged

from odoo.addons.jinyang_aftersales.controllers import helpdesk_main

from ..portal.common_portal import ODD_VALUES, PortalBrowser

PNG = b"\x89PNG\r\n\x1a\n" + bytes.fromhex("0000000d4948445200000001000000010802000000907753de")
FORM = {
    "subject": "Printer stops",
    "description": "First line\nSecond line",
    "department": "Accounting",
}


@tagged("post_install", "-at_install")
class TestLeaksTicketForm(PortalBrowser, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.setUpPeople()
        cls.setUpDocuments()
        cls.env.company.write(
            {
                "helpdesk_mgmt_portal_select_category": True,
                "helpdesk_mgmt_portal_category_id_required": False,
                "helpdesk_mgmt_portal_select_team": True,
                "helpdesk_mgmt_portal_team_id_required": False,
            }
        )
        cls.other_company = cls.env["res.company"].create({"name": "Other of ours"})
        cls.category, cls.hidden_category, cls.foreign_category = cls._new_choices(
            "helpdesk.ticket.category"
        )
        cls.team, cls.hidden_team, cls.foreign_team = cls._new_choices("helpdesk.ticket.team")

    @classmethod
    def _new_choices(cls, model):
        return cls.env[model].create(
            [
                {"name": "Shown choice"},
                {"name": "Hidden choice", "show_in_portal": False},
                {"name": "Foreign choice", "company_id": cls.other_company.id},
            ]
        )

    def send(self, files=None, **data):
        """Send the form; return the answer and the tickets it made."""
        tickets = self.env["helpdesk.ticket"]
        before = tickets.search([])
        answer = self.post("/submitted/ticket", files=files, **{**FORM, **data})
        return answer, tickets.search([]) - before

    def assertRefused(self, **data):
        answer, made = self.send(**data)
        self.assertEqual(answer.status_code, 400, data)
        self.assertFalse(made, data)
        return answer.text

    def test_form_makes_a_ticket_of_the_visitor_and_leads_to_it(self):
        for login in ("alice", "ivan"):
            self.sign_in(login)
            answer, made = self.send(category=self.category.id, team=self.team.id)
            self.assertEqual(answer.status_code, 302)
            self.assertURLEqual(answer.headers["Location"], f"/my/ticket/{made.id}?filed=1")
            self.assertRecordValues(
                made,
                [
                    {
                        "name": "Printer stops",
                        "partner_id": self.env["res.users"]
                        .search([("login", "=", login)])
                        .partner_id.id,
                        "category_id": self.category.id,
                        "team_id": self.team.id,
                        "company_id": self.env.company.id,
                        "user_id": False,
                    }
                ],
            )
            self.assertIn("First line<br>Second line", made.description)

    def test_public_makes_no_ticket(self):
        self.sign_in(None)
        answer, made = self.send()
        self.assertIn("/web/login", answer.headers["Location"])
        self.assertFalse(made)

    def test_only_choices_shown_and_of_the_company_are_offered_and_taken(self):
        self.sign_in("alice")
        page = self.get("/new/ticket").text
        self.assertIn("Shown choice", page)
        self.assertNotIn("Hidden choice", page)
        self.assertNotIn("Foreign choice", page)
        # even when the visitor may work in both companies
        self.alice.company_ids += self.other_company
        self.assertNotIn("Foreign choice", self.get("/new/ticket").text)
        for choice in (self.hidden_category, self.foreign_category):
            self.assertIn(
                "Please choose a category of the list.", self.assertRefused(category=choice.id)
            )
        for choice in (self.hidden_team, self.foreign_team):
            self.assertIn("Please choose a team of the list.", self.assertRefused(team=choice.id))

    def test_required_choices_are_asked_for(self):
        self.env.company.helpdesk_mgmt_portal_category_id_required = True
        self.env.company.helpdesk_mgmt_portal_team_id_required = True
        self.sign_in("alice")
        page = self.assertRefused()
        self.assertIn("Please choose a category.", page)
        self.assertIn("Please choose a team.", page)

    def test_team_is_ignored_where_customers_do_not_choose_it(self):
        self.env.company.helpdesk_mgmt_portal_select_team = False
        self.sign_in("alice")
        _answer, made = self.send(team=self.team.id)
        self.assertTrue(made)
        self.assertFalse(made.team_id)

    def test_refused_form_keeps_what_was_entered(self):
        self.sign_in("alice")
        page = self.assertRefused(
            subject='A "quoted" title', description="", category=self.category.id
        )
        self.assertIn("Please describe what the ticket is about.", page)
        self.assertIn("A &#34;quoted&#34; title", page)
        self.assertRegex(page, rf'<option[^>]*value="{self.category.id}"[^>]*selected')
        page = self.assertRefused(subject=" ", description="<b>kept</b>")
        self.assertIn("Please enter a subject.", page)
        self.assertIn("&lt;b&gt;kept&lt;/b&gt;", page)
        self.assertIn("too long", self.assertRefused(description="x" * 50_001))

    def test_nothing_but_the_fields_of_the_form_has_an_effect(self):
        self.sign_in("alice")
        secret = self.env["ir.attachment"].create({"name": "payslip.pdf", "raw": b"secret"})
        forged = {
            "partner_id": self.bob.partner_id.id,
            "user_id": self.ivan.id,
            "stage_id": self.stage_done.id,
            "company_id": self.other_company.id,
            "number": "FORGED",
            "priority": "3",
            "access_token": "known",
            "attachment_ids": secret.id,
            "message_follower_ids": self.bob.partner_id.id,
            "create_uid": self.env.uid,
        }
        _answer, made = self.send(**forged)
        self.assertEqual(made.partner_id, self.alice.partner_id)
        self.assertEqual(made.stage_id, self.stage_new)
        self.assertEqual(made.company_id, self.env.company)
        self.assertEqual(made.message_partner_ids, self.alice.partner_id)
        self.assertEqual(made.priority, "1")
        self.assertNotEqual(made.number, "FORGED")
        self.assertNotEqual(made.access_token, "known")
        self.assertFalse(made.user_id)
        self.assertFalse(made.attachment_ids)
        self.assertFalse(secret.res_id)

    def test_no_value_of_the_form_breaks_the_server(self):
        self.sign_in("alice")
        for name in ("category", "team"):
            for value in ODD_VALUES[1:]:
                self.assertRefused(**{name: value})
        for value in ODD_VALUES:
            answer, made = self.send(subject=value, description=value)
            self.assertEqual(answer.status_code, 302 if made else 400, value)
            self.assertLessEqual(len(made.name or ""), 200)
            self.assertNotRegex(made.name or "", r"[\x00-\x1f\u202e]")
        self.assertRefused(subject=["", "second"])
        self.assertEqual(self.post("/submitted/ticket").status_code, 400)
        # files under the names of text fields, and texts under that of files
        answer, made = self.send(
            files=[("subject", ("a.txt", b"text"))], subject=None, attachment="text"
        )
        self.assertEqual((answer.status_code, len(made)), (400, 0))

    # --- F42, F43: files ---

    def test_files_become_attachments_with_clean_names_and_the_type_of_their_content(self):
        self.sign_in("alice")
        files = [
            self.upload("../../etc/发票 截图.png", PNG),
            self.upload('C:\\temp\\"><svg onload=x>.log', "日志\n".encode("gb18030")),
            self.upload("photo.pdf", PNG),
        ]
        _answer, made = self.send(files=files)
        self.assertRecordValues(
            made.attachment_ids.sorted("id"),
            [
                {"name": "发票 截图.png", "mimetype": "image/png", "res_id": made.id},
                {"name": "___svg onload=x_.log", "mimetype": "text/plain", "res_id": made.id},
                {"name": "photo.pdf", "mimetype": "image/png", "res_id": made.id},
            ],
        )
        self.assertEqual(made.attachment_ids.create_uid, self.alice)
        page = self.get(f"/my/ticket/{made.id}").text
        self.assertIn("发票 截图.png", page)
        self.assertNotIn("<svg onload", page)

    def test_files_of_a_customer_are_not_for_strangers(self):
        self.sign_in("alice")
        _answer, made = self.send(files=[self.upload("own.png", PNG)])
        made.message_subscribe(partner_ids=self.bob.partner_id.ids)
        url = f"/web/content/{made.attachment_ids.id}"
        link = re.search(rf'{url}[^"]*', self.get(f"/my/ticket/{made.id}").text).group()
        answer = self.url_open(link.replace("&amp;", "&"))
        self.assertEqual(answer.content, PNG)
        self.assertIn("attachment", answer.headers["Content-Disposition"])
        self.assertEqual(answer.headers["X-Content-Type-Options"], "nosniff")
        for login in (None, "bob", "ivan"):
            self.sign_in(login)
            self.assertEqual(self.get(url).status_code, 404, login)

    def test_files_that_run_or_are_empty_are_refused_and_no_ticket_is_made(self):
        self.sign_in("alice")
        for name, content in (
            ("page.pdf", b"<!DOCTYPE html><script>alert(1)</script>"),
            ("page.html", b"plain text"),
            ("drawing.png", b'<svg xmlns="http://www.w3.org/2000/svg" onload="x"></svg>'),
            (
                "setup.txt",
                b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff\x00\x00" + b"\x00" * 100,
            ),
            ("setup.exe", PNG),
            ("data.bin", bytes(range(256))),
            ("empty.png", b""),
        ):
            page = self.assertRefused(
                files=[self.upload("good.png", PNG), self.upload(name, content)]
            )
            self.assertIn(name, page)

    def test_files_are_limited_in_number_and_size(self):
        self.sign_in("alice")
        _answer, made = self.send(files=[self.upload(f"{n}.png", PNG) for n in range(10)])
        self.assertEqual(len(made.attachment_ids), 10)
        page = self.assertRefused(files=[self.upload(f"{n}.png", PNG) for n in range(11)])
        self.assertIn("At most 10 files", page)
        with patch.object(helpdesk_main, "MAX_FILE_BYTES", 2 * 1024**2):
            big = PNG + b"\x00" * (2 * 1024**2 - len(PNG))
            _answer, made = self.send(files=[self.upload("fits.png", big)])
            self.assertEqual(len(made.attachment_ids.raw), 2 * 1024**2)
            page = self.assertRefused(files=[self.upload("big.png", big + b"\x00")])
            self.assertIn("big.png is larger than 2 MB", page)
            self.assertIn(f'max_upload_size="{2 * 1024**2}"', self.get("/new/ticket").text)
        # the limit of the server is said by the form, too, and what was typed is not lost
        self.env["ir.config_parameter"].set_param("web.max_file_upload_size", 1024)
        page = self.assertRefused(files=[self.upload("big.png", big)])
        self.assertIn("big.png is larger than", page)
