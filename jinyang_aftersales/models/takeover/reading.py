"""A file of a user: its tables, and cells that are kept as JSON. No model is in here."""

from datetime import date, datetime

from odoo.exceptions import UserError

from ...tools.sheets import Broken, SheetError, read_sheets
from .layout import find_table


def read_file(env, raw):
    """The tables of a file.

    :param env: environment, for the language of the message
    :param bytes raw: the content
    :rtype: list[Sheet]
    :raises UserError: telling why it cannot be read, and what to do
    """
    try:
        return read_sheets(raw)
    except SheetError as error:
        raise UserError(_say_error(env, error)) from error


def _say_error(env, error):
    texts = {
        "empty": env._("The file is empty."),
        "large": env._("The file is larger than %s MB. Split it.", error.values.get("size")),
        "rows": env._("The file has more than %s rows. Split it.", error.values.get("count")),
        "password": env._(
            "The file is protected by a password. Open it in Excel, remove the password (File, Info, Protect Workbook),"
            " and save it."
        ),
        "bomb": env._("The file unfolds into far more than it says, and is not read."),
        "damaged": env._("The file is damaged. Open it in Excel and save it as .xlsx once more."),
        "page": env._(
            "This is a web page with the ending of a workbook. Open it in Excel and save it as .xlsx, then choose that"
            " file."
        ),
        "charset": env._("The characters of the file cannot be read. Save it as .xlsx in Excel."),
        "quote": env._(
            "A quotation mark in row %s is never closed: everything after it would be one cell. Correct it, or save the"
            " table as .xlsx.",
            error.values.get("row"),
        ),
    }
    return texts.get(error.code) or env._(
        "This is no table that can be read. Choose an .xlsx, .xls or .csv file."
    )


def find_tables(sheets, people=(), products=(), kind=None):
    """The tables that were recognised, in sheets a person sees; those of hidden sheets are none.

    :param list[Sheet] sheets: see :func:`read_file`
    :param kind: code of the kind, where only one is looked for
    :rtype: list[Table]
    """
    shown = [sheet for sheet in sheets if not sheet.hidden]
    tables = [find_table(sheet, people, products, kind) for sheet in shown]
    found = [table for table in tables if table]
    return [table for table in found if table.lines] or found[:1]


def pack_cells(cells):
    """Cells as JSON keeps them, with their types.

    :rtype: list
    """

    def pack(cell):
        if isinstance(cell, datetime):
            return {"moment": cell.isoformat()}
        if isinstance(cell, date):
            return {"day": cell.isoformat()}
        if isinstance(cell, Broken):
            return {"broken": cell.text}
        if isinstance(cell, str):
            return cell[:2000].replace("\0", "")
        return cell

    return [pack(cell) for cell in cells]


def unpack_cells(cells):
    """:return: what :func:`pack_cells` was given"""

    def unpack(cell):
        if not isinstance(cell, dict):
            return cell
        if "moment" in cell:
            return datetime.fromisoformat(cell["moment"])
        if "day" in cell:
            return date.fromisoformat(cell["day"])
        return Broken(cell["broken"])

    return [unpack(cell) for cell in cells or []]
