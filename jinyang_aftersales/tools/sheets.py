"""Tables of other programs: XLSX, XLS and CSV, read as they are, with what a person sees in them.

Every cell keeps its type. Rows keep their number in the file, and whether they are hidden; cells that are merged hold
the value of the first of them. Formulas are never computed: the value that the file holds is taken. Nothing in a file
is run, looked up elsewhere or unfolded beyond the limits below.
"""

import csv
import datetime
import io
import re
import zipfile
from dataclasses import dataclass, field

import xlrd
from lxml import etree
from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format
from openpyxl.utils.datetime import CALENDAR_MAC_1904, WINDOWS_EPOCH, from_excel

from .charsets import decode_text

MAX_BYTES = 20 * 1024 * 1024
# bytes of all parts of a workbook once they are unpacked
MAX_UNPACKED = 300 * 1024 * 1024
MAX_ROWS = 50_000
MAX_COLUMNS = 200
MAX_CELL = 32_767
# rows below the last one with content, which programs count as part of the table
MAX_EMPTY = 5_000
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# the stream in which Office keeps an encrypted workbook, in UTF-16
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
SEPARATORS = ",;\t|"


class SheetError(ValueError):
    """A file that cannot be read; ``code`` says why, ``values`` what the message names."""

    def __init__(self, code, **values):
        super().__init__(code)
        self.code = code
        self.values = values


@dataclass(frozen=True)
class Broken:
    """A cell whose value is not there: an error of Excel, or a formula that was never computed."""

    text: str

    def __str__(self):
        return self.text


@dataclass
class Row:
    """One row: its number in the file from 1, its cells, and whether it is hidden."""

    number: int
    cells: list
    hidden: bool = False

    def is_empty(self):
        """:return: whether no cell has content"""
        return not any(cell is not None and str(cell).strip() for cell in self.cells)


@dataclass
class Sheet:
    """One table: its rows, hidden columns, and merged ranges (first row, last row, first column, last column)."""

    name: str
    rows: list = field(default_factory=list)
    hidden: bool = False
    hidden_columns: set = field(default_factory=set)
    merged: list = field(default_factory=list)


def read_sheets(raw):
    """The tables of a file, by its content and whatever its name says.

    :param bytes raw: the content
    :rtype: list[Sheet]
    :raises SheetError: when it cannot be read
    """
    if not raw:
        raise SheetError("empty")
    if len(raw) > MAX_BYTES:
        raise SheetError("large", size=MAX_BYTES // 1024**2)
    if raw.startswith(OLE):
        if ENCRYPTED in raw:
            raise SheetError("password")
        sheets = _read_xls(raw)
    elif raw.startswith(b"PK"):
        sheets = _Workbook(raw).read_sheets()
    elif re.match(
        rb"\s*(?:\xef\xbb\xbf)?\s*<(?:!doctype|html|\?xml|table|meta)", raw[:200], re.IGNORECASE
    ):
        raise SheetError("page")
    elif (
        b"\0" in raw[:1000]
        and not raw.startswith((b"\xff\xfe", b"\xfe\xff"))
        or raw.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"Rar!", b"7z\xbc\xaf"))
    ):
        raise SheetError("kind")
    else:
        sheets = [_read_csv(raw)]
    for sheet in sheets:
        _fill_merged(sheet)
        if sum(not row.is_empty() for row in sheet.rows) > MAX_ROWS:
            raise SheetError("rows", count=MAX_ROWS)
    return sheets


def _fill_merged(sheet):
    """Give all cells of a merged range the value of the first one."""
    rows = {row.number: row for row in sheet.rows}
    for first, last, left, right in sheet.merged:
        if last - first > MAX_ROWS or right - left > MAX_COLUMNS:
            continue
        top = rows.get(first)
        value = top.cells[left] if top and left < len(top.cells) else None
        if value is None:
            continue
        for number in range(first, last + 1):
            row = rows.get(number)
            if row is None:
                continue
            row.cells.extend([None] * (min(right, MAX_COLUMNS - 1) + 1 - len(row.cells)))
            for column in range(left, min(right, MAX_COLUMNS - 1) + 1):
                row.cells[column] = value


def _number(value):
    """:return: a whole number as int, any other as it is"""
    return int(value) if value == int(value) and abs(value) < 1e15 else value


# === CSV === #


def _read_csv(raw):
    text, readable = decode_text(raw)
    if not readable:
        raise SheetError("charset")
    separator = _find_separator(text)
    sheet = Sheet("CSV")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    number, before = 0, 0
    try:
        for cells in reader:
            number = before + 1
            before = reader.line_num
            if len(sheet.rows) > MAX_ROWS + 100:
                raise SheetError("rows", count=MAX_ROWS)
            sheet.rows.append(
                Row(number, [cell if cell.strip() else None for cell in cells[:MAX_COLUMNS]])
            )
    except csv.Error as error:
        # the quotation mark that is open was opened in the row after the last whole one
        raise SheetError("quote", row=before + 1) from error
    return sheet


def _find_separator(text):
    """:return: the separator that the first lines have most, and each as often as the others"""
    lines = [line for line in text.splitlines()[:30] if line.strip()]
    counts = {sign: sorted(line.count(sign) for line in lines) for sign in SEPARATORS}
    return max(counts, key=lambda sign: counts[sign][len(lines) // 2] if lines else 0)


# === XLS === #


def _read_xls(raw):
    try:
        # only with the formats it knows merged cells and hidden rows
        book = xlrd.open_workbook(file_contents=raw, formatting_info=True, logfile=io.StringIO())
    except xlrd.XLRDError as error:
        raise SheetError("password" if "encrypted" in str(error) else "kind") from error
    except Exception as error:
        raise SheetError("damaged") from error
    sheets = []
    for table in book.sheets():
        if table.nrows > MAX_ROWS + MAX_EMPTY:
            raise SheetError("rows", count=MAX_ROWS)
        sheet = Sheet(table.name, hidden=bool(table.visibility))
        sheet.hidden_columns = {at for at, info in table.colinfo_map.items() if info.hidden}
        sheet.merged = [
            (top + 1, end, left, right - 1) for top, end, left, right in table.merged_cells
        ]
        for at in range(table.nrows):
            info = table.rowinfo_map.get(at)
            cells = [_xls_value(cell, book.datemode) for cell in table.row(at)[:MAX_COLUMNS]]
            sheet.rows.append(Row(at + 1, cells, bool(info and info.hidden)))
        sheets.append(sheet)
    return sheets


def _xls_value(cell, datemode):
    if cell.ctype == xlrd.XL_CELL_NUMBER:
        return _number(cell.value)
    if cell.ctype == xlrd.XL_CELL_DATE:
        try:
            return xlrd.xldate.xldate_as_datetime(cell.value, datemode)
        except (xlrd.xldate.XLDateError, OverflowError, ValueError):
            return _number(cell.value)
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return Broken(xlrd.error_text_from_code.get(cell.value, "#ERROR"))
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return bool(cell.value)
    return cell.value if isinstance(cell.value, str) and cell.value.strip() else None


# === XLSX === #


def _local(name):
    return name.rpartition("}")[2]


class _Workbook:
    """A workbook of Office Open XML, read part by part."""

    def __init__(self, raw):
        try:
            self.archive = zipfile.ZipFile(io.BytesIO(raw))
            parts = self.archive.infolist()
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
            raise SheetError("damaged") from error
        if any(part.flag_bits & 1 for part in parts):
            raise SheetError("password")
        # Python reads no more of a part than it declares.
        if sum(part.file_size for part in parts) > MAX_UNPACKED or len(parts) > 5000:
            raise SheetError("bomb")
        self.names = {part.filename: part.filename for part in parts}
        self.lower = {name.lower(): name for name in self.names}

    def read_sheets(self):
        """:rtype: list[Sheet]"""
        if "xl/workbook.xml" not in self.lower:
            raise SheetError("kind")
        try:
            return self._read()
        except SheetError:
            raise
        except Exception as error:
            raise SheetError("damaged") from error

    def _open(self, name):
        return self.archive.open(self.lower[name.lower()])

    def _events(self, name, *tags):
        """Elements of a part, each when it is complete; no entities, no network, no huge texts.

        :param str name: name of the part
        :param str tags: names of the elements, all where none is given
        """
        with self._open(name) as part:
            head = part.read(1024)
        if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
            raise SheetError("damaged")
        with self._open(name) as part:
            for _event, element in etree.iterparse(
                part,
                events=("end",),
                tag=[f"{{*}}{tag}" for tag in tags] or None,
                resolve_entities=False,
                no_network=True,
                huge_tree=False,
            ):
                yield element

    def _read(self):
        targets = {
            element.get("Id"): element.get("Target")
            for element in self._events("xl/_rels/workbook.xml.rels")
            if _local(element.tag) == "Relationship"
        }
        self.epoch, entries = WINDOWS_EPOCH, []
        for element in self._events("xl/workbook.xml"):
            kind = _local(element.tag)
            if kind == "workbookPr" and element.get("date1904") in ("1", "true"):
                self.epoch = CALENDAR_MAC_1904
            elif kind == "sheet":
                link = next(value for name, value in element.attrib.items() if _local(name) == "id")
                entries.append((element.get("name"), element.get("state"), targets[link]))
        self.strings = self._read_strings()
        self.dates = self._read_dates()
        sheets = []
        for name, state, target in entries:
            path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            if "chartsheets" in path or path.lower() not in self.lower:
                continue
            sheets.append(self._read_sheet(name, state in ("hidden", "veryHidden"), path))
        return sheets

    def _read_strings(self):
        if "xl/sharedstrings.xml" not in self.lower:
            return []
        strings = []
        for element in self._events("xl/sharedStrings.xml", "si"):
            strings.append(_text(element))
            element.clear()
        return strings

    def _read_dates(self):
        """:return: for each style of cells, whether it shows a day"""
        if "xl/styles.xml" not in self.lower:
            return []
        formats, dates = dict(BUILTIN_FORMATS), []
        # formats of Chinese dates, which the standard leaves to the language
        formats.update(dict.fromkeys((*range(27, 32), 36, *range(50, 59)), "yyyy-mm-dd"))
        for element in self._events("xl/styles.xml"):
            kind = _local(element.tag)
            if kind == "numFmt":
                formats[int(element.get("numFmtId"))] = element.get("formatCode")
            elif kind == "cellXfs":
                for style in element:
                    code = formats.get(int(style.get("numFmtId") or 0)) or "General"
                    # texts such as 年 stand between the codes, with or without quotation marks
                    dates.append(is_date_format(re.sub(r"[年月日]", "-", code)))
        return dates

    def _read_sheet(self, name, hidden, path):
        sheet, number, empty = Sheet(name, hidden=hidden), 0, 0
        for element in self._events(path, "row", "col", "mergeCell"):
            kind = _local(element.tag)
            if kind == "row":
                number = int(element.get("r") or number + 1)
                row = Row(number, self._read_cells(element), element.get("hidden") in ("1", "true"))
                empty = empty + 1 if row.is_empty() else 0
                sheet.rows.append(row)
                if len(sheet.rows) - empty > MAX_ROWS + 100 or empty > 1_050_000:
                    raise SheetError("rows", count=MAX_ROWS)
                if empty > MAX_EMPTY:
                    # formats down to the last row of the sheet: nothing is kept of them
                    sheet.rows.pop()
                    empty -= 1
                element.clear()
                while element.getprevious() is not None:
                    del element.getparent()[0]
            elif kind == "col" and element.get("hidden") in ("1", "true"):
                last = min(int(element.get("max")), MAX_COLUMNS)
                sheet.hidden_columns.update(range(int(element.get("min")) - 1, last))
            elif kind == "mergeCell":
                first, _colon, last = element.get("ref").partition(":")
                top, left = _place(first)
                bottom, right = _place(last or first)
                sheet.merged.append((top, bottom, left, right))
        return sheet

    def _read_cells(self, row):
        cells = []
        for place, cell in enumerate(row):
            if not isinstance(cell.tag, str) or _local(cell.tag) != "c":
                continue
            column = _place(cell.get("r"))[1] if cell.get("r") else place
            if column >= MAX_COLUMNS:
                break
            cells.extend([None] * (column + 1 - len(cells)))
            cells[column] = self._read_cell(cell)
        return cells

    def _read_cell(self, cell):
        kind, value, formula = cell.get("t"), None, False
        for part in cell:
            tag = _local(part.tag)
            if tag == "v":
                value = part.text
            elif tag == "is":
                value = _text(part)
            elif tag == "f":
                formula = True
        if value is None or value == "":
            return Broken("=…") if formula and kind != "str" else None
        if kind == "s":
            text = self.strings[int(value)]
            return text if text.strip() else None
        if kind in ("inlineStr", "str"):
            return value if value.strip() else None
        if kind == "e":
            return Broken(value)
        if kind == "b":
            return value == "1"
        if kind == "d":
            return datetime.datetime.fromisoformat(value)
        number = _number(float(value))
        style = int(cell.get("s") or 0)
        if style < len(self.dates) and self.dates[style] and 0 < number < 2_958_466:
            moment = from_excel(number, self.epoch)
            if isinstance(moment, (datetime.datetime, datetime.date)):
                return moment
        return number


def _text(element):
    """:return: the text of a string with its pieces, without how it is pronounced"""
    if len(element) == 1 and _local(element[0].tag) == "t":
        text = element[0].text or ""
    else:
        text = "".join(
            part.text or ""
            for part in element.iter()
            if _local(part.tag) == "t" and _local(part.getparent().tag) != "rPh"
        )
    if "_x" not in text:
        return text
    return re.sub(r"_x([0-9A-Fa-f]{4})_", lambda found: chr(int(found[1], 16)), text)


def _place(reference):
    """:return: row from 1 and column from 0 of a reference such as C12"""
    found = re.fullmatch(r"\$?([A-Z]{1,3})\$?(\d+)", reference or "")
    if not found:
        raise SheetError("damaged")
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    return int(found[2]), column - 1
