"""Cuts one PDF of several letters into one file a letter, by the number each letter shows.

Extracting the text of a page in full takes ten times as long as printing it. Here a run of text has to be found that
equals a known number, so only the glyphs of each run are read from the content stream.
"""

import io
import re

from odoo.tools.pdf import PdfReader, PdfWriter

_TOKEN = re.compile(rb"\bBT\b|/([^\s/<>\[\]()]+)\s+[\d.]+\s+Tf|<([0-9A-Fa-f]+)>")
_RANGE = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*(?:<([0-9A-Fa-f]+)>|\[([^\]]*)\])")
_PAIR = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>")
_BLOCK = re.compile(rb"begin(bfrange|bfchar)(.*?)end\1", re.DOTALL)


def split_by_marks(content, marks):
    """Cut a PDF before each page that shows the next mark.

    :param bytes content: the PDF of all letters, in the order of ``marks``
    :param list[str] marks: the number on the first page of each letter, ASCII
    :return: one PDF a letter, or None when the first pages cannot be told for sure
    :rtype: list[bytes] | None
    """
    reader = PdfReader(io.BytesIO(content))
    pages = list(reader.pages)
    for read in (_Scanner().runs, _words):
        starts = _starts([read(page) for page in pages], marks)
        if starts:
            ends = [*starts[1:], len(pages)]
            return [_cut(pages[start:end]) for start, end in zip(starts, ends, strict=True)]
    return None


def _starts(texts, marks):
    """Number of the first page of each letter; None unless each mark is on one page only, in order."""
    wanted = set(marks)
    found = {}
    for number, text in enumerate(texts):
        for mark in text & wanted:
            found.setdefault(mark, []).append(number)
    starts = [found.get(mark, []) for mark in marks]
    if any(len(numbers) != 1 for numbers in starts):
        return None
    starts = [numbers[0] for numbers in starts]
    in_order = all(one < other for one, other in zip(starts, starts[1:], strict=False))
    return starts if in_order and starts[0] == 0 else None


def _cut(pages):
    writer = PdfWriter()
    for page in pages:
        writer.add_page(page)
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


def _words(page):
    """The words of a page, read by the PDF library: slow, but for PDFs of any origin."""
    return set((page.extract_text() or "").split())


class _Scanner:
    """Reads the runs of text of pages; the fonts, which pages share, are read once."""

    def __init__(self):
        self._maps = {}

    def runs(self, page):
        """:return: the runs of text of a page, empty when it is built in another way
        :rtype: set[str]
        """
        try:
            contents = page["/Contents"].get_object()
            parts = contents if isinstance(contents, list) else [contents]
            data = b"\n".join(part.get_object().get_data() for part in parts)
            fonts = page["/Resources"]["/Font"].get_object()
            maps = {name[1:].encode(): self._map(fonts.raw_get(name)) for name in fonts}
        except (AttributeError, KeyError, TypeError, ValueError):
            return set()
        found, run, glyphs = set(), [], {}
        for token in _TOKEN.finditer(data):
            font, codes = token.groups()
            if codes:
                run += [
                    glyphs.get(codes[at : at + 4].upper(), "") for at in range(0, len(codes), 4)
                ]
            elif font:
                glyphs = maps.get(font, {})
            else:
                found.add("".join(run).strip())
                run = []
        found.add("".join(run).strip())
        return found

    def _map(self, reference):
        """Characters of a font by glyph code, as four hexadecimal digits."""
        key = getattr(reference, "idnum", None) or id(reference)
        if key not in self._maps:
            unicodes = reference.get_object()["/ToUnicode"].get_object().get_data()
            self._maps[key] = dict(_characters(unicodes))
        return self._maps[key]


def _characters(table):
    """:return: pairs of glyph code and character out of the table of a font"""
    for kind, block in _BLOCK.findall(table):
        if kind == b"bfchar":
            for code, text in _PAIR.findall(block):
                yield code.upper(), _text(text)
            continue
        for first, last, single, several in _RANGE.findall(block):
            codes = range(int(first, 16), int(last, 16) + 1)
            if single:
                start = int(single, 16)
                texts = [b"%04X" % (start + step) for step in range(len(codes))]
            else:
                texts = re.findall(rb"[0-9A-Fa-f]+", several)
            for code, text in zip(codes, texts, strict=False):
                yield b"%04X" % code, _text(text)


def _text(digits):
    return bytes.fromhex(digits.decode()).decode("utf-16-be", "replace")
