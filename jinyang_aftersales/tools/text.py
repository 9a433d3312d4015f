"""What somebody typed or sent, as text that can be stored and shown."""

import re
import unicodedata

# control characters and separators of lines other than line ends and tabs
CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")
# what turns the reading direction, to disguise titles and file names; halves of characters, which
# cannot be stored
UNWANTED = re.compile("[\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def clean_line(value, limit=200):
    """Return what a client sent as one line of text: no control characters, no turned direction,
    one blank at a time.

    :param object value: what was sent
    :param int limit: number of characters kept
    :rtype: str
    """
    return " ".join(clean_text(value).split())[:limit].strip()


def clean_text(value):
    """Return what a client sent as text of several lines, without control characters other than
    line ends and tabs.

    :param object value: what was sent
    :rtype: str
    """
    if not isinstance(value, str):
        return ""
    value = value.replace("\r\n", "\n").replace("\r", "\n")
    return CONTROLS.sub(" ", UNWANTED.sub("", value)).strip()


def normalise_serial(text):
    """One spelling for a serial number, however it was typed (full-width, spaces, case).

    :param text: what was typed, or a false value
    :rtype: str | bool
    """
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text or "")).strip().upper() or False


def qq_link(number):
    """The address that opens a chat in QQ; its own scheme, so that no host of the outside is called.

    :param str number: as somebody typed it
    :return: False unless it is a QQ number: five to twelve digits
    :rtype: str | bool
    """
    number = unicodedata.normalize("NFKC", number or "").strip()
    if not re.fullmatch("[1-9][0-9]{4,11}", number):
        return False
    return f"tencent://message/?uin={number}"
