"""Each file is decoded once and checked once, and no file is stored without the check."""

import base64
import io

from odoo.exceptions import ValidationError
from odoo.tests import HttpCase, TransactionCase, tagged
from odoo.tools import mute_logger

from ..common import AftersalesCommon
from ..common_rpc import RpcClient
from ..portal.portal_documents_common import PortalDocuments
from .files_common import ReadCounter, make_pdf

SCRIPT = b"<html><script>alert(1)</script></html>"
MAIL = """From: {sender}
To: support@jinyang.example
Subject: Files
Message-Id: <files@customer.example>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="part"

--part
Content-Type: text/plain; charset=utf-8

See the files.
{files}--part--
"""
MAIL_FILE = """--part
Content-Type: application/pdf
Content-Disposition: attachment; filename="{name}"
Content-Transfer-Encoding: base64

{content}
"""


def encode(raw):
    return base64.b64encode(raw).decode()


@tagged("post_install", "-at_install")
class TestFilesOnce(AftersalesCommon, TransactionCase):
    """Scans by form, RPC and import, and files by mail."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.make_customer()
        cls.documents = cls.env["aftersales.change.request"].with_user(cls.specialist)

    def values(self, **values):
        """:return: values of a document, a new dict each time, because ``create`` changes it"""
        return {
            "partner_id": self.customer.id,
            "company_id": self.company.id,
            "title": "Driver",
            "description": "x",
            **values,
        }

    def count(self, function):
        """:return: the result of a call, and the counts of its files"""
        counter = ReadCounter()
        with counter.watch():
            result = function()
            self.env.flush_all()
        return result, counter

    def stored(self, document, field="scan"):
        """:return: the stored content of a document's field"""
        self.env.invalidate_all()
        return base64.b64decode(document.sudo()[field] or b"")

    def test_scan_of_a_new_or_changed_document(self):
        raw, later = make_pdf("new"), make_pdf("later")
        document, counter = self.count(lambda: self.documents.create(self.values(scan=encode(raw))))
        self.assertEqual(counter.of(raw), (1, 1))
        self.assertEqual(self.stored(document), raw)
        _none, counter = self.count(lambda: document.write({"scan": encode(later)}))
        self.assertEqual(counter.of(later), (1, 1))
        self.assertEqual(self.stored(document), later)

    def test_scan_of_several_documents(self):
        raw = make_pdf("several")
        documents = self.documents.create([self.values(), self.values()])
        documents[0].scan = encode(make_pdf("first"))
        _none, counter = self.count(lambda: documents.write({"scan": encode(raw)}))
        self.assertEqual(counter.of(raw), (1, 1))
        self.assertEqual([self.stored(document) for document in documents], [raw, raw])

    def test_scan_of_an_import(self):
        raw = make_pdf("import")
        names = ["title", "description", "partner_id/.id", "scan"]
        row = ["Driver", "x", str(self.customer.id), encode(raw)]
        result, counter = self.count(lambda: self.documents.load(names, [row]))
        self.assertFalse(result["messages"])
        self.assertEqual(counter.of(raw), (1, 1))

    def test_scan_of_a_default(self):
        raw = make_pdf("default")
        documents = self.documents.with_context(default_scan=encode(raw))
        document, counter = self.count(lambda: documents.create(self.values()))
        self.assertEqual(counter.of(raw), (1, 1))
        self.assertEqual(self.stored(document), raw)

    def test_default_is_no_way_round(self):
        for wrong in (encode(SCRIPT), "no base64 é"):
            documents = self.documents.with_context(default_scan=wrong)
            with self.assertRaises(ValidationError):
                documents.create(self.values())

    def test_file_written_past_the_document_is_looked_at(self):
        document = self.documents.create(self.values(scan=encode(make_pdf("good"))))
        files = self.env["ir.attachment"].sudo()
        place = {"res_model": document._name, "res_id": document.id, "res_field": "scan"}
        kept = files.search([(name, "=", value) for name, value in place.items()])
        other = files.create({"name": "page", "raw": SCRIPT})
        for content in ({"raw": SCRIPT}, {"datas": encode(SCRIPT)}, {"db_datas": SCRIPT}):
            with self.assertRaises(ValidationError, msg=content):
                kept.write(content)
            with self.assertRaises(ValidationError, msg=content):
                files.create({"name": "page", **content, **place})
        with self.assertRaises(ValidationError):
            other.write(place)
        with self.assertRaises(ValidationError):
            other.write({**place, "raw": SCRIPT})
        self.assertEqual(self.stored(document), make_pdf("good"))
        kept.write({"raw": make_pdf("better")})
        self.assertEqual(self.stored(document), make_pdf("better"))

    def test_scan_on_its_way_through_a_dialogue(self):
        entry = self.env["aftersales.archive.entry"].with_user(self.archivist)
        entry = entry.create(
            {
                "kind": "data_clearing",
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "document_name": "Paper",
                "holder_id": self.archivist.id,
                "place": "1",
                "scan": encode(make_pdf("old")),
            }
        )
        entry.action_file()
        raw = make_pdf("corrected")
        dialogue, counter = self.count(
            lambda: self.env["aftersales.archive.step"]
            .with_user(self.archivist)
            .create(
                {
                    "entry_ids": [(6, 0, entry.ids)],
                    "action": "action_correct",
                    "note": "Blurred",
                    "scan": encode(raw),
                }
            )
        )
        self.assertEqual(counter.of(raw), (1, 1))
        self.env.invalidate_all()
        _action, counter = self.count(dialogue.action_confirm)
        self.assertEqual(counter.of(raw), (0, 0))
        self.assertEqual(self.stored(entry), raw)
        old = entry.sudo().message_ids.attachment_ids
        self.assertIn(make_pdf("old"), old.mapped("raw"))

    def test_files_by_mail(self):
        """Odoo extracts the file; it is stored and checked without being decoded again."""
        files = {f"{number}.pdf": make_pdf(f"mail {number}") for number in range(3)}
        sender = self.customer.software_contact_id
        mail = MAIL.format(
            sender=sender.email,
            files="".join(
                MAIL_FILE.format(name=name, content=encode(raw)) for name, raw in files.items()
            ),
        )
        with mute_logger("odoo.addons.mail.models.mail_thread"):
            ticket_id, counter = self.count(
                lambda: self.env["mail.thread"].message_process("helpdesk.ticket", mail)
            )
        ticket = self.env["helpdesk.ticket"].browse(ticket_id)
        kept = ticket.message_ids.attachment_ids
        self.assertEqual({file.name: file.raw for file in kept}, files)
        for raw in files.values():
            self.assertEqual(counter.of(raw), (1, 1))


@tagged("post_install", "-at_install")
class TestPortalFilesOnce(RpcClient, PortalDocuments, HttpCase):
    """Files of customers on the portal, and scans of staff by RPC."""

    def test_form_of_the_portal_with_several_files(self):
        scan = make_pdf("scan")
        files = {f"{number}.pdf": make_pdf(f"file {number}") for number in range(3)}
        url = "/my/changes/new"
        PortalDocuments.come(self, self.alice)
        key = self.form_key(url)
        sent = [
            ("scan", ("scan.pdf", io.BytesIO(scan))),
            *(("attachment", (name, io.BytesIO(raw))) for name, raw in files.items()),
        ]
        counter = ReadCounter()
        with counter.watch():
            answer = self.send(
                url,
                key=key,
                files=sent,
                title="Driver",
                description="x",
                module="Stock",
                contact_id=self.alice.partner_id.id,
            )
        self.assertEqual(answer.status_code, 303)
        for raw in (scan, *files.values()):
            self.assertEqual(counter.of(raw), (0, 1), raw)
        change = self.found("aftersales.change.request")
        self.assertEqual(base64.b64decode(change.scan), scan)
        kept = self.env["ir.attachment"].search(
            [("res_model", "=", change._name), ("res_id", "=", change.id)]
        )
        self.assertEqual({file.name: file.raw for file in kept}, files)

    def test_file_of_a_message(self):
        PortalDocuments.come(self, self.alice)
        ticket = self.env["helpdesk.ticket"].create(
            {
                "name": "x",
                "description": "x",
                "partner_id": self.alice.partner_id.id,
                "company_id": self.company.id,
            }
        )
        raw = make_pdf("message")
        counter = ReadCounter()
        with counter.watch():
            answer = self.post(
                "/mail/attachment/upload",
                files={"ufile": ("a.pdf", io.BytesIO(raw))},
                thread_model=ticket._name,
                thread_id=ticket.id,
                is_pending="true",
            ).json()
            params = {
                "thread_model": ticket._name,
                "thread_id": ticket.id,
                "post_data": {
                    "body": "x",
                    "attachment_ids": [answer["data"]["attachment_id"]],
                    "attachment_tokens": [
                        self.env["ir.attachment"]
                        .browse(answer["data"]["attachment_id"])
                        ._get_ownership_token()
                    ],
                    "message_type": "comment",
                    "subtype_xmlid": "mail.mt_comment",
                },
            }
            posted = self.url_open("/mail/message/post", json={"params": params}).json()
        self.assertIn("result", posted)
        self.env.invalidate_all()
        self.assertEqual(ticket.message_ids.attachment_ids.mapped("raw"), [raw])
        self.assertEqual(counter.of(raw), (0, 1))

    def test_scan_by_rpc(self):
        RpcClient.come(self, self.specialist)
        raw, counter = make_pdf("rpc"), ReadCounter()
        values = {"title": "x", "partner_id": self.customer.id, "company_id": self.company.id}
        with counter.watch():
            made = self.rpc(
                "aftersales.change.request", "web_save", [], {**values, "scan": encode(raw)}, {}
            )
        self.assertEqual(counter.of(raw), (1, 1))
        change = self.env["aftersales.change.request"].browse(made[0]["id"])
        self.assertEqual(base64.b64decode(change.scan), raw)
