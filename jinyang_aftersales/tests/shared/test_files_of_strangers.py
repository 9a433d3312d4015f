"""M63: one list of files by content and name, for the portal and for mail."""

from odoo.tests import BaseCase, tagged

from ...tools.files import clean_file_name, get_file_type

HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"
LOG = b"2026-11-30 ERROR page <html><body><script>x()</script> broken"
# name, content, type under which it is kept
ACCEPTED = (
    ("IMG_0001.HEIC", HEIC, "application/octet-stream"),
    ("note.m4a", b"\0\0\0\x1cftypM4A \0\0\0\0", "audio/mp4"),
    ("note.amr", b"#!AMR\n\x3c", "audio/amr"),
    ("note.wav", b"RIFF\x24\0\0\0WAVEfmt ", "audio/wav"),
    ("note.mp3", b"ID3\x03\0\0\0", "audio/mpeg"),
    ("note.mp3", b"\xff\xfb\x90\x64\0\0", "audio/mpeg"),
    ("日志.txt", "日志 abc".encode("utf-16"), "text/plain"),
    ("big.txt", b"\xfe\xff" + "日志".encode("utf-16-be"), "text/plain"),
    ("error.log", LOG, "text/plain"),
    ("error.log", b"<html>" + LOG, "text/plain"),
    ("数据.csv", "客户,金额".encode("gbk"), "text/plain"),
    ("a.pdf", b"%PDF-1.4\n", "application/pdf"),
)
REFUSED = (
    ("tool.exe.", b"text"),
    ("tool.exe. . ", b"text"),
    ("ｔool．exe", b"text"),
    ("query.iqy", b"WEB\n1\nhttp://x.example"),
    ("script.wsc", b"text"),
    ("page.php", b"<?php 1;"),
    ("page.php.", b"<?php 1;"),
    ("page.asp", b"text"),
    ("page.html", LOG),
    ("a.url", b"[InternetShortcut]"),
    ("a.xll", b"text"),
    ("a.settingcontent-ms", b"text"),
    ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
    ("a.txt", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
    ("a.txt", b"MZ\x90\0\x03"),
    ("scan.pdf", LOG),
    ("photo.jpg", b"text"),
    ("photo.jpg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
)


@tagged("post_install", "-at_install")
class TestFilesOfStrangers(BaseCase):
    def test_m63_what_customers_send_is_accepted(self):
        for name, content, mimetype in ACCEPTED:
            self.assertEqual(get_file_type(clean_file_name(name), content), mimetype, name)

    def test_m63_what_would_run_is_refused_by_name_and_by_content(self):
        for name, content in REFUSED:
            self.assertIsNone(get_file_type(clean_file_name(name), content), name)
            if not name.endswith((".txt", ".pdf", ".jpg")):
                # the name as it was sent, too
                self.assertIsNone(get_file_type(name, content), name)
