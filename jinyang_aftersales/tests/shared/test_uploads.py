"""F42, F43: files that are too large or have a wrong extension, sent by RPC instead of the forms."""

import base64

from odoo.exceptions import UserError
from odoo.tests import TransactionCase, tagged

from ..change.change_common import PDF
from ..common import AftersalesCommon
from ..portal.test_portal_fuzz import picture
from ..visit.visit_common import drawing

MEGABYTES = 12 * 1024**2
# by model: the field, and the limit named in the error
FILES = {
    "aftersales.archive.entry": ("scan", "10 MB"),
    "aftersales.application": ("scan", "10 MB"),
    "aftersales.change.request": ("scan", "10 MB"),
    "aftersales.implementation": ("customer_signature", "2 MB"),
    "aftersales.regulation": ("scan", "10 MB"),
    "aftersales.visit": ("customer_signature", "2 MB"),
}
# further fields with the same limit
MORE = {"aftersales.regulation": ("meeting_scan", "comments_scan", "announced_scan")}
# guarded fields, whose files come by dialogues that are tried with their steps
BY_DIALOGUE = {("aftersales.visit", "paper_scan"), ("aftersales.takeover", "file")}
NO_FILES = (
    "no base64 é",
    base64.b64encode(b"<html><script>alert(1)</script></html>").decode(),
    base64.b64encode(b"<svg xmlns='http://www.w3.org/2000/svg'/>").decode(),
    base64.b64encode(picture(60_000, 60_000)).decode(),
    base64.b64encode(picture(12_000, 12_000)).decode(),
)


def each_file():
    """Each field that takes a file: its model, its name, and the limit named in the error."""
    for model, (field, reason) in FILES.items():
        for name in (field, *MORE.get(model, ())):
            yield model, name, reason


@tagged("post_install", "-at_install")
class TestUploads(AftersalesCommon, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.make_customer()
        cls.installation = cls.make_installation(cls.customer)
        cls.users = dict.fromkeys(FILES, cls.specialist)
        cls.users["aftersales.archive.entry"] = cls.archivist
        cls.users["aftersales.regulation"] = cls.director

    def values(self, model, **values):
        values |= {"company_id": self.company.id}
        if model == "aftersales.regulation":
            return values | {"title": "Service", "version": "1", "date_effective": "2026-01-01"}
        values["partner_id"] = self.customer.id
        if model == "aftersales.application":
            values["kind"] = "data_clearing"
        elif model == "aftersales.implementation":
            values["product_id"] = self.installation.product_id.id
        elif model == "aftersales.archive.entry":
            values |= {
                "kind": "data_clearing",
                "document_name": "Paper",
                "holder_id": self.specialist.id,
            }
        elif model == "aftersales.change.request":
            values["title"] = "Driver"
        return values

    def large(self, field):
        head = base64.b64decode(PDF if "scan" in field else drawing())
        return base64.b64encode(head + b"x" * MEGABYTES).decode()

    def test_every_field_that_takes_a_file_is_tried(self):
        fields = (
            self.env["ir.model.fields"]
            .search(
                [
                    ("model", "=like", "aftersales.%"),
                    ("ttype", "=", "binary"),
                    ("store", "=", True),
                ]
            )
            .filtered(lambda field: "jinyang_aftersales" in field.modules.split(", "))
        )
        found = {
            (field.model, field.name)
            for field in fields
            if not (self.env[field.model]._abstract or self.env[field.model]._transient)
            # rows of ledgers are made by dialogues, whose files are tried with their steps
            and not isinstance(self.env[field.model], self.env.registry["aftersales.ledger.mixin"])
        }
        core = {pair for pair in found if "jinyang_aftersales_penalty" not in self.owner(*pair)}
        self.assertEqual(
            core - BY_DIALOGUE, {(model, field) for model, field, _reason in each_file()}
        )

    def owner(self, model, field):
        return self.env[model]._fields[field]._module or ""

    def test_twelve_megabytes_are_refused_with_a_reason_and_nothing_is_made(self):
        for model, field, reason in each_file():
            documents = self.env[model].with_user(self.users[model])
            before = documents.search_count([])
            with self.assertRaisesRegex(UserError, reason):
                documents.create(self.values(model, **{field: self.large(field)}))
            self.assertEqual(documents.search_count([]), before, model)
            document = documents.create(self.values(model))
            with self.assertRaisesRegex(UserError, reason):
                document.write({field: self.large(field)})
            self.assertFalse(document[field], model)

    def test_what_is_no_file_is_refused_before_anything_unfolds_it(self):
        for model, field, _reason in each_file():
            documents = self.env[model].with_user(self.users[model])
            document = documents.create(self.values(model))
            for wrong in NO_FILES:
                with self.assertRaises(UserError, msg=(model, wrong[:40])):
                    documents.create(self.values(model, **{field: wrong}))
                with self.assertRaises(UserError, msg=(model, wrong[:40])):
                    document.write({field: wrong})
            self.assertFalse(document[field], model)
