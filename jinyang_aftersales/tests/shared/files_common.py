"""Counts how often a file is decoded and checked; it holds no test itself."""

import base64
from collections import Counter
from contextlib import contextmanager
from unittest.mock import patch

from ...tools import files


def make_pdf(text):
    """:return: the content of a unique PDF"""
    return b"%PDF-1.4\n%" + text.encode() + b"\n%%EOF\n"


class ReadCounter:
    """How often each content was decoded from base64 (by our addons or Odoo) and checked."""

    def __init__(self):
        self.decoded = Counter()
        self.checked = Counter()

    @contextmanager
    def watch(self):
        """Count while the block runs."""
        decode, check = base64.b64decode, files.content_type

        def counted_decode(*args, **kwargs):
            raw = decode(*args, **kwargs)
            self.decoded[raw] += 1
            return raw

        def counted_check(raw):
            self.checked[raw] += 1
            return check(raw)

        with (
            patch.object(base64, "b64decode", counted_decode),
            patch.object(files, "content_type", counted_check),
        ):
            yield self

    def of(self, raw):
        """:return: how often a content was decoded and checked"""
        return self.decoded[raw], self.checked[raw]
