"""M63: a form with a file that is not taken comes back with what was typed, and says why."""

import io

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ...tools.files import MAX_FILE_BYTES, MAX_FILES, MAX_FORM_BYTES
from ..shared.test_files_of_strangers import HEIC, REFUSED
from .portal_documents_common import PortalDocuments
from .portal_forms_common import FORMS, TEXTS, WITHOUT_FILES


@tagged("post_install", "-at_install")
class TestRefusedFiles(PortalDocuments, HttpCase):
    def setUp(self):
        super().setUp()
        self.enterContext(mute_logger("odoo.http"))
        self.come(self.alice)
        self.numbers = 0

    def send(self, url, values, files):
        """:return: the answer to a form of Alice, which has to come back with its texts"""
        self.numbers += 1
        if url != "/submitted/ticket":
            values = {"contact_id": self.alice.partner_id.id, **values}
        answer = self.post(url, files=files, form_key=f"{self.numbers:032x}", **values)
        self.assertEqual(answer.status_code, 400, url)
        for name in TEXTS & values.keys():
            self.assertIn(values[name], answer.text, (url, name))
        self.env.invalidate_all()
        return answer.text

    def test_m63_every_form_comes_back_from_every_refused_file(self):
        for url, (model, values, scanned) in FORMS.items():
            before = self.env[model].search_count([])
            for name, content in REFUSED:
                if url not in WITHOUT_FILES:
                    files = [self.upload(name, content), *([self.scan()] if scanned else ())]
                    self.assertIn(
                        "is of a kind that is not accepted", self.send(url, values, files)
                    )
                if scanned:
                    text = self.send(url, values, [("scan", (name, io.BytesIO(content)))])
                    self.assertIn("company&#39;s stamp: The ", text, (url, name))
            self.assertEqual(self.env[model].search_count([]), before, url)

    def test_m63_a_scan_in_the_format_of_a_phone_is_asked_for_as_jpeg(self):
        for url, (_model, values, scanned) in FORMS.items():
            if scanned:
                text = self.send(url, values, [("scan", ("IMG.HEIC", io.BytesIO(HEIC)))])
                self.assertIn("Send it as JPEG", text, url)

    def test_m63_files_that_are_too_large_are_no_error_page_of_odoo(self):
        # above the limit of the database every route answers with such a page, but for forms with files
        self.env["ir.config_parameter"].set_param("web.max_file_upload_size", "1000")
        large = [self.upload("note.txt", b"x" * 5000), self.upload("page.php", b"<?php 1;")]
        for url, (_model, values, scanned) in FORMS.items():
            if url not in WITHOUT_FILES:
                files = [*large, *([self.scan()] if scanned else ())]
                self.assertIn("page.php", self.send(url, values, files))
            else:
                self.send(url, values, [("scan", ("a.txt", io.BytesIO(b"x" * 5000)))])
        self.assertGreater(MAX_FORM_BYTES, MAX_FILES * MAX_FILE_BYTES)
