"""What the telephone intake shows and takes. No model is in here."""

import re
from datetime import timedelta

from ...tools.keys import phone_keys, plain, serial_key
from ...tools.text import clean_line

# shorter texts are found everywhere
LEAST_SIGNS = 2
MOST_HITS = 8
# how many customers the user has spoken with lately are shown, and how far back
MOST_LATELY = 5
LATELY = timedelta(days=7)
MOST_ROWS = 6
MOST_PEOPLE = 40
MOST_PRODUCTS = 200
NOTE_SUBTYPE = "jinyang_aftersales.mail_subtype_intake_note"
# what is made of a call, in the order of the buttons: code, model
DOCUMENTS = (
    ("ticket", "helpdesk.ticket"),
    ("visit", "aftersales.visit"),
    ("change", "aftersales.change.request"),
    ("application", "aftersales.application"),
    ("complaint", "aftersales.complaint"),
)
MOBILE = re.compile("1[3-9][0-9]{9}")
COMPANY = re.compile(
    "公司|集团|厂|局|所|院|校|园|中心|银行|店|部$|处$|社$|协会|学会|政府|委员会|ltd|co\\.|inc",
    re.IGNORECASE,
)
# a name of two or three signs, of four after a surname of two, or of one with a title
PERSON = re.compile(
    "[\u4e00-\u9fff]{2,3}|(欧阳|上官|司马|司徒|诸葛|慕容|东方|夏侯|皇甫|尉迟|公孙|令狐|宇文|长孙)[\u4e00-\u9fff]{2}"
    "|[\u4e00-\u9fff]{1,2}(先生|女士|小姐|经理|老师|会计|主任|师傅)"
)


def guess(text):
    """Which field of a new customer a text belongs into that somebody has typed to find a customer.

    :param str text: as typed
    :return: name of the field (``phone``, ``landline``, ``qq``, ``serial``, ``contact`` or ``name``) and its value
    :rtype: tuple[str, str]
    """
    text = clean_line(plain(text))
    digits = re.sub(r"[\s()+-]", "", text)
    if digits.isdecimal():
        keys = phone_keys(text)
        if keys and MOBILE.fullmatch(keys[0]):
            return "phone", keys[0]
        # a landline is written with the code of its city, or with a dash; bare digits are a QQ number
        landline = text.startswith(("0", "+", "(")) or "-" in text or len(digits) < 5
        return ("landline" if landline or len(digits) > 12 else "qq"), text
    if text.isascii() and any(char.isdigit() for char in text) and len(serial_key(text)) > 4:
        return "serial", text
    if PERSON.fullmatch(text) and not COMPANY.search(text):
        return "contact", text
    return "name", text
