"""M63: files that come by mail: what forms refuse is kept, and opened by managers only."""

from email.message import EmailMessage

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, TransactionCase, tagged
from odoo.tools import mute_logger

from ..shared.test_files_of_strangers import ACCEPTED, LOG, REFUSED
from .test_customer_mail import DOMAIN, CustomerMail


class FilesByMail(CustomerMail):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.team = cls.env["helpdesk.ticket.team"].create(
            {"name": "Line", "company_id": cls.company.id, "alias_name": "line"}
        )

    def send_files(self, files, kind=("application", "octet-stream")):
        """:return: the ticket that a mail with files makes"""
        self.numbers += 1
        mail = EmailMessage()
        mail["From"], mail["To"] = self.contact.email, f"line@{DOMAIN}"
        mail["Subject"], mail["Message-Id"] = "Files", f"<files-{self.numbers}@x.example>"
        mail.set_content("See the files.")
        for name, content in files:
            mail.add_attachment(content, maintype=kind[0], subtype=kind[1], filename=name)
        number = self.env["mail.thread"].message_process(False, mail.as_bytes())
        ticket = self.env["helpdesk.ticket"].browse(number)
        ticket.user_id = self.specialist
        return ticket


@tagged("post_install", "-at_install")
class TestFilesByMail(FilesByMail, TransactionCase):
    def test_m63_files_that_forms_accept_are_kept_as_they_are(self):
        ticket = self.send_files([row[:2] for row in ACCEPTED])
        files = ticket.message_ids.attachment_ids
        self.assertEqual(len(files), len(ACCEPTED))
        self.assertFalse(any(files.mapped("aftersales_blocked")))
        for name, content, mimetype in ACCEPTED:
            found = files.filtered(lambda file, raw=content: file.raw == raw)
            self.assertEqual(found.mapped("mimetype"), [mimetype] * len(found), name)

    def test_m63_files_that_forms_refuse_are_kept_under_another_name_and_type(self):
        for kind in (("application", "octet-stream"), ("image", "svg+xml")):
            ticket = self.send_files(REFUSED, kind)
            files = ticket.message_ids.attachment_ids
            self.assertEqual(len(files), len(REFUSED))
            self.assertTrue(all(files.mapped("aftersales_blocked")))
            self.assertEqual(set(files.mapped("mimetype")), {"application/octet-stream"})
            self.assertTrue(all(file.name.endswith(".blocked") for file in files))
            self.assertEqual(
                sorted(files.mapped("raw")), sorted(content for _name, content in REFUSED)
            )

    def test_m63_blocked_files_are_opened_by_managers_only(self):
        ticket = self.send_files([("tool.exe", b"MZ\x90\0")])
        file = ticket.message_ids.attachment_ids
        self.assertEqual(file.with_user(self.manager).raw, b"MZ\x90\0")
        for user in (self.specialist, self.callback, self.employee):
            own = file.with_user(user)
            own.invalidate_recordset()
            for name in ("raw", "datas"):
                with self.assertRaises(AccessError, msg=user.name):
                    own.read([name])
            with self.assertRaises(AccessError):
                own.write({"name": "tool.exe", "aftersales_blocked": False})
            with self.assertRaises(AccessError):
                own.copy()
            self.assertFalse(own.search([("id", "=", file.id)]))
            # a token, as it stands in links for everybody who may read the message
            with self.assertRaises(AccessError):
                own._can_return_content("raw", file.sudo()._generate_access_token())
        with self.assertRaises(AccessError):
            file.with_user(self.manager).write({"aftersales_blocked": False})

    def test_m63_blocked_files_are_not_mailed_on(self):
        ticket = self.send_files([("tool.exe", b"MZ\x90\0"), ("a.pdf", b"%PDF-1.4\n")])
        mail = self.env["mail.mail"].create(
            {
                "subject": "x",
                "body_html": "x",
                "email_to": "y@example.cn",
                "attachment_ids": ticket.message_ids.attachment_ids.ids,
            }
        )
        [sent] = mail._prepare_outgoing_list()
        self.assertEqual([file[0] for file in sent["attachments"]], ["a.pdf"])


@tagged("post_install", "-at_install")
class TestFilesOnPages(FilesByMail, HttpCase):
    def test_m63_text_is_saved_and_never_shown(self):
        ticket = self.send_files([("error.log", LOG)])
        file = ticket.message_ids.attachment_ids
        token = file.generate_access_token()[0]
        for extra in ("", "&mimetype=text/html", "&download=0"):
            answer = self.url_open(f"/web/content/{file.id}?access_token={token}{extra}")
            self.assertEqual(answer.content, LOG)
            self.assertIn("attachment", answer.headers["Content-Disposition"])
            self.assertEqual(answer.headers["X-Content-Type-Options"], "nosniff")

    def test_m63_no_link_opens_a_blocked_file_but_for_a_manager(self):
        ticket = self.send_files([("tool.exe", b"MZ\x90\0")])
        file = ticket.message_ids.attachment_ids
        token = file.sudo().generate_access_token()[0]
        url = f"/web/content/{file.id}?access_token={token}"
        with mute_logger("odoo.http"):
            self.assertNotIn(b"MZ", self.url_open(url).content)
        for user in (self.specialist, self.manager):
            user.sudo().password = user.login
            self.authenticate(user.login, user.login)
            with mute_logger("odoo.http"):
                content = self.url_open(url).content
            self.assertEqual(content == b"MZ\x90\0", user == self.manager)

    def test_pages_are_shown_in_no_frame_of_another_site(self):
        """M65"""
        for page in ("/web/login", "/my/tickets", "/helpdesk/ticket/new"):
            policy = self.url_open(page).headers["Content-Security-Policy"]
            self.assertIn("frame-ancestors 'self'", policy, page)
