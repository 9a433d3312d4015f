"""Files customers add to their messages: the same types, sizes and numbers are accepted as in the forms."""

import io
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ...controllers import message_files
from .portal_examples import PortalExamples

PDF = b"%PDF-1.4\n%%EOF\n"
REFUSED = (
    ("a.exe", b"MZ\x90\x00 program"),
    ("invoice.pdf.js", b"alert(1)"),
    ("page.html", b"<html><script>alert(1)</script></html>"),
    ("drawing.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
    ("empty.pdf", b""),
    ("large.pdf", PDF + b"x" * 20 * 1024**2),
)
URL = "/mail/attachment/upload"


@tagged("post_install", "-at_install")
class TestPortalMessageFiles(PortalExamples, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.setUpExamples()
        cls.talking = {
            name: document
            for name, document in cls.alpha.items()
            if "message_ids" in document._fields and document._mail_post_access == "read"
        }

    def send(self, document, name, content, **data):
        """:return: the answer to a file sent for a message, as JSON"""
        answer = self.post(
            URL,
            files={"ufile": (name, io.BytesIO(content))},
            **{
                "thread_model": document._name,
                "thread_id": document.id,
                "is_pending": "true",
                **data,
            },
        )
        self.assertEqual(answer.status_code, 200, (document, name))
        return answer.json()

    def files(self):
        return self.env["ir.attachment"].search_count([("create_uid.share", "=", True)])

    def test_every_document_customers_write_about_is_tried(self):
        self.assertGreater(set(self.talking), {"helpdesk.ticket", "contract.contract"})

    def test_kinds_and_sizes_no_form_takes_no_message_takes(self):
        before = self.files()
        for name, document in self.talking.items():
            for login, data in (
                ("alice", {}),
                (None, {"token": document._portal_ensure_token()}),
            ):
                self.sign_in(login)
                for file_name, content in REFUSED:
                    answer = self.send(document, file_name, content, **data)
                    self.assertIn("error", answer, (name, login, file_name))
        self.assertEqual(self.files(), before)

    def test_what_is_no_file_is_no_error_of_the_server(self):
        self.sign_in("alice")
        [document, *_others] = self.talking.values()
        where = {"thread_model": document._name, "thread_id": document.id}
        self.assertIn("error", self.post(URL, ufile="text", **where).json())

    def test_m62_after_a_new_sign_in_the_field_of_messages_says_so_and_takes_nothing(self):
        before = self.files()
        for login in ("alice", None):
            self.sign_in(login)
            for document in self.talking.values():
                data = {} if login else {"token": document._portal_ensure_token()}
                for token in ("", "0" * 40 + "o1"):
                    answer = self.send(document, "a.pdf", PDF, csrf_token=token, **data)
                    self.assertIn("signed in again", answer["error"])
        self.assertEqual(self.files(), before)

    def test_good_file_is_taken_under_a_harmless_name_for_the_message_to_come(self):
        self.sign_in("alice")
        for document in self.talking.values():
            # the file is not listed among those of the form
            answer = self.send(document, "../盖章<1>.pdf", PDF, is_pending="false")
            file = self.env["ir.attachment"].browse(answer["data"]["attachment_id"])
            self.assertRecordValues(
                file,
                [
                    {
                        "name": "盖章_1_.pdf",
                        "res_model": "mail.compose.message",
                        "res_id": 0,
                        "mimetype": "application/pdf",
                    }
                ],
            )

    def test_files_that_wait_and_files_of_a_message_are_numbered(self):
        self.sign_in("alice")
        [document, *_others] = self.talking.values()
        with patch.object(message_files, "MAX_WAITING", 2):
            answers = [self.send(document, "a.pdf", PDF) for _turn in range(3)]
        self.assertEqual(["error" in answer for answer in answers], [False, False, True])
        for number, taken in ((10, True), (11, False)):
            files = self.env["ir.attachment"].with_user(self.alice).sudo()
            files = files.create([self.waiting_file()] * number)
            answer = self.post_message(document, files)
            self.assertEqual("result" in answer, taken, answer)
        [message] = document.message_ids.filtered(lambda row: len(row.attachment_ids) == 10)
        self.assertEqual(message.author_id, self.alice.partner_id)

    def test_m33_files_that_wait_are_numbered_for_each_link(self):
        """Who fills the number with one link keeps nobody else from sending files."""
        [document] = [row for row in self.talking.values() if row._name == "aftersales.visit"]
        people = (self.alice | self.carol).partner_id
        secrets = [document._get_link_secret(person) for person in people]
        signed = {"pid": people[0].id, "hash": document._sign_token(people[0].id)}
        self.sign_in(None)
        with patch.object(message_files, "MAX_WAITING", 2), mute_logger("odoo.http"):
            taken = [
                "error" not in self.send(document, "a.pdf", PDF, **keys)
                for keys in (
                    {"token": secrets[0]},
                    {"token": secrets[0]},
                    {"token": secrets[0]},
                    signed,
                    {"token": secrets[1]},
                )
            ]
        self.assertEqual(taken, [True, True, False, False, True])

    def waiting_file(self):
        return {"name": "a.pdf", "raw": PDF, "res_model": "mail.compose.message", "res_id": 0}

    def post_message(self, document, files):
        """:return: the answer to a message with files, as the page sends it"""
        tokens = [file._get_ownership_token() for file in files]
        params = {
            "thread_model": document._name,
            "thread_id": document.id,
            "post_data": {
                "body": "x",
                "attachment_ids": files.ids,
                "attachment_tokens": tokens,
                "message_type": "comment",
                "subtype_xmlid": "mail.mt_comment",
            },
        }
        with mute_logger("odoo.http"):
            answer = self.url_open("/mail/message/post", json={"params": params}).json()
        self.env.invalidate_all()
        return answer

    def test_rpc_is_no_way_to_send_files(self):
        for document in self.talking.values():
            with self.assertRaises(AccessError, msg=document):
                document.with_user(self.alice).message_post(
                    body="x", attachments=[("tool.exe", b"MZ")]
                )

    def test_staff_send_what_they_like(self):
        document = self.talking["helpdesk.ticket"]
        message = document.message_post(body="x", attachments=[("tool.exe", b"MZ\x90\x00")])
        self.assertEqual(message.attachment_ids.name, "tool.exe")
