"""M41: mail in every character set and shape in which Chinese mail programs write it."""

import base64
import email
import quopri
from email.message import EmailMessage
from email.policy import SMTP
from itertools import product
from urllib.parse import quote_from_bytes

from odoo.tests import TransactionCase, tagged
from odoo.tools import html2plaintext, mute_logger

from ...tools.charsets import decode_text
from ...tools.mail_headers import decode_header, read_parameters
from ...tools.mail_rewrite import rewrite_mail
from .test_customer_mail import DOMAIN, CustomerMail

# characters that GB2312 and GBK lack, and that stand in names of people and places
RARE = "王𠮷祥、龙䶮、㛃怡、𬭎"
COMMON = "金阳软件 服务部"
TRADITIONAL = "報價單 國際"
# bytes written, label named, text that the set can hold
SETS = {
    "GB2312": ("gb18030", RARE),
    "gb2312": ("gb18030", COMMON),
    "GBK": ("gb18030", RARE),
    "x-gbk": ("gb18030", RARE),
    "cp936": ("gb18030", COMMON),
    "gb18030": ("gb18030", RARE),
    "GB_2312-80": ("gb18030", RARE),
    "unknown": ("gb18030", RARE),
    "x-unknown-8bit": ("gb18030", COMMON),
    "": ("gb18030", RARE),
    "us-ascii": ("gb18030", RARE),
    "ISO-8859-1": ("gb18030", COMMON),
    "utf-8": ("utf-8", RARE),
    "UTF8": ("utf-8", RARE),
    "utf-8 ": ("utf-8", RARE),
    "Big5": ("big5", TRADITIONAL),
    "hz-gb-2312": ("hz", COMMON),
}
# transfer of the body, way of the headers, way of the file name, kind of the text
PROGRAMS = {
    "Foxmail": ("base64", "words", "words", "text/html"),
    "QQ Mail": ("base64", "one", "words", "text/plain"),
    "163": ("base64", "words", "both", "text/html"),
    "Outlook": ("quoted-printable", "quoted", "words", "text/html"),
    "Coremail": ("base64", "glued", "2231", "text/plain"),
    "Notes": ("8bit", "raw", "raw", "text/plain"),
    "phone": ("quoted-printable", "q", "continued", "text/plain"),
}
LINES = "第一行：请看附件\n第二行 "


def cut(raw, size=11):
    """Cut bytes into pieces, in the middle of characters, as some programs do."""
    return [raw[start : start + size] for start in range(0, len(raw), size)]


def word(raw, label, way="B"):
    text = base64.b64encode(raw) if way == "B" else quopri.encodestring(raw, header=True)
    return f"=?{label}?{way}?{text.decode().replace(chr(10), '')}?="


def write_header(text, charset, label, way):
    """:return: the bytes of a header with a text, and whether words of it are encoded"""
    raw = text.encode(charset)
    label = label.strip() or "unknown"
    if way == "raw":
        return raw
    if way in ("one", "quoted"):
        made = word(raw, label)
        return (f'"{made}"' if way == "quoted" else made).encode()
    if way == "q":
        return "".join(
            ["=?", label, "?Q?", *(f"={byte:02X}" for byte in raw), "?="],
        ).encode()
    return ("" if way == "glued" else "\n ").join(word(piece, label) for piece in cut(raw)).encode()


def write_name(name, charset, label, way):
    """:return: the headers of an attached file with a name"""
    raw, label = name.encode(charset), label.strip() or "unknown"
    kind = b"Content-Type: application/octet-stream"
    disposition = b"Content-Disposition: attachment"
    words = b"\n ".join(word(piece, label).encode() for piece in cut(raw))
    if way == "words":
        return (
            kind + b';\n name="' + words + b'"\n' + disposition + b';\n filename="' + words + b'"\n'
        )
    if way == "raw":
        return kind + b"; name=" + raw + b"\n" + disposition + b';filename="' + raw + b'"\n'
    encoded = quote_from_bytes(raw, safe="").encode()
    if way == "2231":
        return (
            kind + b"\n" + disposition + b"; filename*=" + label.encode() + b"''" + encoded + b"\n"
        )
    if way == "both":
        star = b"; filename*=" + label.encode() + b"''" + encoded
        return (
            kind + b';name="' + words + b'"\n' + disposition + b'; filename="a.doc"' + star + b"\n"
        )
    pieces = [quote_from_bytes(piece, safe="").encode() for piece in cut(raw, 7)]
    lines = [
        b" filename*%d*=%s%s" % (number, label.encode() + b"''" if not number else b"", piece)
        for number, piece in enumerate(pieces)
    ]
    return kind + b"\n" + disposition + b";\n" + b";\n".join(lines) + b"\n"


def write_mail(program, label, number=0, sender="contact@heng.example", to="x@y.example"):
    """:return: a mail as a program writes it, and the text that stands in its subject, name, body and file name"""
    charset, text = SETS[label]
    transfer, way, naming, kind = PROGRAMS[program]
    body = (LINES if text != TRADITIONAL else "第一行 ") + text
    if kind == "text/html":
        body = f"<html><body><p>{body}</p></body></html>"
    raw = body.encode(charset)
    if transfer == "base64":
        raw = base64.encodebytes(raw)
    elif transfer == "quoted-printable":
        raw = quopri.encodestring(raw)
    charset_said = f'; charset="{label}"' if label else ""
    head = b"\n".join(
        [
            b"From: " + write_header(text, charset, label, way) + f" <{sender}>".encode(),
            f"To: {to}".encode(),
            b"Subject: "
            + write_header(f"Re: {text}", charset, label, way.replace("quoted", "one")),
            f"Message-ID: <{program.replace(' ', '')}-{number}@elsewhere.example>".encode(),
            b"MIME-Version: 1.0",
            b'Content-Type: multipart/mixed; boundary="=_b"',
        ]
    )
    parts = b"\n".join(
        [
            b"",
            b"--=_b",
            f"Content-Type: {kind}{charset_said}".encode(),
            f"Content-Transfer-Encoding: {transfer}".encode(),
            b"",
            raw,
            b"--=_b",
            write_name(f"{text}.doc", charset, label, naming)
            + b"Content-Transfer-Encoding: base64\n",
            base64.encodebytes(b"%PDF-1.4 file").strip(),
            b"--=_b--",
            b"",
        ]
    )
    return head + b"\n" + parts, text


@tagged("post_install", "-at_install")
class TestMailInChinese(CustomerMail, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.lang = "en_US"

    def parse(self, raw):
        rewritten, readable = rewrite_mail(raw)
        message = email.message_from_bytes(rewritten, policy=SMTP)
        return self.env["mail.thread"].message_parse(message), readable

    def test_m41_mail_of_every_program_in_every_set_is_read_wholly(self):
        # HZ is written in ASCII, and raw headers name no set
        mails = [pair for pair in product(PROGRAMS, SETS) if pair != ("Notes", "hz-gb-2312")]
        self.assertGreater(len(mails), 60)
        for number, (program, label) in enumerate(mails):
            with self.subTest(program=program, label=label):
                raw, text = write_mail(program, label, number)
                message, readable = self.parse(raw)
                self.assertTrue(readable)
                self.assertEqual(message["subject"], f"Re: {text}")
                self.assertIn(text, message["email_from"])
                self.assertIn("contact@heng.example", message["email_from"])
                self.assertIn(text, html2plaintext(message["body"]))
                [attachment] = message["attachments"]
                self.assertEqual(attachment[0], f"{text}.doc")
                self.assertEqual(attachment[1], b"%PDF-1.4 file")

    def test_m41_mail_lands_with_its_text_and_no_original_when_all_was_read(self):
        self.env["helpdesk.ticket.team"].create(
            {"name": "Line", "company_id": self.company.id, "alias_name": "line"}
        )
        for number, program in enumerate(PROGRAMS):
            raw, text = write_mail(program, "x-gbk", number, self.contact.email, f"line@{DOMAIN}")
            ticket = self.env["helpdesk.ticket"].browse(
                self.env["mail.thread"].message_process(False, raw)
            )
            self.assertEqual(ticket.name, f"Re: {text}", program)
            self.assertEqual(ticket.partner_id, self.contact)
            self.assertIn(text, html2plaintext(ticket.description))
            self.assertEqual(ticket.message_ids.attachment_ids.mapped("name"), [f"{text}.doc"])

    def test_m41_what_cannot_be_read_is_taken_in_with_a_mark_and_the_original(self):
        self.env["helpdesk.ticket.team"].create(
            {"name": "Line", "company_id": self.company.id, "alias_name": "line"}
        )
        head = f"From: {self.contact.email}\nTo: line@{DOMAIN}\nSubject: Help\n".encode()
        broken = {
            "bytes of no set": b"Content-Type: text/plain; charset=gb2312\n\nabc \xff\xff\xff def",
            "no boundary": b"Content-Type: multipart/mixed\n\nabc \xc4\xe3\xba\xc3 def",
            "deep": b"".join(
                b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (level, level)
                for level in range(200)
            )
            + b"\nabc",
            "no headers at all": b"\nabc",
        }
        for number, (case, rest) in enumerate(broken.items()):
            raw = head + b"Message-Id: <broken-%d@x.example>\n" % number + rest
            with self.subTest(case), mute_logger("odoo.addons.mail.models.mail_thread"):
                ticket = self.env["helpdesk.ticket"].browse(
                    self.env["mail.thread"].message_process(False, raw)
                )
                self.assertEqual(ticket.name, "Help")
                if case == "no headers at all":
                    continue
                self.assertIn("could be read", ticket.description)
                original = ticket.message_ids.attachment_ids.filtered(
                    lambda file: file.name == "original.eml"
                )
                self.assertEqual(original.raw, raw)

    def test_m41_no_mail_raises(self):
        samples = [
            b"",
            b"\x00\x00",
            b"\xff\xfe",
            b"From: \xc4\xe3\n\n\xc4\xe3",
            b"Content-Type: font/woff\n\nx",
            b"Content-Type: message/partial; number=1\n\nx",
            b"Content-Type: text/plain; charset=rot13\n\nabc",
            b"Content-Type: text/plain; charset*=\n\nabc",
            b"Message-Id: <[\nSubject: =?x?b?\n\n",
            b"Message-Id: <a@b>\nTo: =?gb2312?B?xOM=?= <\n\nx",
            b"Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\nU3ViamVjdDogeAoKeQ==",
            b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n"
            b"Content-Type: message/delivery-status\n\nReporting-MTA: dns;x\n\n--b--\n",
            b'Content-Disposition: attachment; filename="\xc4\xe3;\nContent-Type: text/html\n\n<!-- -->',
        ]
        for raw in samples:
            for cut_at in (len(raw), len(raw) // 2):
                with (
                    self.subTest(raw=raw[:cut_at]),
                    mute_logger("odoo.addons.mail.models.mail_thread"),
                ):
                    message, _readable = self.parse(raw[:cut_at])
                    self.assertIn("body", message)

    def test_m41_files_of_text_keep_their_bytes(self):
        mail = EmailMessage()
        mail["From"], mail["Subject"] = "a@b.example", "x"
        mail.set_content("x")
        content = "\ufeff日志".encode("utf-16-le")
        mail.add_attachment(content, maintype="text", subtype="plain", filename="日志.txt")
        [attachment] = self.parse(mail.as_bytes())[0]["attachments"]
        self.assertEqual((attachment[0], attachment[1]), ("日志.txt", content))

    def test_m41_labels_are_believed_only_as_far_as_the_bytes_agree(self):
        for text, charset, label in (
            ("联通", "gbk", None),
            ("合同", "utf-8", None),
            ("Café résumé", "utf-8", None),
            ("Müller, Köln", "latin-1", "iso-8859-1"),
            ("你好世界，再见", "utf-8", "gb2312"),
            ("價格 5 €", "utf-8", "gbk"),
            ("你好 ab", "utf-16-le", None),
            ("你好", "hz", "us-ascii"),
            ("привет", "koi8-r", "koi8-r"),
        ):
            self.assertEqual(decode_text(text.encode(charset), label), (text, True), (text, label))
        self.assertEqual(decode_text(b"5 \x80", "gb2312"), ("5 €", True))
        self.assertFalse(decode_text(b"\xff\xff", "utf-8")[1])

    def test_m41_encoded_words_are_joined_before_they_are_decoded(self):
        raw = "王𠮷".encode("gb18030")
        header = " ".join(word(piece, "GB2312") for piece in cut(raw, 1))
        self.assertEqual(decode_header(f"a {header} b"), ("a 王𠮷 b", True))
        self.assertEqual(read_parameters(f'x; name="{header}.doc"')[1], {"name": "王𠮷.doc"})
