"""The made ledgers are what their README says: each habit is in three of them, each row has its expectation."""

import re
import unicodedata
from datetime import date

import phonenumbers
from stdnum.cn import uscc

from odoo.tests import BaseCase, tagged

from . import facts, make, reading, writing
from .plans import PLANS

SERIALS = ("序列号", "加密狗号", "产品编号")
ENDS = ("到期", "截止", "终止", "服务止", "止", "结束")
DAYS = (*ENDS, "起", "开始", "开通", "日期", "起止", "期")
TEXT_DAYS = {
    "2026.1.5": r"20\d\d\.\d{1,2}\.\d{1,2}",
    "2026/1/5": r"20\d\d/\d{1,2}/\d{1,2}",
    "20260105": r"20\d\d[01]\d[0-3]\d",
    "2026年1月5日": r"20\d\d年\d{1,2}月\d{1,2}日",
    "2026年3月": r"20\d\d年\d{1,2}月(?!\d)",
}


def has_text(pattern, *headers, whole=False):
    """Whether a cell below one of the headers holds the pattern."""
    match = re.fullmatch if whole else re.search

    def check(ledger):
        return any(match(pattern, str(value).strip()) for _line, value in ledger.cells(*headers))

    return check


def is_excel_day(ledger):
    """A day as Excel counts it, in a cell that does not say so."""
    return any(
        re.fullmatch(r"4[4-7]\d{3}(\.0)?", str(value))
        and not any(line == at for at, _column in ledger.dates)
        for line, value in ledger.cells(*DAYS)
    )


def has_skipped(kind):
    return lambda ledger: kind in ledger.expected["not_data"].values()


def has_merged_title(ledger):
    return any(
        top == bottom and right > left and ledger.expected["not_data"].get(str(top)) == "title"
        for top, bottom, left, right in ledger.merged
    )


def has_merged_customer(ledger):
    return any(bottom > top and left == right for top, bottom, left, right in ledger.merged)


def customers(ledger):
    """Names in the cells of customers, by the name to be stored."""
    found = {}
    for line, value in ledger.cells("客户名称", "单位", "公司", "用户单位", "名称"):
        row = ledger.expected["rows"][str(line)]
        if "customer" in row and writing.plain(value)[:4] == writing.plain(row["customer"])[:4]:
            found.setdefault(row["customer"], set()).add(writing.plain(value))
    return found


def has_customer_in_two_spellings(ledger):
    return any(
        len({name.removesuffix("有限公司") for name in names}) == 1 < len(names)
        or any(name.endswith("公司") for name in names)
        and any(not name.endswith("公司") for name in names)
        for names in customers(ledger).values()
    )


def has_changed_contact(ledger):
    people = {}
    for row in ledger.expected["rows"].values():
        for contact in row.get("contacts", ())[:1]:
            people.setdefault(row["customer"], set()).add(contact["name"])
    return any(len(names) > 1 for names in people.values())


def has_wide(ledger):
    return any(re.search("[\uff10-\uff19\uff21-\uff3a]", text) for text in ledger.texts())


def has_spaced_name(ledger):
    return any(
        re.search("[\u4e00-\u9fff][ \u3000\u00a0]+[\u4e00-\u9fff]", str(value))
        for _line, value in ledger.cells("客户名称", "单位", "公司", "联系人", "会计", "财务负责人")
    )


def has_other_product(ledger):
    names = set(facts.PRODUCTS.values())
    alike = {writing.plain(name) for name in names}
    return any(text not in names and writing.plain(text) in alike for text in ledger.texts())


def has_expected(check):
    return lambda ledger: any(check(row) for row in ledger.expected["rows"].values())


def is_encoded(encoding):
    return lambda ledger: ledger.expected["encoding"] == encoding


def has_rare_characters(ledger):
    if ledger.expected["encoding"] != "gb18030":
        return False
    try:
        ledger.path.read_bytes().decode("gbk")
    except UnicodeDecodeError:
        return True
    return False


def ends_with(ending):
    return lambda ledger: ledger.path.suffix == ending


HABITS = {
    "merged title": has_merged_title,
    "title": has_skipped("title"),
    "two header rows": lambda ledger: len(ledger.expected["header"]) == 2,
    "sum row": has_skipped("sum"),
    "empty lines": has_skipped("empty"),
    "notes below": has_skipped("note"),
    "number column": lambda ledger: any(
        value in ("序号", "编号") for line in ledger.lines[:4] for value in line
    ),
    **{f"day as {like}": has_text(pattern, *DAYS) for like, pattern in TEXT_DAYS.items()},
    "number of Excel as day": is_excel_day,
    "real dates": lambda ledger: bool(ledger.dates),
    "period in one cell": has_text(r"20\d\d.+[-至～—~].*20\d\d", "起止", "期限", "服务期"),
    "full width": has_wide,
    "spaces in names": has_spaced_name,
    "GBK": is_encoded("gbk"),
    "GB18030": has_rare_characters,
    "UTF-8 with BOM": is_encoded("utf-8-sig"),
    "tabs": lambda ledger: ledger.path.suffix in (".tsv", ".txt"),
    "xls": ends_with(".xls"),
    "xlsx": ends_with(".xlsx"),
    "products but for spaces and width": has_other_product,
    "two telephones": has_expected(
        lambda row: any(
            len(contact["mobiles"] + contact["landlines"]) > 1
            for contact in row.get("contacts", ())
        )
    ),
    "several serials": has_expected(lambda row: len(row.get("serials", ())) > 1),
    "for ever": has_text("永久", *DAYS),
    "three months more": has_text("赠送", *DAYS),
    "merged customer": has_merged_customer,
    "hidden rows": lambda ledger: bool(ledger.hidden_rows),
    "hidden columns": lambda ledger: ledger.hidden_columns,
    "hidden sheets": lambda ledger: ledger.hidden_sheets,
    "renewed in the remark": has_text("续费", "备注"),
    "renewed until": has_text("已续费至", "备注"),
    "serial destroyed by Excel": has_text(r"\d\.\d+E\+\d+", *SERIALS, whole=True),
    "words for none": has_text("无|暂无|没有|/|-|N/A|——", *SERIALS, whole=True),
    "customer in two spellings": has_customer_in_two_spellings,
    "changed contact": has_changed_contact,
    "colours": lambda ledger: ledger.colours,
}


@tagged("post_install", "-at_install")
class TestLedgers(BaseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ledgers = reading.read_all()

    def rows(self):
        for ledger in self.ledgers:
            for line, row in ledger.expected["rows"].items():
                yield f"{ledger.path.name} {line}", row

    def test_twenty_ledgers_of_fifteen_to_sixty_rows(self):
        self.assertEqual(len(self.ledgers), 20)
        for ledger in self.ledgers:
            with self.subTest(ledger.path.name):
                self.assertLessEqual(15, len(ledger.expected["rows"]))
                self.assertLessEqual(len(ledger.expected["rows"]), 60)

    def test_each_habit_is_in_three_ledgers(self):
        for habit, check in HABITS.items():
            with self.subTest(habit):
                having = [ledger.path.name for ledger in self.ledgers if check(ledger)]
                self.assertGreaterEqual(len(having), 3, having)

    def test_every_line_is_a_row_or_said_to_be_none(self):
        for ledger in self.ledgers:
            with self.subTest(ledger.path.name):
                rows, others = ledger.expected["rows"], ledger.expected["not_data"]
                self.assertFalse(rows.keys() & others.keys())
                self.assertEqual(
                    sorted(map(int, [*rows, *others])), list(range(1, len(ledger.lines) + 1))
                )
                for line, kind in others.items():
                    filled = any(value not in (None, "") for value in ledger.lines[int(line) - 1])
                    self.assertEqual(filled, kind != "empty", line)

    def test_few_rows_are_refused(self):
        rows = [row for _line, row in self.rows()]
        refused = [row for row in rows if "refused" in row]
        self.assertTrue(refused)
        self.assertLess(len(refused), len(rows) / 100)

    def test_telephones_and_tax_numbers_are_well_formed(self):
        for line, row in self.rows():
            if row.get("tax_id"):
                self.assertTrue(uscc.is_valid(row["tax_id"]), line)
            for contact in row.get("contacts", ()):
                for number in contact["mobiles"] + contact["landlines"]:
                    parsed = phonenumbers.parse(number, "CN")
                    self.assertTrue(phonenumbers.is_valid_number(parsed), f"{line}: {number}")

    def test_what_is_expected_is_in_canonical_writing(self):
        seen = set()
        for line, row in self.rows():
            if "refused" in row:
                continue
            with self.subTest(line):
                self.assertIn(row["product"], facts.PRODUCTS)
                self.assertIn(row["specialist"], ["", *facts.PEOPLE])
                for text in (row["customer"], row["tax_id"], *row["serials"]):
                    self.assertEqual(text, writing.plain(text))
                for serial in row["serials"]:
                    self.assertEqual(serial, serial.upper())
                    self.assertNotIn(serial, seen)
                    seen.add(serial)
                if row["from"] and row["to"]:
                    self.assertLess(date.fromisoformat(row["from"]), date.fromisoformat(row["to"]))

    def test_every_customer_has_one_name_in_its_ledger(self):
        for ledger in self.ledgers:
            names = {
                row["customer"] for row in ledger.expected["rows"].values() if "customer" in row
            }
            short = {re.sub("(股份)?有限(责任)?公司$", "", name) for name in names}
            self.assertEqual(len(short), len(names), ledger.path.name)

    def test_days_after_a_gift_are_counted_from_the_first_day_without_service(self):
        self.assertEqual(facts.months_later(date(2026, 2, 28), 3), date(2026, 5, 31))
        self.assertEqual(facts.months_later(date(2026, 3, 14), 3), date(2026, 6, 14))
        self.assertEqual(facts.last_of_month(date(2028, 2, 3)), date(2028, 2, 29))

    def test_the_makers_plan_is_what_lies_here(self):
        """Who changes a plan makes the files anew."""
        self.assertTrue(callable(make.main))
        self.assertEqual(
            [plan["name"] for plan in PLANS], [ledger.path.stem for ledger in self.ledgers]
        )
        for ledger in self.ledgers:
            for line, row in ledger.expected["rows"].items():
                said = unicodedata.normalize("NFKC", str(row.get("customer", "")))
                self.assertTrue(said or "refused" in row, line)
