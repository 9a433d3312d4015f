"""M41: no mail stops the gateway: whatever a stranger has written is read in a moment."""

import base64
import signal
import struct
from contextlib import contextmanager

from odoo.tests import BaseCase, tagged

from ...models.mail.news import is_thanks
from ...tools.mail_rewrite import rewrite_mail
from ...tools.mail_unpack import take_pictures, unpack_tnef
from ...tools.tnef import read_tnef

SIZE = 300_000
# of the processor's time, for what takes some hundredths of a second
MAX_SECONDS = 5
HEAD = b"From: a@heng.example\r\nTo: b@jinyang.example\r\nSubject: Help\r\nMessage-Id: <a@heng.example>\r\n"
# the head of a file in a winmail.dat, of a file without content
EMPTY_FILE = struct.pack("<BHHI", 2, 0x9002, 6, 0) + b"\0\0"


def with_header(name, value):
    """:return: a mail with a header more, or another one instead of its own"""
    kept = [line for line in HEAD.splitlines(True) if not line.startswith(name + b":")]
    return b"".join(kept) + name + b": " + value + b"\r\n\r\nHelp"


def with_text(text, kind=b"text/plain"):
    """:return: a mail of a text"""
    return HEAD + b"Content-Type: " + kind + b"\r\n\r\n" + text


COSTLY = {
    "word in the type": with_header(b"Content-Type", b"text/plain; " + b"a" * SIZE),
    "blanks in the type": with_header(b"Content-Type", b"text/plain; " + b" " * SIZE + b"a"),
    "quotes in the type": with_header(b"Content-Type", b"text/plain; " + b'a="' * (SIZE // 3)),
    "blanks before a character set": with_text(b"charset=" + b" " * 90_000 + b"("),
    "conversation": with_header(b"References", b"<a@b> " * (SIZE // 6)),
    "recipients": with_header(b"To", b", ".join([b"a@heng.example"] * (SIZE // 16))),
    "sender of many words": with_header(b"From", b"=?utf-8?q?a?= " * (SIZE // 14) + b"<a@b.cn>"),
    "accents": with_text("é".encode() * (SIZE // 2)),
    "pictures": with_text(b"<img " * (SIZE // 5), b"text/html"),
    "parts": HEAD
    + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
    + b"--b\r\n\r\nx\r\n" * (SIZE // 10),
}


@contextmanager
def limited():
    """Context manager: raises when what is done in it needs more than ``MAX_SECONDS``."""

    def stop(*_args):
        raise AssertionError("It takes too long.")

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, MAX_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


@tagged("post_install", "-at_install")
class TestMailCostly(BaseCase):
    def test_m41_mail_made_to_be_costly_is_read_in_a_moment(self):
        for name, raw in COSTLY.items():
            with self.subTest(name), limited():
                rewritten, _readable = rewrite_mail(raw, (unpack_tnef,), take_pictures)
                self.assertIn(b"Subject: Help", rewritten)

    def test_m41_what_is_left_out_of_a_header_is_said(self):
        for name in ("word in the type", "recipients"):
            _rewritten, readable = rewrite_mail(COSTLY[name])
            self.assertFalse(readable, name)

    def test_m41_long_conversation_keeps_its_latest_mails(self):
        ids = b" ".join(b"<%d@heng.example>" % number for number in range(1000))
        rewritten, readable = rewrite_mail(with_header(b"References", ids))
        self.assertTrue(readable)
        self.assertIn(b"<999@heng.example>", rewritten)
        self.assertNotIn(b"<900@heng.example>", rewritten)

    def test_m41_parameters_of_files_are_found_behind_any_separator(self):
        for options in (b'name="a.pdf"', b'x=1;name="a.pdf"', b'x="1" ;\t name = a.pdf ; y'):
            raw = with_header(b"Content-Type", b"application/pdf; " + options)
            self.assertIn(b'filename="a.pdf"', rewrite_mail(raw)[0], options)

    def test_m45_winmail_of_countless_files_is_read_in_part(self):
        found = read_tnef(b"\x78\x9f\x3e\x22\x01\x00" + EMPTY_FILE * 1000)
        self.assertFalse(found.complete)
        self.assertEqual(len(found.files), 300)
        sent = base64.encodebytes(b"\x78\x9f\x3e\x22\x01\x00" + EMPTY_FILE * (SIZE // 11))
        raw = with_text(sent, b"application/ms-tnef\r\nContent-Transfer-Encoding: base64")
        with limited():
            self.assertFalse(rewrite_mail(raw, (unpack_tnef,))[1])

    def test_m43_repeated_words_of_thanks_are_understood_in_a_moment(self):
        with limited():
            self.assertTrue(is_thanks("好的" * 30))
            self.assertFalse(is_thanks("好的" * 29 + "不"))
            self.assertFalse(is_thanks("\n" * 5000 + "不"))
        for text in ("Thank you very much", "okay, thanks", "好的，谢谢！", "已收到，辛苦了"):
            self.assertTrue(is_thanks(text), text)
