"""Reads a ledger of this folder as it is: cells and what a sheet says besides them."""

import csv
import io
import json
from dataclasses import dataclass, field
from pathlib import Path

import openpyxl
import xlrd

HERE = Path(__file__).parent


@dataclass
class Ledger:
    """A file and what is expected of it; lines are counted from 1."""

    expected: dict
    lines: list = field(default_factory=list)
    merged: list = field(default_factory=list)  # first and last line, first and last column, from 1
    dates: set = field(default_factory=set)  # line and column of real dates
    hidden_rows: set = field(default_factory=set)
    hidden_columns: bool = False
    hidden_sheets: bool = False
    colours: bool = False

    @property
    def path(self):
        return HERE / self.expected["file"]

    def cells(self, *headers):
        """Cells of data in the columns with one of the headers.

        :return: pairs of line and value that is not empty
        :rtype: list[tuple]
        """
        titles = [self.lines[number - 1] for number in self.expected["header"]]
        columns = [
            column
            for column in range(len(titles[-1]))
            if any(any(word in str(line[column] or "") for word in headers) for line in titles)
        ]
        return [
            (int(line), value)
            for line in self.expected["rows"]
            for column in columns
            if (value := self.lines[int(line) - 1][column]) not in (None, "")
        ]

    def texts(self):
        """All texts of the rows of data.

        :rtype: list[str]
        """
        return [
            value
            for line in self.expected["rows"]
            for value in self.lines[int(line) - 1]
            if isinstance(value, str) and value
        ]


def read_all():
    """All ledgers of the folder.

    :rtype: list[Ledger]
    """
    found = []
    for path in sorted((HERE / "expected").glob("*.json")):
        ledger = Ledger(json.loads(path.read_text(encoding="utf-8")))
        {".xlsx": _read_xlsx, ".xls": _read_xls}.get(ledger.path.suffix, _read_text)(ledger)
        found.append(ledger)
    return found


def _read_text(ledger):
    text = ledger.path.read_bytes().decode(ledger.expected["encoding"])
    between = "," if ledger.path.suffix == ".csv" else "\t"
    ledger.lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=between))


def _read_xlsx(ledger):
    book = openpyxl.load_workbook(ledger.path)
    sheet = book[ledger.expected["sheet"]]
    for row in sheet.iter_rows():
        ledger.lines.append([cell.value for cell in row])
        ledger.dates |= {(cell.row, cell.column) for cell in row if getattr(cell, "is_date", False)}
        ledger.colours |= any(cell.fill.fill_type == "solid" for cell in row)
    ledger.merged = [
        (block.min_row, block.max_row, block.min_col, block.max_col)
        for block in sheet.merged_cells.ranges
    ]
    ledger.hidden_rows = {line for line, row in sheet.row_dimensions.items() if row.hidden}
    ledger.hidden_columns = any(column.hidden for column in sheet.column_dimensions.values())
    ledger.hidden_sheets = any(other.sheet_state == "hidden" for other in book)


def _read_xls(ledger):
    book = xlrd.open_workbook(ledger.path, formatting_info=True)
    sheet = book.sheet_by_name(ledger.expected["sheet"])
    for line in range(sheet.nrows):
        ledger.lines.append(sheet.row_values(line))
        for column in range(sheet.ncols):
            if sheet.cell_type(line, column) == xlrd.XL_CELL_DATE:
                ledger.dates.add((line + 1, column + 1))
            style = book.xf_list[sheet.cell_xf_index(line, column)]
            ledger.colours |= style.background.fill_pattern == 1
    ledger.merged = [
        (top + 1, bottom, left + 1, right) for top, bottom, left, right in sheet.merged_cells
    ]
    ledger.hidden_rows = {line + 1 for line, row in sheet.rowinfo_map.items() if row.hidden}
    ledger.hidden_columns = any(column.hidden for column in sheet.colinfo_map.values())
    ledger.hidden_sheets = any(other.visibility for other in book.sheets())
