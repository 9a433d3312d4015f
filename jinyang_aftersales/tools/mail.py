"""Pure functions for letters and mail: addresses as people type them, and safe text for headers."""

import re
import unicodedata

from odoo.tools.mail import email_split

# headers of automatic mail: mail servers send no absence notes on it, and the gateway does not answer it
QUIET_HEADERS = {"X-Auto-Response-Suppress": "OOF", "Auto-Submitted": "auto-generated"}

# context keys while incoming mail is posted on its document
INCOMING, AUTOMATIC = "aftersales_incoming", "aftersales_automatic"

# In the context while recipients of a message are put into groups: ids of those who are outside our company.
OUTSIDE = "aftersales_outside_told"

# In the context while a mail to the customer is rendered: an object of this process, which no outside caller can send.
MAIL_KEY, MAIL = "aftersales_customer_mail", object()

# what stands in a subject for the number of a document: at least three signs, a digit among them
_NUMBER = re.compile(r"[A-Z0-9][A-Z0-9/_-]{2,40}")
_COMMENT = re.compile(r"\([^()]*\)")
# in quotes stands what the sender has chosen, e.g. the name of an address, and it may look like a result
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*+"')
_RESULT = re.compile(r"\s*(?:dmarc|dkim|spf)\s*=\s*pass\b")
_DOMAINS = re.compile(
    r"(?:header\.(?:from|d|i)|smtp\.mailfrom)\s*=\s*\"?(?:[^\s\"@;]*@)?([a-z0-9.-]+)"
)

_CONTROL = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]")
_SEPARATORS = re.compile(r"[;,、]+")
_LOCAL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}\Z")
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\Z")
# marks that change the direction of text, and halves of surrogate pairs
_INVISIBLE = re.compile("[\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def usable_addresses(text):
    """Usable e-mail addresses in a field as people fill it.

    Several addresses in one field are all used, also with Chinese separators; ``-`` or ``a@`` are no addresses.
    Text after a line break is ignored.

    :param text: text as typed, or a false value
    :return: plain addresses without names, their domain in ASCII
    :rtype: list[str]
    """
    line = _CONTROL.split((text or "")[:2000].strip(), maxsplit=1)[0]
    line = _SEPARATORS.sub(",", unicodedata.normalize("NFKC", line))
    found = []
    for address in email_split(line):
        local, _at, domain = address.rpartition("@")
        try:
            domain = domain.lower().encode("idna").decode()
        except UnicodeError:
            continue
        labels = domain.split(".")
        if _LOCAL.match(local) and len(labels) > 1 and all(map(_LABEL.match, labels)):
            found.append(f"{local}@{domain}")
    return list(dict.fromkeys(found))


def header_text(text, limit=200):
    """Text as one line that is safe in a mail header or a file name.

    :param text: any text, or a false value
    :param int limit: characters kept
    :rtype: str
    """
    line = _INVISIBLE.sub("", _CONTROL.sub(" ", (text or "")[: 10 * limit]))
    return " ".join(line.split())[:limit].rstrip()


def find_numbers(subject):
    """What may be numbers of documents in the subject of a mail.

    :param subject: the subject, or a false value
    :return: in the order in which they stand there
    :rtype: list[str]
    """
    text = unicodedata.normalize("NFKC", (subject or "")[:500]).upper()
    found = (part.rstrip("-/_") for part in _NUMBER.findall(text))
    return list(dict.fromkeys(part for part in found if re.search(r"\d", part)))


def is_authenticated(results, server, address):
    """Whether our mail server found that a mail comes from the domain that it names (RFC 8601).

    :param results: the headers Authentication-Results, newest first
    :param server: the name under which our mail server writes them; those of others say nothing
    :param str address: the address of the sender
    :rtype: bool
    """
    domain = address.rpartition("@")[2].lower()
    for result in results:
        said = _QUOTED.sub("", str(result).lower())
        while said != (said := _COMMENT.sub("", said)):
            pass  # comments may lie in comments
        identity, _semicolon, methods = said.partition(";")
        if not domain or identity.split()[:1] != [(server or "").strip().lower()]:
            continue
        # Only the newest one of our server counts: older ones came with the mail.
        return not re.search(r'["()]', said) and any(
            _is_same_organisation(found, domain)
            for method in methods.split(";")
            if _RESULT.match(method)
            for found in _DOMAINS.findall(method)
        )
    return False


def _is_same_organisation(found, domain):
    found = found.strip(".")
    return "." in found and (
        found == domain or domain.endswith(f".{found}") or found.endswith(f".{domain}")
    )
