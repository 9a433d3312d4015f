"""Set-up of the tests of imports: software and colleagues of the made ledgers, and files made on the way."""

import base64
import io
import json
import unicodedata
from pathlib import Path

import xlsxwriter

from ...tools.keys import phone_keys
from .. import common

LEDGERS = Path(common.__file__).parent / "ledgers"


def plain(text):
    """Text in one width without blanks."""
    return "".join(unicodedata.normalize("NFKC", text or "").split())


class TakeoverCommon(common.AftersalesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "lang": "en_US"})
        cls.software = (
            cls.make_software(name="启擎财务 标准版") if hasattr(cls, "make_software") else None
        )

    @classmethod
    def make_ledger_ground(cls):
        """The software and colleagues that the ledgers name."""
        products = json.loads((LEDGERS / "products.json").read_text(encoding="utf-8"))
        people = json.loads((LEDGERS / "people.json").read_text(encoding="utf-8"))
        cls.software.active = False
        cls.products = {
            code: cls.env["product.product"].create(
                {"name": name, "default_code": code, "aftersales_line_id": cls.line.id}
            )
            for code, name in products.items()
        }
        cls.people = {
            login: cls.make_user(login.replace(".", ""), "jinyang_aftersales.group_user")
            for login in people
        }
        for login, name in people.items():
            cls.people[login].name = name

    def get_ledgers(self):
        """:return: pairs of a ledger's content and what is expected of it, by name of the file"""
        for path in sorted((LEDGERS / "expected").glob("*.json")):
            expected = json.loads(path.read_text(encoding="utf-8"))
            if "rows" in expected:
                yield expected["file"], (LEDGERS / expected["file"]).read_bytes(), expected

    def start(self, raw, name="ledger.xlsx", user=None):
        """An import with a file, as the service manager."""
        takeover = self.env["aftersales.takeover"].with_user(user or self.manager)
        return takeover.create({"file": base64.b64encode(raw), "file_name": name})

    def import_file(self, raw, name="ledger.xlsx"):
        """Check a file and take its good rows over."""
        takeover = self.start(raw, name)
        takeover.action_check()
        takeover.action_take()
        return takeover

    @staticmethod
    def make_xlsx(*rows, sheet="Sheet1"):
        """:return: a workbook with one sheet"""
        out = io.BytesIO()
        with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
            table = book.add_worksheet(sheet)
            for line, row in enumerate(rows):
                for place, cell in enumerate(row):
                    table.write(line, place, cell)
        return out.getvalue()

    # === Comparing === #

    def find_customer(self, name):
        """The customer of a row."""
        customers = self.env["res.partner"].search([("is_company", "=", True)])
        return customers.filtered(lambda one: plain(one.name) == plain(name))

    def compare(self, row, differences):
        """Note what differs between the database and what is expected of a row.

        :param dict row: what the row means
        :param list differences: filled in
        """

        def check(what, expected, found):
            if expected != found:
                differences.append(f"{what}: {found!r} instead of {expected!r}")

        customer = self.find_customer(row["customer"])
        check("customers", 1, len(customer))
        if len(customer) != 1:
            return
        for key, name in (("tax_id", "vat"), ("area", "service_area"), ("address", "street")):
            if row[key]:
                check(key, row[key], customer[name] or "")
        for contact in row["contacts"]:
            self._compare_contact(contact, customer, check)
        product = self.products[row["product"]]
        software = customer.installation_ids.filtered(lambda one: one.product_id == product)
        if row["serials"]:
            software = software.filtered(lambda one: one.serial_number in row["serials"])
            check("serials", sorted(row["serials"]), sorted(software.mapped("serial_number")))
        else:
            software = software.filtered(
                lambda one: not one.serial_number
                and str(one.installation_date or "") == row["installed"]
            )
            check("software without serial", 1, len(software))
        for one in software:
            check("version", row["version"], one.version or "")
            if row["from"] or not row["to"]:
                check("from", row["from"], str(one.service_date_start or ""))
            check("to", row["to"], str(one.service_date_end or ""))
            check("installed", row["installed"], str(one.installation_date or ""))
            if row["specialist"]:
                check("specialist", self.people[row["specialist"]], one.user_id)
            notes = plain(one.usage_note)
            check("remark", True, plain(row["remark"]) in notes)
            for word in row["kept"]:
                check(
                    f"kept {word}", True, plain(word) in notes + plain(str(customer.comment or ""))
                )

    def _compare_contact(self, contact, customer, check):
        if not contact["name"]:
            return
        people = customer.child_ids.filtered(lambda one: plain(one.name) == plain(contact["name"]))
        check(f"contact {contact['name']}", 1, len(people))
        person = people[:1]
        keys = set(phone_keys(f"{person.phone or ''} / {person.landline or ''}"))
        wanted = {
            key
            for number in contact["mobiles"] + contact["landlines"]
            for key in phone_keys(number)
        }
        check(f"telephones of {contact['name']}", True, wanted <= keys)
        check(f"function of {contact['name']}", contact["function"], person.function or "")
        check(f"QQ of {contact['name']}", contact["qq"], person.qq_number or "")
