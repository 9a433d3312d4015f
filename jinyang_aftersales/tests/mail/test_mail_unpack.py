"""M45: winmail.dat is opened, and pictures in the text become files."""

import base64
import struct
from email.message import EmailMessage

from odoo.tests import TransactionCase, tagged

from ...tools.tnef import read_tnef
from .test_mail_files import FilesByMail

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
RARE = "王𠮷祥合同"


def attribute(level, name, value, kind=6):
    head = struct.pack("<BHHI", level, name, kind, len(value))
    return head + value + struct.pack("<H", sum(value) & 0xFFFF)


def prop(name, kind, value):
    if kind == 3:
        return struct.pack("<HHI", kind, name, value)
    body = value + b"\0" * (-len(value) % 4)
    return struct.pack("<HHII", kind, name, 1, len(value)) + body


def properties(*rows):
    return struct.pack("<I", len(rows)) + b"".join(prop(*row) for row in rows)


def winmail(*files, page=936, body=None):
    """:return: a winmail.dat with files: name, content, whether the name is in Unicode"""
    raw = b"\x78\x9f\x3e\x22\x01\x00" + attribute(1, 0x9007, struct.pack("<II", page, 0))
    if body:
        raw += attribute(
            1, 0x9003, properties((0x3FDE, 3, 54936), (0x1013, 0x0102, body.encode("gb18030")))
        )
    for name, content, unicode in files:
        long = (0x3707, 0x1F, name.encode("utf-16-le") + b"\0\0") if unicode else None
        raw += attribute(2, 0x9002, b"\0" * 14)
        raw += attribute(2, 0x8010, name.encode("gb18030") + b"\0")
        raw += attribute(2, 0x800F, content)
        if long:
            raw += attribute(2, 0x9005, properties((0x8000 - 1, 3, 5), long))
    return raw


@tagged("post_install", "-at_install")
class TestMailUnpack(FilesByMail, TransactionCase):
    def test_m45_winmail_is_opened(self):
        files = [(f"{RARE}.pdf", b"%PDF-1.4 a", False), (f"{RARE}2.pdf", b"%PDF-1.4 b", True)]
        for kind in (("application", "ms-tnef"), ("application", "octet-stream")):
            ticket = self.send_files([("winmail.dat", winmail(*files))], kind)
            kept = ticket.message_ids.attachment_ids
            self.assertEqual(
                {file.name: file.raw for file in kept},
                {name: content for name, content, _unicode in files},
            )
            self.assertIn("See the files", ticket.description)

    def test_m45_text_is_taken_from_winmail_where_the_mail_has_none(self):
        raw = winmail(("a.pdf", b"%PDF-1.4 a", True), body=f"<p>{RARE}</p>")
        mail = EmailMessage()
        mail["From"], mail["To"] = self.contact.email, self.team.alias_email
        mail["Message-Id"] = "<only@x.example>"
        mail.set_content(raw, maintype="application", subtype="ms-tnef", filename="winmail.dat")
        ticket = self.env["helpdesk.ticket"].browse(
            self.env["mail.thread"].message_process(False, mail.as_bytes())
        )
        self.assertIn(RARE, ticket.description)
        self.assertEqual(ticket.message_ids.attachment_ids.mapped("name"), ["a.pdf"])

    def test_m45_files_in_winmail_are_checked_as_others(self):
        ticket = self.send_files([("winmail.dat", winmail(("tool.exe", b"MZ\x90\0", True)))])
        self.assertEqual(ticket.message_ids.attachment_ids.mapped("name"), ["tool.exe.blocked"])

    def test_m45_broken_winmail_is_taken_in_with_the_original(self):
        whole = winmail(("a.pdf", b"%PDF-1.4 a", True), ("b.pdf", b"%PDF-1.4 b", True))
        for cut in range(6, len(whole), 7):
            self.assertIsNotNone(read_tnef(whole[:cut]))
        huge = whole[:6] + struct.pack("<BHHI", 2, 0x800F, 6, 2**32 - 1)
        self.assertFalse(read_tnef(huge).complete)
        many = attribute(1, 0x9003, struct.pack("<I", 2**32 - 1))
        self.assertFalse(read_tnef(whole[:6] + many).complete)
        ticket = self.send_files([("winmail.dat", whole[:-20])])
        self.assertIn("original.eml", ticket.message_ids.attachment_ids.mapped("name"))

    def test_m45_pictures_in_the_text_become_files(self):
        picture = base64.b64encode(PNG).decode()
        mail = EmailMessage()
        mail["From"], mail["To"] = self.contact.email, self.team.alias_email
        mail["Message-Id"] = "<picture@x.example>"
        mail.set_content("Look")
        mail.add_alternative(
            f'<p>Look</p><img alt="x" src="data:image/png;base64,{picture}"/>', subtype="html"
        )
        ticket = self.env["helpdesk.ticket"].browse(
            self.env["mail.thread"].message_process(False, mail.as_bytes())
        )
        file = ticket.message_ids.attachment_ids
        self.assertEqual((file.name, file.raw, file.mimetype), ("picture-1.png", PNG, "image/png"))
        message = file.env["mail.message"].search([("attachment_ids", "in", file.ids)])
        self.assertIn(f"/web/image/{file.id}", message.body)
        for text in (message.body, ticket.description):
            self.assertNotIn("data:", text)
            self.assertNotIn("cid:", text)
