"""F39, F42, F43, V17: forms of the portal with malformed files and parameters.

Every route that makes a document is found in the routing map, and gets the same tables of values.
"""

import io
import json
import re
import struct
import zipfile
import zlib

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .portal_documents_common import PDF
from .portal_examples import PortalExamples
from .portal_forms_common import FORMS, TEXTS, WITHOUT_FILES, PortalForms

PNG_HEAD = b"\x89PNG\r\n\x1a\n"
# encoded values of a request's body
RAW = (
    "%00",
    "a%00b",
    "%ED%A0%80",
    "%FF%FE",
    "1" + "0" * 30,
    "-1",
    "-" + "9" * 400,
    "%F0%9F%98%80",
    "NaN",
    "1e400",
    "2147483648",
)
# odd values in place of a text or number in JSON
ODD_JSON = (None, True, -1, 10**30, 1.5, "", "\x00", "é", [], ["a"], {}, {"a": 1}, [[["a"]]])


def picture(width, height, data=b""):
    """:return: a PNG of a size it does not really have"""

    def chunk(kind, content):
        check = zlib.crc32(kind + content)
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = [chunk(b"IHDR", head), chunk(b"IDAT", data or zlib.compress(b"\0" * 1000))]
    return PNG_HEAD + b"".join(parts) + chunk(b"IEND", b"")


def archive(**parts):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, content in parts.items():
            opened.writestr(name, content)
    return stream.getvalue()


# name, content: files that are refused, independent of their extension
BAD_FILES = (
    ("a.pdf", b""),
    ("a.pdf", b"%PDF-1.4" + b"x" * 20 * 1024**2),
    ("a.pdf", b"<html><script>alert(1)</script></html>"),
    ("a.png", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
    ("a.png", b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>"),
    ("a.png", b"\xef\xbb\xbf  <!DOCTYPE html><body>"),
    ("a.pdf.exe", PDF),
    ("a.html", PDF),
    ("a\u202efdp.exe", PDF),
    ("a.svg ", b"plain"),
    ("a.jpg", b"MZ\x90\x00\x03"),
    ("house.png", picture(60_000, 60_000)),
    ("house.png", picture(12_000, 12_000)),
    ("bomb.zip", archive(mimetype=b"a" * 30 * 1024**2)),
)
# name as sent, content, name as kept
GOOD_FILES = (
    ("../../../etc/passwd.pdf", PDF, "passwd.pdf"),
    ("C:\\fakepath\\图纸.pdf", PDF, "图纸.pdf"),
    ("a\u202egnp.pdf", PDF, "agnp.pdf"),
    ("a.tar.pdf", PDF, "a.tar.pdf"),
    ("nested.zip", archive(inner=archive(inner=b"\0" * 1024**2)), "nested.zip"),
    ("x" * 300 + ".pdf", PDF, "x" * 96 + ".pdf"),
)


@tagged("post_install", "-at_install")
class TestPortalFuzzFiling(PortalForms, HttpCase):
    def files_of(self, model):
        files = self.env["ir.attachment"]
        return files.search([("res_model", "=", model), ("res_field", "=", False)], order="id")

    def test_every_address_that_makes_a_document_is_sent_all_of_it(self):
        making = {
            rule.rule
            for rule in PortalExamples.portal_rules.__func__(type(self))
            if "POST" in (rule.endpoint.routing.get("methods") or ())
            and rule.endpoint.routing["type"] == "http"
            and not rule.arguments
        }
        # these two make no document
        self.assertEqual(making - {"/ticket/close", "/my/security"}, set(FORMS))

    def test_complete_forms_make_a_document_each(self):
        for url, model, values, scan in self.forms():
            before = self.documents(model)
            self.assertIn(self.file(url, values, scan).status_code, (302, 303), url)
            self.assertEqual(len(self.documents(model) - before), 1, url)

    def test_files_that_are_not_what_they_say_make_no_document(self):
        for url, model, values, scan in self.forms():
            before, kept = self.documents(model), self.files_of(model)
            for name, content in BAD_FILES:
                if url not in WITHOUT_FILES:
                    answer = self.file(url, values, scan, [self.upload(name, content)])
                    self.assertEqual(answer.status_code, 400, (url, name))
                    self.assertIn("alert-danger", answer.text)
                if scan:
                    answer = self.file(url, values, None, [self.scan(name, content)])
                    self.assertEqual(answer.status_code, 400, (url, name))
            many = [self.upload(f"{number}.pdf", PDF) for number in range(11)]
            if url not in WITHOUT_FILES:
                self.assertEqual(self.file(url, values, scan, many).status_code, 400, url)
            self.assertEqual(self.documents(model), before, url)
            self.assertEqual(self.files_of(model), kept, url)

    def test_scan_over_ten_megabytes_makes_no_document(self):
        for url, model, values, scan in self.forms():
            if scan:
                large = self.scan("a.pdf", b"%PDF-1.4" + b"x" * 10 * 1024**2)
                answer = self.file(url, values, None, [large])
                self.assertEqual(answer.status_code, 400)
                self.assertIn("10 MB", answer.text)
                self.assertFalse(self.documents(model), url)

    def test_files_are_kept_under_harmless_names_and_types(self):
        for url, model, values, scan in self.forms():
            if url in WITHOUT_FILES:
                continue
            for name, content, kept in GOOD_FILES:
                before = self.files_of(model)
                # the same content under several names
                files = [self.upload(name, content)]
                answer = self.file(url, values, scan, files, send_again="1")
                told = re.findall(r"<li>([^<]*)</li>", answer.text)
                self.assertIn(answer.status_code, (302, 303), (url, name, told))
                [made] = self.files_of(model) - before
                self.assertEqual(made.name, kept)
                self.assertIn(made.mimetype, ("application/pdf", "application/zip"))

    def test_file_without_a_name_is_no_file(self):
        for url, model, values, scan in self.forms():
            before = self.documents(model)
            answer = self.file(url, values, scan, [("attachment", ("", io.BytesIO(PDF)))])
            self.assertLess(answer.status_code, 400, url)
            [made] = self.documents(model) - before
            self.assertNotIn(made.id, self.files_of(model).mapped("res_id"))
            if scan:
                answer = self.file(url, values, None, [("scan", ("", io.BytesIO(PDF)))])
                self.assertEqual(answer.status_code, 400, url)

    def test_texts_in_the_place_of_files_and_files_in_the_place_of_texts(self):
        for url, model, values, scan in self.forms():
            before = self.documents(model)
            names = [name for name in values if name != "contact_id"]
            texts = {**values, "attachment": "a.pdf", "scan": "b.pdf"}
            self.assertEqual(self.file(url, texts).status_code // 100, 4 if scan else 3, url)
            for name in names:
                rest = {key: value for key, value in values.items() if key != name}
                answer = self.file(url, rest, scan, [(name, ("a.txt", io.BytesIO(b"x")))])
                # without a known type of application the visitor is sent back to choose one
                chosen = (url, name) == ("/my/applications/new", "kind")
                self.assertEqual(answer.status_code, 303 if chosen else 400, (url, name))
            made = self.documents(model) - before
            self.assertEqual(len(made), 0 if scan else 1, url)

    def test_odd_bytes_and_repeated_fields_break_nothing(self):
        for url, model, values, scan in self.forms():
            every = (*values, "installation_id", "form_key", "csrf")
            # odd values in all fields, then in the texts only, which are accepted
            for names in (every, TEXTS & values.keys()):
                for raw in RAW:
                    token, key = self.token(), f"{self.numbers:032x}"
                    self.numbers += 1
                    body = "&".join(
                        [f"csrf_token={token}", f"form_key={key}"]
                        + [f"{name}={raw}&{name}=x&{name}[]={raw}" for name in names]
                        + [f"{key}={value}" for key, value in values.items() if key not in names]
                    )
                    answer = self.opener.post(
                        self.base_url() + url,
                        data=body.encode(),
                        headers={"Content-Type": "application/x-www-form-urlencoded"},
                        allow_redirects=False,
                        timeout=30,
                    )
                    self.assertLess(answer.status_code, 500, (url, names, raw))
            # created documents are complete
            for document in self.documents(model):
                self.assertTrue(document.partner_id.commercial_partner_id == self.customer)
                if "filed_by_id" in document._fields:
                    self.assertEqual(document.filed_by_id, self.alice.partner_id)
                self.assertFalse(scan, "nothing without its scan")


@tagged("post_install", "-at_install")
class TestPortalFuzzReading(PortalExamples, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.setUpExamples()

    def setUp(self):
        super().setUp()
        self.enterContext(mute_logger("odoo.http"))
        self.sign_in("alice")
        self.set_still()

    def test_lists_take_any_page_and_any_parameter(self):
        names = ("sortby", "filterby", "groupby", "search", "search_in", "date_begin", "date_end")
        for rule in self.portal_rules():
            if "<int:page>" not in rule.rule:
                continue
            base = rule.rule.partition("/page/")[0]
            for page in ("-1", "0", "1" + "0" * 30, "9" * 400, "2147483648", "1.5", "%00"):
                for url in (f"{base}/page/{page}", f"{base}?page={page}"):
                    answer = self.url_open(url, allow_redirects=False)
                    self.assertLess(answer.status_code, 500, url)
            for raw in RAW:
                query = "&".join(f"{name}={raw}&{name}=x&{name}[]=y" for name in names)
                answer = self.url_open(f"{base}?{query}", allow_redirects=False)
                self.assertLess(answer.status_code, 500, (base, raw))
        self.assertStill()

    def test_json_of_any_shape_breaks_nothing(self):
        routes = [rule for rule in self.portal_rules() if rule.endpoint.routing["type"] != "http"]
        self.assertTrue(routes)
        names = ("counters", "access_token", "name", "signature", "contract_id")
        for rule in routes:
            url = rule.rule.replace("<int:contract_id>", str(self.alpha["contract.contract"].id))
            self.assertNotIn("<", url)
            for odd in ODD_JSON:
                sent = [{name: odd} for name in names] + [dict.fromkeys(names, odd), {}]
                for params in sent:
                    answer = self.opener.post(
                        self.base_url() + url,
                        data=json.dumps({"jsonrpc": "2.0", "method": "call", "params": params}),
                        headers={"Content-Type": "application/json"},
                        timeout=30,
                    )
                    self.assertLess(answer.status_code, 500, (url, params))
                    name = answer.json().get("error", {}).get("data", {}).get("name", "")
                    # only exceptions of Odoo and werkzeug are refusals; any other one is a bug
                    self.assertRegex(
                        name or "odoo.", r"^(odoo\.|werkzeug\.exceptions\.)", (url, params)
                    )
        self.assertStill()
