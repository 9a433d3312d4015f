"""Where in a sheet the table is: its header, its rows, and what stands around them. No model is in here."""

import re
from collections import Counter
from dataclasses import dataclass, field

from ...tools.keys import plain
from ...tools.sheets import Broken
from .kinds import (
    AGREEMENTS,
    EXAMPLES,
    KINDS,
    OF_CONTACTS,
    OF_CUSTOMER,
    OF_SOFTWARE,
    OPENED,
    SEVERAL,
    TICKETS,
    find_key,
    title_key,
)

# rows in which the header is looked for
FIRST_ROWS = 40
SUM = re.compile(
    r"(?:本页|本月|本年|全部|以上)?(?:合计|总计|小计|共计|总合计|累计|汇总|平均)(?:[(（].*)?[:：]?(?:\d.*)?"
)
NOTE = re.compile(
    r"(?:备注|注|说明|注意|填表|填表人|制表|制表人|制单|制单人|审核|审核人|统计|统计人|打印|编制|单位负责人|填报|填报人|复核|日期|注释|附注)\d*\s*[:：]"
    r"|※|\*{1,3}\S|以上|本表|共\s*\d+\s*(?:户|家|条|行|页)|第\s*\d+\s*页|\d+[.、]\s*\S{12,}"
)


@dataclass
class Column:
    """A column of the table: its place, its title, what it holds, and the number of the contact it belongs to."""

    place: int
    title: str
    key: str = ""
    function: str = ""
    contact: int = 0
    hidden: bool = False


@dataclass
class Line:
    """A row of the table: its number in the file, its cells by place, and whether it is hidden."""

    number: int
    cells: list
    hidden: bool = False

    def get(self, place):
        """:return: the cell at a place, ``None`` where the row is shorter"""
        return self.cells[place] if place < len(self.cells) else None


@dataclass
class Table:
    """What was found in a sheet."""

    kind: str
    sheet: object
    header: list
    columns: list
    # names of all sheets of the file that people see
    names: list = field(default_factory=list)
    lines: list = field(default_factory=list)
    # numbers of rows that are no data: title, header, sum, note, example, empty
    skipped: dict = field(default_factory=dict)

    def find(self, key):
        """:return: the columns that hold something, a list"""
        return [column for column in self.columns if column.key == key]


def _text(cell):
    return "" if cell is None or isinstance(cell, Broken) else " ".join(plain(cell).split())


def find_table(sheet, people=(), products=(), kind=None):
    """The table of a sheet.

    :param Sheet sheet: the sheet
    :param people: names of colleagues, by which columns are told that may hold either them or contacts
    :param products: keys of the names of software, by which the column of the software is told
    :param str kind: code of the kind, where it is known
    :return: ``None`` when there is none
    :rtype: Table | None
    """
    best, most = None, (0, 0)
    kinds = (kind,) if kind else KINDS
    rows = [row for row in sheet.rows[:FIRST_ROWS] if not row.is_empty()]
    for place, row in enumerate(rows):
        for height in (1, 2):
            if place + height > len(rows) or (
                height == 2 and rows[place + 1].number != row.number + 1
            ):
                continue
            header = rows[place : place + height]
            titles = _join_titles(header)
            for code in kinds:
                columns = _find_columns(code, titles, sheet)
                score = _score(code, columns, titles, header)
                if score > most:
                    best, most = (code, header, columns), score
    if best is None:
        return None
    code, header, columns = best
    table = Table(code, sheet, [row.number for row in header], columns)
    _sort_lines(table, header)
    _decide_either(table, people)
    _decide_software(table, products)
    _decide_begin(table)
    tell_contacts(table)
    _fill_down(table)
    return table


def _join_titles(header):
    """:return: pairs of the title of each column and of its group"""
    width = max(len(row.cells) for row in header)
    texts = [
        [_text(row.cells[at]) if at < len(row.cells) else "" for at in range(width)]
        for row in header
    ]
    if len(texts) == 1:
        return [(title, "") for title in texts[0]]
    titles, group = [], ""
    for upper, lower in zip(*texts, strict=True):
        group = upper or group
        if lower and lower != upper:
            titles.append((lower, group))
        else:
            # one title over both rows
            titles.append((upper, ""))
    return titles


def _find_columns(code, titles, sheet):
    columns, seen = [], set()
    for place, (title, group) in enumerate(titles):
        column = Column(place, f"{group} {title}" if group and group != title else title)
        column.hidden = place in sheet.hidden_columns
        found = find_key(code, title, group) if title else None
        # a title that is merged over several columns names the first of them
        again = place and title == titles[place - 1][0] and group == titles[place - 1][1]
        if found and not again:
            key, function = found
            if key in seen and key not in SEVERAL | {"either"}:
                key = ""
            column.key, column.function = key, function
            seen.add(key)
        columns.append(column)
    return columns


def _score(code, columns, titles, header):
    """:return: how well rows fit as the header of a kind; zero where they are none"""
    keys = Counter(column.key for column in columns if column.key)
    if any(need not in keys for need in KINDS[code].needs) or len(keys) < 2:
        return 0, 0
    marks = sum(mark in keys for mark in KINDS[code].marks)
    if KINDS[code].marks and not marks:
        return 0, 0
    # a ledger may name the number of a contract, too
    if code == AGREEMENTS and not keys.keys() & {"from", "to", "period"}:
        return 0, 0
    if code == TICKETS and "number" in keys and keys.keys() & {"from", "to", "period", "signed_on"}:
        return 0, 0
    texts = [_text(cell) for row in header for cell in row.cells]
    values = sum(bool(re.search(r"\d{4}", text)) or len(text) > 24 for text in texts if text)
    named = sum(bool(title) for title, _group in titles)
    if values > len(keys) // 2:
        return 0, 0
    unknown = named - sum(
        find_key(code, title, group) is not None for title, group in titles if title
    )
    told = sum(bool(column.function) for column in columns)
    # of two ways to read the header the simpler one
    return len(keys) * 2 + marks + told * 0.25 - unknown * 0.5, -len(header)


# === Rows === #


def _sort_lines(table, header):
    """Tell the rows of the table from titles, sums, notes and empty rows."""
    titles = [[_text(cell) for cell in row.cells] for row in header]
    last = table.header[-1]
    used = [column.place for column in table.columns if column.key]
    for row in table.sheet.rows:
        number = str(row.number)
        if row.number in table.header:
            table.skipped[number] = "header"
        elif row.is_empty():
            table.skipped[number] = "empty"
        elif row.number < table.header[0]:
            table.skipped[number] = "title"
        elif row.number > last:
            line = Line(row.number, list(row.cells), row.hidden)
            texts = [_text(cell) for cell in row.cells]
            kind = _get_odd_kind(texts, titles, used, line)
            if kind:
                table.skipped[number] = kind
            else:
                table.lines.append(line)


def _get_odd_kind(texts, titles, used, line):
    """:return: what a row is that is no row of the table, ``""`` for one that is"""
    if any(texts == title[: len(texts)] or texts[: len(title)] == title for title in titles):
        return "header"
    given = [text for text in texts if text]
    first = given[0].replace(" ", "") if given else ""
    broken = any(isinstance(cell, Broken) for cell in line.cells)
    if any(SUM.fullmatch(text.replace(" ", "")) for text in given[:2]) and len(given) <= max(
        4, len(used) // 2 + 1
    ):
        return "sum"
    if len(set(given)) == 1 and not broken:
        # one text, or one that is merged over the whole width
        wide = len(given) > 2
        if wide or NOTE.match(given[0]) or len(first) > 40 or re.search("[。；]", first):
            return "note"
    if given and NOTE.match(given[0]) and len(given) <= 3:
        return "note"
    if not broken and not any(line.get(place) is not None for place in used):
        return "empty"
    if EXAMPLES & set(given):
        return "example"
    return ""


def _decide_either(table, people):
    """Columns whose title means a colleague or a contact: the names in them tell."""
    for column in table.find("either"):
        names = [_text(line.get(column.place)).replace(" ", "") for line in table.lines]
        names = [name for name in names if name]
        ours = sum(name in people for name in names)
        if names and ours * 2 >= len(names):
            column.key = "" if table.find("specialist") else "specialist"
        else:
            column.key = "contact"


def _decide_software(table, products):
    """Without a column of the software it is the one of the version, or one that holds names of software."""
    if table.find("product"):
        return
    for column in table.columns:
        if column.key not in ("version", "") or not column.title:
            continue
        names = [product_key(line.get(column.place)) for line in table.lines]
        names = [name for name in names if name]
        if names and sum(name in products for name in names) * 2 >= len(names):
            column.key = "product"
            return
    for column in table.find("version"):
        column.key = "product"


def product_key(value):
    """A name of software without blanks and width, by which it is found.

    :rtype: str
    """
    return "".join(_text(value).split()).casefold()


def _decide_begin(table):
    """The day of opening is the first day of the service where no other column has it, else the installation."""
    if table.find("from") or not table.find("to"):
        return
    for column in table.find("installed"):
        if title_key(column.title) in OPENED:
            column.key = "from"


def tell_contacts(table):
    """Give each column of contacts the number of the contact it belongs to: the one before it, else the first."""
    number, named = 0, False
    for column in table.columns:
        if column.key == "contact":
            number += named
            named = True
        if column.key in OF_CONTACTS:
            column.contact = number


def _fill_down(table):
    """Rows without a customer belong to the customer of the row above, as in merged cells that became empty ones."""
    customer = {column.place for key in ("customer", "tax_id") for column in table.find(key)}
    theirs = {column.place for column in table.columns if column.key in OF_CUSTOMER}
    software = {column.place for column in table.columns if column.key in OF_SOFTWARE}
    above = None
    for line in table.lines:
        if any(_filled(line, place) for place in customer):
            above = line
        elif above is not None and any(_filled(line, place) for place in software):
            for place in theirs:
                if not _filled(line, place) and above.get(place) is not None:
                    line.cells.extend([None] * (place + 1 - len(line.cells)))
                    line.cells[place] = above.get(place)


def _filled(line, place):
    cell = line.get(place)
    return isinstance(cell, Broken) or bool(_text(cell))
