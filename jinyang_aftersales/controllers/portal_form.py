"""Forms of the portal: which fields they have, how they are read and what is missing in them."""

import hashlib
import json
import re
import secrets
from dataclasses import dataclass, field
from datetime import datetime

import pytz

from odoo.fields import Date, Datetime
from odoo.http import request

from ..tools.files import MAX_FILE_BYTES, MAX_FILES, MAX_SCAN_BYTES, read_scan, read_uploads
from .request_values import clean_line, clean_text, date_text, positive_id

MAX_TEXT_LENGTH = 20_000
KEY = re.compile(r"[0-9a-f]{32}")


def new_key():
    """:return: the key of a form about to be shown"""
    return secrets.token_hex(16)


def sent_key(value):
    """Return the key a form was sent with, None when it cannot be one of ours.

    :param object value: what was sent as the key
    :rtype: str | None
    """
    return value if isinstance(value, str) and KEY.fullmatch(value) else None


def once_key(key, values, files):
    """Key of a form and of what was entered in it: sent twice it is the same, changed it is another.

    :param str key: key of the form
    :param dict values: what was entered
    :param list[dict] files: the files that came with it
    :rtype: str
    """
    digest = hashlib.sha256(key.encode())
    digest.update(json.dumps(values, sort_keys=True, default=str).encode())
    for upload in files:
        digest.update(b"\0" + upload["name"].encode() + b"\0" + upload["raw"])
    return digest.hexdigest()


@dataclass
class Entry:
    """One field of a form.

    ``kind`` is ``line``, ``text``, ``choice`` (one of the keys of ``choices``), ``record`` (the same with ids),
    ``date``, ``moment`` (date and time in the company's time zone) or ``scan`` (one PDF, JPEG or PNG, whose name
    is read, too, under ``<name>_name``).
    """

    name: str
    label: str
    kind: str = "line"
    required: bool = False
    # pairs of key and label
    choices: list = field(default_factory=list)
    help: str = ""
    # what the form shows before anything was entered
    default: object = ""
    # for text: how many lines it shows
    rows: int = 5


class PortalForm:
    """A form: its fields, what was entered, and the reasons why it cannot be taken.

    Only the fields named here are read; everything else a client sends has no effect.
    """

    def __init__(self, entries, attachments=True):
        """Describe the form.

        :param list[Entry] entries: its fields
        :param bool attachments: whether files may be sent with it
        """
        self.entries = entries
        self.attachments = attachments
        self.key = new_key()
        # as entered, to be shown again, and as stored
        self.entered = {entry.name: entry.default for entry in entries}
        self.values = {}
        self.files = []
        self.reasons = []
        # names of the fields of which the reasons say already what is wrong
        self._refused = set()

    def fill(self, params):
        """Read what was sent with the present request.

        :param dict params: what the client sent
        :return: whether the form can be taken; otherwise ``reasons`` say why not
        :rtype: bool
        """
        env = request.env
        self._read_key(params)
        for entry in self.entries:
            value = getattr(self, f"_read_{entry.kind}")(entry, params.get(entry.name))
            if value is None or value == "":
                self.values[entry.name] = False
                if entry.required and entry.name not in self._refused:
                    self.reasons.append(env._("Please fill in: %s", entry.label))
            else:
                self.values[entry.name] = value
        if self.attachments:
            self.files, refused = read_uploads(env, request.httprequest.files.getlist("attachment"))
            self.reasons += refused
        return not self.reasons

    def _read_key(self, params):
        key = sent_key(params.get("form_key"))
        if key:
            self.key = key
        else:
            self.reasons.append(
                request.env._("This page was open for too long. Please send the form again.")
            )

    def _refuse(self, entry, reason=None):
        self._refused.add(entry.name)
        self.reasons.append(reason or request.env._("Please check: %s", entry.label))

    def _read_line(self, entry, value):
        self.entered[entry.name] = clean_line(value)
        return self.entered[entry.name]

    def _read_text(self, entry, value):
        self.entered[entry.name] = text = clean_text(value)
        if len(text) > MAX_TEXT_LENGTH:
            self.reasons.append(
                request.env._("%s: this is too long. Send it as a file.", entry.label)
            )
        return text

    def _read_choice(self, entry, value):
        self.entered[entry.name] = value if value in dict(entry.choices) else ""
        if value and not self.entered[entry.name]:
            self._refuse(entry)
        return self.entered[entry.name]

    def _read_record(self, entry, value):
        chosen = positive_id(value)
        self.entered[entry.name] = chosen if chosen in dict(entry.choices) else ""
        if value and not self.entered[entry.name]:
            self._refuse(entry)
        return self.entered[entry.name]

    def _read_date(self, entry, value):
        text = date_text(value)
        self.entered[entry.name] = text[:10] if text else ""
        if value and not text:
            self._refuse(entry)
        return Date.to_date(text[:10]) if text else None

    def _read_moment(self, entry, value):
        text = date_text(value.replace("T", " ") if isinstance(value, str) else value)
        self.entered[entry.name] = text[:16].replace(" ", "T") if text else ""
        if not text:
            if value:
                self._refuse(entry)
            return None
        zone = request.env.company._aftersales_zone()
        local = zone.localize(datetime.strptime(text[:16], "%Y-%m-%d %H:%M"))
        return Datetime.to_datetime(local.astimezone(pytz.utc).replace(tzinfo=None))

    def _read_scan(self, entry, _value):
        uploads = request.httprequest.files.getlist(entry.name)[:1]
        if not uploads or not uploads[0].filename:
            return None
        name, scan = read_scan(uploads[0])
        if not scan:
            self._refuse(
                entry,
                request.env._(
                    "%(field)s has to be a PDF, JPEG or PNG file of at most %(size)s MB.",
                    field=entry.label,
                    size=MAX_SCAN_BYTES // 1024**2,
                ),
            )
            return None
        self.values[f"{entry.name}_name"] = name
        return scan

    def once_key(self):
        """Key of this form and of what was entered, see :func:`once_key`.

        :rtype: str
        """
        return once_key(self.key, self.values, self.files)

    def render_values(self):
        """:return: the values ``jinyang_aftersales.portal_form`` is rendered with, a dict"""
        return {
            "form": self,
            "max_files": MAX_FILES,
            "max_size": MAX_FILE_BYTES // 1024**2,
            "max_scan_size": MAX_SCAN_BYTES // 1024**2,
        }
