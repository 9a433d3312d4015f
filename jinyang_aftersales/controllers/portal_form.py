"""Forms of the portal: their fields, how they are read, and the check for missing values."""

import re
import secrets
from dataclasses import dataclass, field
from datetime import datetime

import pytz

from odoo.fields import Date, Datetime
from odoo.http import request

from ..tools.files import MAX_FILE_BYTES, MAX_FILES, MAX_SCAN_BYTES, read_scan, read_uploads
from .form_checks import (
    content_key,
    get_token_obstacle,
    get_twin_obstacle,
    is_senders_own,
    once_key,
)
from .request_values import clean_line, clean_text, date_text, positive_id

MAX_TEXT_LENGTH = 20_000
KEY = re.compile(r"[0-9a-f]{32}")


def new_key():
    """:return: a new key for a form that is about to be shown"""
    return secrets.token_hex(16)


def sent_key(value):
    """Return the key a form was sent with, None when it does not have the format of :func:`new_key`.

    :param object value: value of the parameter
    :rtype: str | None
    """
    return value if isinstance(value, str) and KEY.fullmatch(value) else None


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
    # value shown in an empty form
    default: object = ""
    # height of a text field in lines
    rows: int = 5


class PortalForm:
    """A form: its fields, the entered values, and the reasons why it is refused.

    Only these fields are read; other parameters of the request are ignored.
    """

    def __init__(self, entries, attachments=True):
        """Describe the form.

        :param list[Entry] entries: its fields
        :param bool attachments: whether files may be sent with it
        """
        self.entries = entries
        self.attachments = attachments
        self.key = new_key()
        # ``entered``: the values as sent, to show them again; ``values``: converted, to be stored
        self.entered = {entry.name: entry.default for entry in entries}
        self.values = {}
        self.files = []
        self.reasons = []
        # whether the same was sent a moment ago: the form then asks whether it is meant
        self.is_twin = False
        # names of fields with a reason already, which are not also reported as missing
        self._refused = set()

    def fill(self, params):
        """Read the values and files of the present request.

        :param dict params: parameters of the request
        :return: whether the form is accepted; if not, ``reasons`` say why
        :rtype: bool
        """
        env = request.env
        readers = {
            "line": self._read_line,
            "text": self._read_text,
            "choice": self._read_choice,
            "record": self._read_record,
            "date": self._read_date,
            "moment": self._read_moment,
            "scan": self._read_scan,
        }
        self._read_key(params)
        for entry in self.entries:
            value = readers[entry.kind](entry, params.get(entry.name))
            if value is None or value == "":
                self.values[entry.name] = False
                if entry.required and entry.name not in self._refused:
                    self.reasons.append(env._("Please fill in: %s", entry.label))
            else:
                self.values[entry.name] = value
        if self.attachments:
            self.files, refused = read_uploads(env, request.httprequest.files.getlist("attachment"))
            self.reasons += refused
        self._check_sender(params)
        if not self.reasons:
            twin = get_twin_obstacle(self.content_key(), self.once_key(), params)
            self.is_twin = bool(twin)
            self.reasons += [twin] if twin else []
        return not self.reasons

    def _check_sender(self, params):
        wrong = get_token_obstacle(params)
        if not wrong:
            return
        # its own reason is enough: what else is missing was perhaps not sent by this visitor
        self.reasons = [wrong]
        if not is_senders_own(params):
            self.entered = {entry.name: entry.default for entry in self.entries}

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
        name, scan, refused = read_scan(request.env, uploads[0])
        if refused:
            self._refuse(
                entry, request.env._("%(field)s: %(reason)s", field=entry.label, reason=refused)
            )
            return None
        self.values[f"{entry.name}_name"] = name
        return scan

    def once_key(self):
        """Key of this form and its entered values, see :func:`once_key`.

        :rtype: str
        """
        return once_key(self.key, self.values, self.files)

    def content_key(self):
        """Key of the entered values and files, see :func:`content_key`.

        :rtype: str
        """
        return content_key(self.values, self.files)

    def render_values(self):
        """:return: the values ``jinyang_aftersales.portal_form`` is rendered with, a dict"""
        return {
            "form": self,
            "max_files": MAX_FILES,
            "max_size": MAX_FILE_BYTES // 1024**2,
            "max_scan_size": MAX_SCAN_BYTES // 1024**2,
        }
