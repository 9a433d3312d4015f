"""One ledger: its rows with the habits of who keeps it, written as a file, and what is expected of each row."""

import csv
import io
import json
from datetime import date
from pathlib import Path

import openpyxl
import xlwt
from openpyxl.styles import Alignment, Font, PatternFill

from . import writing
from .facts import PEOPLE, PRODUCTS, Contact, last_of_month, months_later

HERE = Path(__file__).parent
# columns written once for a customer that has several rows
OF_CUSTOMER = {
    "no", "customer", "tax_id", "area", "address", "contact", "phone", "mobile", "landline", "qq", "specialist",
    "contact2", "phone2",
}  # fmt: skip
NONE_WORDS = ("无", "暂无", "没有", "/", "-", "N/A", "——")
COLOURS = {"red": "FFFF9999", "yellow": "FFFFFF99", "green": "FFCCFFCC"}
XLS_COLOURS = {"red": "rose", "yellow": "light_yellow", "green": "light_green"}


class Book:
    """A ledger in the making.

    :param facts.World world: makes customers
    :param dict plan: an entry of ``plans.PLANS``
    """

    def __init__(self, world, plan):
        self.world, self.plan = world, plan
        self.habits = set(plan.get("habits", ()))
        self.rows, self.lines, self.expected, self.skipped = [], [], {}, {}
        self.keys = [key for _title, key in plan["columns"]]

    # === Facts === #

    def fill(self):
        """Make the customers and what is true of them, then let the habits loose."""
        count, several = self.plan["rows"], self.plan.get("merged", 0)
        while len(self.rows) < count:
            customer = self.world.customer(rare=len(self.rows) < self.plan.get("rare", 0))
            if "contact2" in self.keys and self.world.random.random() < 0.7:
                customer.contacts.append(self.world.contact("0571", "财务负责人"))
            first = self.world.row(customer)
            self.rows.append(first)
            if several and len(self.rows) > 2:
                several -= 1
                taken = {first.product}
                for _number in range(self.world.pick((1, 1, 2))):
                    row = self.world.row(customer, taken)
                    taken.add(row.product)
                    row.follows, row.remark, row.contacts = True, "", []
                    if self.plan.get("merged_period"):
                        row.start, row.end = first.start, first.end
                    self.rows.append(row)
        self.free = [
            row
            for number, row in enumerate(self.rows)
            if not row.follows
            and not (number + 1 < len(self.rows) and self.rows[number + 1].follows)
        ]
        self.world.random.shuffle(self.free)
        for habit in HABITS:
            if habit in self.plan:
                getattr(self, f"_do_{habit}")(self.plan[habit])

    def take(self, count):
        """Rows with no other particular habit."""
        return [self.free.pop() for _number in range(count)]

    def _do_twice(self, count):
        for row in self.take(count):
            again = self.world.row(row.customer, {row.product})
            again.remark = ""
            short = (
                row.customer.name.replace("股份", "")
                .replace("有限责任公司", "")
                .replace("有限公司", "")
            )
            self.rows.insert(self.world.random.randint(0, len(self.rows)), again)
            # a row that follows belongs to the one above
            at = self.rows.index(again)
            while at < len(self.rows) - 1 and self.rows[at + 1].follows:
                self.rows[at], self.rows[at + 1] = self.rows[at + 1], self.rows[at]
                at += 1
            self.world.pick((row, again)).cells["customer"] = short
            if "tax_id" in self.keys:
                again.cells["tax_id"] = ""

    def _do_changed(self, count):
        for row in self.take(count):
            again = self.world.row(row.customer, {row.product})
            code = next(iter(row.customer.contacts[0].landlines), "0571-").split("-")[0]
            again.contacts = [self.world.contact(code)]
            again.remark = f"原联系人{row.customer.contacts[0].name}已离职"
            self.rows.append(again)

    def _do_broken(self, kinds):
        for row, kind in zip(self.take(len(kinds)), kinds, strict=True):
            number = 8_812_304_500_000_000 + self.world.next_number() * 1000 + 7
            row.serials, row.refused = [], kind
            row.cells["serial"] = {
                "scientific": f"{number:.5E}",
                # as a number: shown as 8.8123E+15, its last digits are gone
                "rounded": number // 1000 * 1000,
                "date": "5月3日",
                "error": "#N/A",
            }[kind]

    def _do_several_serials(self, count):
        for row, between in zip(self.take(count), ("/", "、", "\n", ",", "；") * 2, strict=False):
            row.serials += [self.world.serial() for _number in range(self.world.pick((1, 1, 2)))]
            if between == "\n" and self.plan["kind"] in ("csv", "tsv"):
                between = " / "
            row.cells["serial"] = between.join(row.serials)

    def _do_two_phones(self, count):
        for row, between in zip(
            self.take(count), ("/", "、", " ", "\n", ";", "，") * 2, strict=False
        ):
            contact = row.customer.contacts[0]
            contact.mobiles += [self.world.mobile() for _number in range(2 - len(contact.phones))]
            if between == "\n" and self.plan["kind"] in ("csv", "tsv"):
                between = "/"
            key = "phone" if "phone" in self.keys else "mobile"
            numbers = contact.phones if key == "phone" else contact.mobiles
            if key == "mobile" and len(numbers) < 2:
                numbers.append(self.world.mobile())
            row.cells[key] = between.join(numbers)

    def _do_forever(self, count):
        for row in self.take(count):
            if "from" in self.keys:
                row.cells["from"] = writing.day(row.start, self.plan["dates"]["from"])
            self._write_end(row, "永久")
            row.start = row.end = None
            row.kept.append("永久")

    def _do_gift(self, count):
        for row, words in zip(
            self.take(count), ("赠送三个月", "(赠送3个月)", "+赠送三个月") * 3, strict=False
        ):
            self._write_end(row, None, words)
            row.end = months_later(row.end, 3)

    def _write_end(self, row, instead, after=""):
        """Write another end of the period than a day."""
        if "period" in self.keys:
            style, between = writing.PERIODS[self.plan["period"]]
            end = instead or writing.day(row.end, style)
            row.cells["period"] = writing.day(row.start, style) + between + end + after
        else:
            style = self.plan["dates"]["to"]
            style = "dots" if style in ("date", "number") else style
            row.cells["to"] = (instead or writing.day(row.end, style)) + after

    def _do_renewed(self, count):
        for row in self.take(count):
            paid = writing.day(row.start, "dots")
            row.remark = self.world.pick(
                (f"{paid}续费一年", "已续费", "续费中，待付款", "明年不续费", "续费找老板")
            )

    def _do_renewed_until(self, count):
        for row in self.take(count):
            before = row.end
            row.end = months_later(before, 12)
            row.remark = "已续费至" + writing.day(row.end, self.world.pick(("dots", "chinese")))
            row.cells["to" if "to" in self.keys else "period"] = (
                writing.day(before, self.plan["dates"]["to"])
                if "to" in self.keys
                else writing.period(row.start, before, self.plan["period"])
            )

    def _do_month(self, count):
        for row in self.take(count):
            row.end = last_of_month(row.end)
            row.cells["to"] = writing.day(row.end, "month")
            if "from" in self.keys:
                row.start = row.start.replace(day=1)
                row.cells["from"] = writing.day(row.start, "month")

    def _do_none(self, count):
        for number, row in enumerate(self.take(count)):
            word = NONE_WORDS[number % len(NONE_WORDS)]
            row.serials, row.cells["serial"] = [], word
            if number % 2 and "qq" in self.keys:
                row.customer.contacts[0].qq, row.cells["qq"] = "", "无"
            if number % 3 == 2:
                row.start = row.end = None

    def _do_blank(self, count):
        """Rows of which little is known."""
        for row in self.take(count):
            row.serials, row.start, row.end, row.installed, row.remark = [], None, None, None, ""
            row.customer.contacts[0].qq = ""

    def _do_wide(self, count):
        for number, row in enumerate(self.take(count)):
            row.cells["serial"] = writing.full_width(row.serials[0])
            key = "phone" if "phone" in self.keys else "mobile"
            if key == "mobile" and not row.customer.contacts[0].mobiles:
                row.customer.contacts[0].mobiles.append(self.world.mobile())
            numbers = (
                row.customer.contacts[0].phones
                if key == "phone"
                else row.customer.contacts[0].mobiles
            )
            row.cells[key] = writing.full_width("/".join(numbers))
            if number % 2 and "to" in self.keys:
                row.cells["to"] = writing.day(row.end, "wide")
            if "tax_id" in self.keys:
                row.cells["tax_id"] = writing.full_width(row.customer.tax_id)

    def _do_spaces(self, count):
        for number, row in enumerate(self.take(count)):
            row.cells["customer"] = writing.spaced(row.customer.name, number)
            contact = "contact"
            row.cells[contact] = writing.spaced(row.customer.contacts[0].name, number + 1)

    def _do_products(self, count):
        for number, row in enumerate(self.take(count)):
            row.cells["product"] = writing.product(PRODUCTS[row.product], number)
            if row.serials:
                row.cells["serial"] = writing.serial(row.serials[0], number + 1)

    def _do_phones(self, count):
        for number, row in enumerate(self.take(count)):
            key = "phone" if "phone" in self.keys else "mobile"
            numbers = (
                row.customer.contacts[0].phones
                if key == "phone"
                else row.customer.contacts[0].mobiles
            )
            if numbers:
                row.cells[key] = writing.phone(numbers[0], number + 1)

    def _do_hidden_rows(self, count):
        for row in self.take(count):
            row.hidden = True

    def _do_colours(self, colours):
        for row, colour in zip(self.take(3 * len(colours)), list(colours) * 3, strict=True):
            row.colour = colour

    # === Lines of the file === #

    def lay_out(self):
        """Put title, headers, rows, empty lines, sum and notes one below the other."""
        plan, width = self.plan, len(self.keys)
        for title in plan.get("titles", ()):
            self._add("title", [title] + [""] * (width - 1))
        if plan.get("groups"):
            self._add("header", list(plan["groups"]))
        self._add("header", [title for title, _key in plan["columns"]])
        empty = set(self.world.random.sample(range(4, len(self.rows)), plan.get("empty", 0)))
        subtotal, number = plan.get("subtotal"), 0
        for position, row in enumerate(self.rows):
            if position in empty and not row.follows:
                self._add("empty", [""] * width)
            if subtotal and position == subtotal and not row.follows:
                self._add("sum", self._sum("小计"))
            number += not row.follows
            self._add_row(row, number)
        if plan.get("sum"):
            self._add("sum", self._sum(plan["sum"]))
        for note in plan.get("notes", ()):
            if note is None:
                self._add("empty", [""] * width)
            else:
                self._add("note", [note] + [""] * (width - 1))

    def _sum(self, word):
        line = [""] * len(self.keys)
        line[self.plan.get("sum_at", 0)] = word
        if "fee" in self.keys:
            line[self.keys.index("fee")] = 1200 * len(self.rows)
        elif len(line) > 3:
            line[2] = f"{len(self.rows)}户"
        return line

    def _add(self, kind, cells, row=None):
        self.lines.append((kind, cells, row))
        number = len(self.lines)
        if kind != "data":
            self.skipped[str(number)] = kind
        return number

    def _add_row(self, row, number):
        cells = []
        for key in self.keys:
            if (
                row.follows
                and key in OF_CUSTOMER
                or row.follows
                and self.plan.get("merged_period")
                and key in ("from", "to", "period")
            ):
                cells.append("")
            else:
                cells.append(
                    row.cells.get(key, None) if key in row.cells else self._cell(row, key, number)
                )
        line = self._add("data", cells, row)
        self.expected[str(line)] = {"refused": row.refused} if row.refused else self._expect(row)

    def _cell(self, row, key, number):
        contacts = row.customer.contacts if row.contacts is None else row.contacts
        first, second = (contacts + [Contact("")] * 2)[:2]
        if key in ("from", "to", "installed"):
            value = {"from": row.start, "to": row.end, "installed": row.installed}[key]
            return writing.day(value, self.plan["dates"][key])
        values = {
            "no": number,
            "customer": row.customer.name,
            "tax_id": row.customer.tax_id,
            "area": row.customer.area,
            "address": row.customer.address,
            "contact": first.name,
            "phone": "/".join(first.phones),
            "mobile": "/".join(first.mobiles),
            "landline": "/".join(first.landlines),
            "qq": first.qq,
            "contact2": second.name,
            "phone2": "/".join(second.phones),
            "product": PRODUCTS[row.product],
            "version": row.version,
            "serial": "/".join(row.serials),
            "specialist": PEOPLE[row.customer.specialist],
            "fee": 1200,
            "invoice": "已开",
            "remark": row.remark,
        }
        if key == "period":
            return writing.period(row.start, row.end, self.plan["period"])
        value = values[key]
        as_number = self.plan.get("numbers", ())
        if key in as_number and isinstance(value, str) and value.isdigit() and value[0] != "0":
            return int(value)
        return value

    def _expect(self, row):
        """What the row means, whoever reads it."""
        has = set(self.keys).__contains__
        contacts = row.customer.contacts if row.contacts is None else row.contacts
        shown = contacts[: 2 if has("contact2") else 1]
        return {
            "customer": row.customer.name,
            "tax_id": row.customer.tax_id if has("tax_id") else "",
            "area": row.customer.area if has("area") else "",
            "address": row.customer.address if has("address") else "",
            "contacts": [self._expect_contact(contact) for contact in shown],
            "product": row.product,
            "version": row.version if has("version") else "",
            "serials": row.serials,
            "from": say(row.start if has("from") or has("period") else None),
            "to": say(row.end),
            "installed": say(row.installed if has("installed") else None),
            "specialist": row.customer.specialist if has("specialist") else "",
            "remark": row.remark if has("remark") else "",
            "kept": row.kept,
        }

    def _expect_contact(self, contact):
        first = not contact.function
        has_phone = not first or "phone" in self.keys
        return {
            "name": contact.name,
            "function": contact.function or self.plan.get("function", ""),
            "mobiles": contact.mobiles if has_phone or "mobile" in self.keys else [],
            "landlines": contact.landlines if has_phone or "landline" in self.keys else [],
            "qq": contact.qq if first and "qq" in self.keys else "",
        }

    # === Files === #

    def make(self):
        """Write the file and what is expected of it."""
        plan = self.plan
        ending = {"tsv": plan.get("ending", "tsv")}.get(plan["kind"], plan["kind"])
        name = f"{plan['name']}.{ending}"
        {"xlsx": self._write_xlsx, "xls": self._write_xls}.get(plan["kind"], self._write_text)(
            HERE / name
        )
        answer = {
            "file": name,
            "kept_by": plan["titles"][0] if plan.get("titles") else plan["name"],
            "encoding": plan.get("encoding", ""),
            "sheet": plan.get("sheet", ""),
            "header": [int(line) for line, kind in self.skipped.items() if kind == "header"],
            "not_data": self.skipped,
            "rows": self.expected,
        }
        text = json.dumps(answer, ensure_ascii=False, indent=None, separators=(",", ":"))
        # a line for each row: differences can be read
        text = (
            text.replace('"rows":{', '"rows":{\n')
            .replace('},"', '},\n"')
            .replace('"not_data"', '\n"not_data"')
        )
        (HERE / "expected" / f"{plan['name']}.json").write_text(text + "\n", encoding="utf-8")

    def _write_text(self, path):
        out = io.StringIO(newline="")
        writer = csv.writer(
            out, delimiter="\t" if self.plan["kind"] == "tsv" else ",", lineterminator="\r\n"
        )
        for _kind, cells, _row in self.lines:
            writer.writerow(cells)
        path.write_bytes(out.getvalue().encode(self.plan["encoding"]))

    def _blocks(self):
        """Blocks of merged cells: first line, last line (from 0), column.

        :rtype: list[tuple]
        """
        found, start = [], None
        for line, (_kind, _cells, row) in enumerate([*self.lines, ("end", [], None)]):
            if row is not None and row.follows:
                start = line - 1 if start is None else start
            elif start is not None:
                found.append((start, line - 1))
                start = None
        with_period = ("from", "to", "period") if self.plan.get("merged_period") else ()
        return [
            (first, last, column)
            for first, last in found
            for column, key in enumerate(self.keys)
            if key in OF_CUSTOMER or key in with_period
        ]

    def _wide_blocks(self):
        """Merged titles and headers of groups: line, first column, last column (from 0)."""
        for line, (kind, cells, _row) in enumerate(self.lines):
            if kind in ("title", "note"):
                yield line, 0, len(self.keys) - 1
            if kind == "header" and self.plan.get("groups") and line + 1 < len(self.lines):
                if self.lines[line + 1][0] != "header":
                    continue
                starts = [column for column, text in enumerate(cells) if text] + [len(cells)]
                for first, after in zip(starts, starts[1:], strict=False):
                    if after - first > 1:
                        yield line, first, after - 1

    def _write_xlsx(self, path):
        book = openpyxl.Workbook()
        sheet = book.active
        sheet.title = self.plan["sheet"]
        for line, (kind, cells, row) in enumerate(self.lines, 1):
            for column, value in enumerate(cells, 1):
                cell = sheet.cell(line, column, None if value == "" else value)
                if isinstance(value, date):
                    cell.number_format = "yyyy/m/d"
                if value == "#N/A":
                    cell.data_type = "e"
                if row is not None and row.colour:
                    cell.fill = PatternFill("solid", fgColor=COLOURS[row.colour])
            if kind == "title":
                sheet.cell(line, 1).font = Font(bold=True, size=16)
                sheet.cell(line, 1).alignment = Alignment(horizontal="center")
            sheet.row_dimensions[line].hidden = bool(row is not None and row.hidden)
        for first, last, column in self._blocks():
            sheet.merge_cells(
                start_row=first + 1,
                end_row=last + 1,
                start_column=column + 1,
                end_column=column + 1,
            )
        for line, first, last in self._wide_blocks():
            sheet.merge_cells(
                start_row=line + 1, end_row=line + 1, start_column=first + 1, end_column=last + 1
            )
        for key in self.plan.get("hidden_columns", ()):
            letter = openpyxl.utils.get_column_letter(self.keys.index(key) + 1)
            sheet.column_dimensions[letter].hidden = True
        for title, rows, hidden, first in self.plan.get("sheets", ()):
            other = book.create_sheet(title, 0 if first else None)
            for cells in rows:
                other.append(cells)
            other.sheet_state = "hidden" if hidden else "visible"
        book.active = book.sheetnames.index(self.plan["sheet"])
        book.save(path)

    def _write_xls(self, path):
        book = xlwt.Workbook(encoding="utf-8")
        others = self.plan.get("sheets", ())
        for title, rows, hidden, _first in [other for other in others if other[3]]:
            self._write_other(book, title, rows, hidden)
        sheet = book.add_sheet(self.plan["sheet"], cell_overwrite_ok=True)
        days = xlwt.easyxf(num_format_str="yyyy-m-d")
        for line, (_kind, cells, row) in enumerate(self.lines):
            for column, value in enumerate(cells):
                if value == "":
                    continue
                style = days if isinstance(value, date) else xlwt.Style.default_style
                if row is not None and row.colour:
                    style = xlwt.easyxf(
                        f"pattern: pattern solid, fore_colour {XLS_COLOURS[row.colour]}",
                        num_format_str="yyyy-m-d" if isinstance(value, date) else "General",
                    )
                sheet.write(line, column, value, style)
            sheet.row(line).hidden = bool(row is not None and row.hidden)
        for first, last, column in self._blocks():
            sheet.merge(first, last, column, column)
        for line, first, last in self._wide_blocks():
            sheet.merge(line, line, first, last)
        for key in self.plan.get("hidden_columns", ()):
            sheet.col(self.keys.index(key)).hidden = True
        for title, rows, hidden, _first in [other for other in others if not other[3]]:
            self._write_other(book, title, rows, hidden)
        book.active_sheet = len([other for other in others if other[3]])
        book.save(str(path))

    def _write_other(self, book, title, rows, hidden):
        sheet = book.add_sheet(title)
        for line, cells in enumerate(rows):
            for column, value in enumerate(cells):
                sheet.write(line, column, value)
        sheet.visibility = int(hidden)


def say(value):
    """A day in the expected rows, empty where none is given."""
    return value.isoformat() if value else ""


# in this order: those that add rows first
HABITS = (
    "twice", "changed", "broken", "several_serials", "two_phones", "forever", "gift", "renewed_until", "renewed",
    "month", "none", "blank", "wide", "spaces", "products", "phones", "hidden_rows", "colours",
)  # fmt: skip
