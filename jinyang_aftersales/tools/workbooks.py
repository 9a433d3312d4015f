"""Excel workbooks in which a text stays a text, whatever it begins with.

``xlsxwriter`` makes formulas and links of texts like ``=HYPERLINK(…)``, unless its workbook is told otherwise. Odoo
makes its workbooks within long methods that cannot be extended, so the class they use asks the present context.
"""

from contextlib import contextmanager
from contextvars import ContextVar

import xlsxwriter

_texts_only = ContextVar("aftersales_texts_only", default=False)
# options of xlsxwriter that turn texts into something else
TEXT_OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


class Workbook(xlsxwriter.Workbook):
    """The workbook of xlsxwriter; within :func:`text_workbooks` its cells hold texts as they are."""

    def __init__(self, filename=None, options=None):
        more = TEXT_OPTIONS if _texts_only.get() else {}
        super().__init__(filename, {**more, **(options or {})})


# Outside of the context manager it behaves exactly as before.
xlsxwriter.Workbook = Workbook


@contextmanager
def text_workbooks():
    """Context manager: workbooks that are made within it, in this thread, have texts and no formulas of texts."""
    token = _texts_only.set(True)
    try:
        yield
    finally:
        _texts_only.reset(token)
