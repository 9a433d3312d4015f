"""What the rows of a table say: each cell read for what its column holds, and everything that is wrong with a row.

No model is in here: software, colleagues and customers are looked up by the engine.
"""

import re
from dataclasses import dataclass, field

from odoo.tools.translate import LazyTranslate

from ...tools import cells
from ...tools.cells import BadCell, words
from ...tools.dates import LAST_DAY
from ...tools.keys import BrokenSerial, normalise_serial, phone_keys, plain, serial_key
from ...tools.sheets import Broken
from .kinds import AGREEMENTS, LEDGER, TICKETS

# texts made where no environment is, and translated where they are shown
# pylint: disable=prefer-env-translation
_lt = LazyTranslate(__name__)

# 已续费至 2027.2.21: the end that a remark gives
RENEWED = re.compile(
    r"(?:已|己)?续(?:费|约|签|保)?(?:服务)?(?:至|到)\s*[:：]?\s*(\d{4}[^，。;；]*?\d{1,2}\s*[日号月]?)(?:[，。;；\s止]|$)"
)
YES = words(
    """
    是 已 已付 已付款 已付清 付清 已收 已收款 已到账 到账 已回款 全额 全款 已结清 结清 y yes √ ✓ v 1 true 已全款
    收讫 款清
    """
)
NO = words(
    """
    否 未 未付 未付款 未收 未收款 未到账 未回款 没有 无 n no × x 0 false 欠款 待付 待收 部分付款 部分
    """
)
CLOSED = re.compile(
    r"已?(?:关闭|完成|解决|结束|完结|结案|办结|处理完)|已处理|已?(?:取消|撤销)|(?:closed|done|是)$",
    re.IGNORECASE,
)


@dataclass
class Person:
    """A contact of a customer, as rows give it."""

    name: str = ""
    function: str = ""
    mobiles: list = field(default_factory=list)
    landlines: list = field(default_factory=list)
    qq: str = ""
    email: str = ""
    department: str = ""

    def is_given(self):
        """:return: whether the row says anything of the contact"""
        return bool(self.name or self.mobiles or self.landlines or self.qq or self.email)

    def keys(self):
        """:return: keys of the contact's telephones, a set"""
        return {key for number in (*self.mobiles, *self.landlines) for key in phone_keys(number)}


@dataclass
class Facts:
    """What one row says, by key of its columns; ``errors`` are the reasons for which it is refused."""

    number: int
    hidden: bool = False
    cells: list = field(default_factory=list)
    values: dict = field(default_factory=dict)
    people: list = field(default_factory=list)
    serials: list = field(default_factory=list)
    kept: list = field(default_factory=list)
    errors: list = field(default_factory=list)
    hints: list = field(default_factory=list)

    def get(self, key):
        """:return: a value, ``None`` where the row does not give it"""
        return self.values.get(key)

    def refuse(self, reason):
        """:param reason: why the row is not taken over, a text that is translated when it is shown"""
        if reason not in self.errors:
            self.errors.append(reason)


def read_facts(table):
    """What the rows of a table say.

    :param Table table: see ``layout``
    :return: one for each row, in their order
    :rtype: list[Facts]
    """
    known = {}
    found = [_Reader(table, line, known).read_line() for line in table.lines]
    _refuse_doubles(table.kind, found)
    return found


class _Reader:
    """Reads one row."""

    def __init__(self, table, line, known):
        # what was read of equal cells of a column before
        self.table, self.line, self.known = table, line, known
        self.facts = Facts(line.number, line.hidden, line.cells)
        self.people = {}

    def read_line(self):
        """:return: what the row says"""
        for column in self.table.columns:
            if not column.key:
                continue
            cell = self.line.get(column.place)
            try:
                if column.key in READERS:
                    self._set(column.key, self._read_cell(column.key, cell))
                elif cell is not None:
                    getattr(self, f"_read_{column.key}")(column, cell)
            except (BadCell, BrokenSerial) as error:
                self.facts.refuse((column.title, error.reason))
        self._finish()
        return self.facts

    def _read_cell(self, key, cell):
        """:return: what a cell says, None for an empty one; columns repeat themselves, and equal texts are read once"""
        if not isinstance(cell, str):
            return None if cells.is_nothing(cell) else READERS[key](cell)
        if (key, cell) not in self.known:
            self.known[key, cell] = None if cells.is_nothing(cell) else READERS[key](cell)
        return self.known[key, cell]

    def _set(self, key, value):
        if value not in (None, "", False):
            self.facts.values[key] = value

    def _person(self, column):
        return self.people.setdefault(column.contact, Person())

    def _read_contact(self, column, cell):
        if not cells.is_nothing(cell):
            person = self._person(column)
            text = cells.text_of(cell)
            # 张三 13800001234: the telephone is written behind the name
            found = re.fullmatch(r"(\D{2,20}?)[\s:：]*((?:\+?86)?[\d\-\s()/、]{7,})", text)
            if found:
                self._add_phones(person, found[2])
                text = found[1].strip(" :：(（")
            person.name = cells.name_of(text)
            person.function = person.function or column.function

    def _read_phone(self, column, cell):
        self._add_phones(self._person(column), cell)

    def _add_phones(self, person, cell):
        mobiles, landlines = cells.phones_of(cell)
        person.mobiles += [number for number in mobiles if number not in person.mobiles]
        person.landlines += [number for number in landlines if number not in person.landlines]

    def _read_company_phone(self, _column, cell):
        self._add_phones(self.people.setdefault("company", Person()), cell)

    def _read_qq(self, column, cell):
        if not cells.is_nothing(cell):
            self._person(column).qq = re.sub(r"\s", "", cells.text_of(cell))

    def _read_email(self, column, cell):
        if not cells.is_nothing(cell):
            text = cells.text_of(cell).replace(" ", "")
            if not re.fullmatch(
                r"[^@\s,;]+@[^@\s,;]+\.[^@\s,;]+(?:[,;][^@\s,;]+@[^@\s,;]+)*", text
            ):
                raise BadCell(_lt("“%s” is no e-mail address.", text[:60]))
            self._person(column).email = text

    def _read_department(self, column, cell):
        if not cells.is_nothing(cell):
            self._person(column).department = cells.name_of(cell)

    def _read_function(self, column, cell):
        if not cells.is_nothing(cell):
            self._person(column).function = cells.name_of(cell)

    def _read_serial(self, _column, cell):
        if isinstance(cell, Broken):
            raise BadCell(
                _lt(
                    "“%s” is an error of Excel, no serial number. Type the number, or leave it empty.",
                    cell.text,
                )
            )
        for piece in (
            cells.listed(cell) if isinstance(cell, str) and normalise_or_none(cell) else [cell]
        ):
            serial = normalise_serial(piece)
            if serial and serial_key(serial) not in map(serial_key, self.facts.serials):
                self.facts.serials.append(serial)

    def _read_to(self, _column, cell):
        end, gift, forever = _split_end(cell)
        if forever:
            self.facts.kept.append("永久")
        elif end is not None:
            self._set("to", cells.later_by(end, gift) if gift else end)

    def _read_period(self, _column, cell):
        text, gift = _take_gift(cell)
        start, end = cells.span_of(text)
        if end == LAST_DAY:
            self.facts.kept.append("永久")
        else:
            self._set("to", cells.later_by(end, gift) if end and gift else end)
        self._set("from", start)

    def _read_remark(self, _column, cell):
        if cell is not None and not isinstance(cell, Broken) and plain(str(cell)).strip():
            text = cells.text_of(cell) if not isinstance(cell, str) else " ".join(cell.split())
            before = self.facts.get("remark")
            self._set("remark", f"{before}\n{text}" if before else text)

    def _read_description(self, _column, cell):
        cells.check_whole(cell)
        if cell is not None:
            before = self.facts.get("description")
            text = cell.strip() if isinstance(cell, str) else cells.text_of(cell)
            self._set("description", f"{before}\n{text}" if before else text)

    def _read_state(self, _column, cell):
        if not cells.is_nothing(cell) and CLOSED.match(cells.name_of(cell)):
            raise BadCell(_lt("“%s”: only open tickets are taken over.", cells.text_of(cell)))

    # === The row as a whole === #

    def _finish(self):
        facts = self.facts
        company = self.people.pop("company", None)
        people = [self.people[number] for number in sorted(self.people)]
        facts.people = [person for person in people if person.name]
        # telephones of nobody in particular are those of the customer
        rest = [person for person in people if not person.name and person.is_given()]
        facts.values["company"] = company = company or Person()
        for person in rest:
            company.mobiles += person.mobiles
            company.landlines += person.landlines
            company.qq = company.qq or person.qq
            company.email = company.email or person.email
        if not facts.get("customer"):
            facts.refuse((False, _lt("The customer is missing.")))
        self._finish_days()
        finish = {
            LEDGER: self._finish_ledger,
            AGREEMENTS: self._finish_agreement,
            TICKETS: self._finish_ticket,
        }
        finish[self.table.kind]()

    def _finish_days(self):
        facts = self.facts
        found = RENEWED.search(plain(facts.get("remark") or "") + " ")
        if found and facts.get("to"):
            try:
                end = cells.day_of(found[1].strip(), last=True)
            except BadCell:
                end = None
            if end and facts.get("to") < end < LAST_DAY:
                facts.values["to"] = end
                facts.hints.append(_lt("The end is that of the remark."))
        if "永久" in facts.kept:
            start = facts.values.pop("from", None)
            if start:
                facts.kept[facts.kept.index("永久")] = f"永久（{start} 起）"
            facts.hints.append(_lt("“永久” is kept as a note; no period is made of it."))
        start, end = facts.get("from"), facts.get("to")
        if start and end and end < start:
            facts.refuse(
                (
                    False,
                    _lt(
                        "The service ends on %(end)s, before it begins on %(start)s.",
                        end=str(end),
                        start=str(start),
                    ),
                )
            )

    def _finish_ledger(self):
        facts = self.facts
        software = (
            any(facts.get(key) for key in ("version", "installed", "from", "to")) or facts.serials
        )
        if software and not facts.get("product"):
            facts.refuse((False, _lt("The software is missing.")))
        if facts.get("from") and not facts.get("to"):
            facts.kept.append(f"服务开始 {facts.values.pop('from')}")
            facts.hints.append(
                _lt("A first day without a last day is kept as a note; no period is made of it.")
            )

    def _finish_agreement(self):
        facts = self.facts
        if not (facts.get("from") and facts.get("to")):
            facts.refuse((False, _lt("The term is missing: its first and its last day.")))
        if not facts.get("signed_on"):
            facts.refuse((False, _lt("The day of the signature is missing.")))
        if not facts.get("product") and not facts.serials:
            facts.refuse((False, _lt("The software is missing.")))

    def _finish_ticket(self):
        facts = self.facts
        if not (facts.get("description") or facts.get("title")):
            facts.refuse((False, _lt("The description is missing.")))


def normalise_or_none(value):
    """:return: whether a cell may hold several serial numbers, and not a word for none or what Excel destroyed"""
    try:
        return bool(normalise_serial(value)) or "/" in value
    except BrokenSerial:
        return False


def _tax_id(cell):
    """A tax number in one writing."""
    if isinstance(cell, float) or isinstance(cell, int) and len(str(cell)) > 15:
        raise BadCell(
            _lt(
                "“%s” was rounded by Excel, which keeps 15 digits. Type it as a text.",
                f"{cell:.0f}",
            )
        )
    text = re.sub(r"[\s\-]", "", cells.text_of(cell)).upper().lstrip("'")
    if re.fullmatch(r"\d(?:\.\d+)?E\+\d+", text):
        raise BadCell(_lt("“%s” is how Excel shows a long number; its last digits are lost.", text))
    if not re.fullmatch(r"[0-9A-Z]{15,20}", text):
        raise BadCell(
            _lt(
                "“%s” is no tax number: it has 18 digits and letters, old ones 15 to 20.", text[:40]
            )
        )
    return text


def _paid(cell):
    text = cells.name_of(cell).lower()
    if cell is True or text in YES:
        return "yes"
    if text in NO or cell is False:
        return "no"
    raise BadCell(_lt("“%s”: is it paid? Write 是 or 否.", text[:40]))


# how the cells of a column are read; other columns have a method of the reader
READERS = {
    "customer": cells.name_of,
    "tax_id": _tax_id,
    "address": cells.name_of,
    "area": cells.name_of,
    "product": cells.text_of,
    "version": cells.text_of,
    "specialist": cells.name_of,
    "number": cells.text_of,
    "title": cells.text_of,
    "channel": cells.name_of,
    "category": cells.name_of,
    "installed": cells.day_of,
    "signed_on": cells.day_of,
    "paid_on": cells.day_of,
    "reported_on": cells.day_of,
    "from": cells.day_of,
    "amount": cells.amount_of,
    "paid": _paid,
}


def _take_gift(cell):
    """:return: a cell without the time given on top, and that time"""
    if not isinstance(cell, str):
        return cell, None
    text = plain(cell)
    gift = cells.gift_of(text)
    if not gift:
        return cell, None
    return re.sub(r"[(（\[+＋,，;；、]*\s*" + cells.GIFT.pattern + r"\s*[)）\]]*", "", text).strip(
        " +(（)）"
    ), gift


def _split_end(cell):
    """:return: the last day, the time given on top of it, and whether it is for ever"""
    text, gift = _take_gift(cell)
    end = cells.day_of(text, last=True)
    if end == LAST_DAY:
        return None, None, True
    return end, gift, False


def _refuse_doubles(kind, found):
    """Refuse serial numbers and numbers that are given twice, where the rows say different things.

    Both rows are refused, since nobody knows which of them is right.
    """
    seen = {}
    for facts in found:
        if kind == LEDGER:
            keys = [("serial", serial_key(serial)) for serial in facts.serials]
        else:
            number = plain(facts.get("number")).upper()
            keys = [("number", number)] if number else []
        for name, key in keys:
            first = seen.setdefault((name, key), facts)
            if first is facts or _says_the_same(kind, first, facts):
                continue
            for one, other in ((facts, first), (first, facts)):
                one.refuse((False, _say_double(name, other.number)))


def _say_double(name, row):
    if name == "serial":
        return _lt("The serial number stands in row %s, too, with other facts.", row)
    return _lt("The number stands in row %s, too, with other facts.", row)


def _says_the_same(kind, first, second):
    if kind == AGREEMENTS:
        # an agreement has a row for each software
        keys = {"customer", "from", "to", "signed_on", "paid"}
    else:
        keys = (first.values.keys() | second.values.keys()) - {"remark", "company"}
    return all(first.get(key) == second.get(key) for key in keys)
