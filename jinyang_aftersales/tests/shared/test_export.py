"""M64: texts of strangers stay texts in every Excel file."""

import csv
import io
import json

import openpyxl

from odoo.http import Request
from odoo.tests import HttpCase, tagged

from .. import common

FORMULAS = (
    "=1+1",
    '=HYPERLINK("http://evil.example","x")',
    "+1+1",
    "-1",
    "@SUM(1)",
    "http://a.example",
    "0123",
)


@tagged("post_install", "-at_install")
class TestExport(common.AftersalesCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.exporter = cls.make_user(
            "exporter",
            "jinyang_aftersales.group_manager,base.group_allow_export",
            password="aftersales_exporter",  # noqa: S106
        )
        cls.partners = cls.env["res.partner"].create(
            [{"name": text, "ref": text} for text in FORMULAS]
        )

    def setUp(self):
        super().setUp()
        self.authenticate(self.exporter.login, "aftersales_exporter")

    def cells(self, url, data):
        """All cells of the file, as pairs of type and value."""
        answer = self.url_open(
            url, data={"data": json.dumps(data), "csrf_token": Request.csrf_token(self)}
        )
        self.assertEqual(answer.status_code, 200, answer.text[:300])
        sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
        found = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
        self.assertFalse([cell.value for cell in found if cell.data_type == "f"], "formulas")
        self.assertFalse([cell.value for cell in found if cell.hyperlink], "links")
        return [(cell.data_type, cell.value) for cell in found]

    def export(self, groupby=()):
        fields = [
            {"name": name, "label": name, "store": True, "type": "char"} for name in ("name", "ref")
        ]
        return self.cells(
            "/web/export/xlsx",
            {
                "model": "res.partner",
                "fields": fields,
                "ids": self.partners.ids,
                "domain": [("id", "in", self.partners.ids)],
                "groupby": list(groupby),
                "import_compat": False,
                "context": {},
            },
        )

    def test_list(self):
        cells = self.export()
        for text in FORMULAS:
            self.assertIn(("s", text), cells)

    def test_list_as_text(self):
        """M64: Excel takes more beginnings for formulas than Odoo marks."""
        texts = (*FORMULAS[:5], "\t=1+1", "＝1+1", "＋1", "－1", "＠SUM(1)", "Plain @ = text")
        partner = self.partners[0]
        for text in texts:
            partner.ref = text
            data = {
                "model": "res.partner",
                "fields": [{"name": "ref", "label": "ref", "store": True, "type": "char"}],
                "ids": partner.ids,
                "domain": [],
                "groupby": [],
                "import_compat": False,
                "context": {},
            }
            answer = self.url_open(
                "/web/export/csv",
                data={"data": json.dumps(data), "csrf_token": Request.csrf_token(self)},
            )
            [_head, [cell]] = csv.reader(io.StringIO(answer.content.decode(), newline=""))
            self.assertEqual(cell, text if text.startswith("Plain") else f"'{text}")

    def test_grouped_list(self):
        texts = [value for kind, value in self.export(["ref"]) if kind == "s"]
        for text in FORMULAS:
            self.assertTrue([value for value in texts if value.startswith(text)], text)

    def test_pivot(self):
        header = {"width": 1, "height": 1, "title": FORMULAS[0], "is_bold": False}
        cells = self.cells(
            "/web/pivot/export_xlsx",
            {
                "title": "Partners",
                "model": "res.partner",
                "measure_count": 1,
                "col_group_headers": [[header]],
                "measure_headers": [{"title": FORMULAS[1], "is_bold": False}],
                "origin_headers": [],
                "rows": [
                    {"title": text, "indent": 0, "values": [{"value": 1, "is_bold": False}]}
                    for text in FORMULAS
                ],
            },
        )
        for text in FORMULAS:
            self.assertIn(("s", text), cells)
