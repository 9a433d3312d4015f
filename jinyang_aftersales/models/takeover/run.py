"""What an import knows while it works: who is meant by a row, and what becomes of the rows. No model is in here."""

import unicodedata
from dataclasses import dataclass, field

from ...tools.keys import customer_key, letters_of, plain

NEW, CHANGED, SAME, REFUSED = "new", "changed", "same", "refused"
RANK = {SAME: 0, CHANGED: 1, NEW: 2, REFUSED: 3}


def same_letters(text):
    """A name without blanks and width, for comparing it with another one.

    :rtype: str
    """
    return "".join(plain(text).split()).casefold()


def has_legal_form(name):
    """:return: whether a name says 有限公司 or the like"""
    return customer_key(name) != letters_of(name)


def is_same_customer(first, second):
    """Whether two names are those of one customer: alike but for blanks and width, or one without the legal form.

    :rtype: bool
    """
    if same_letters(first) == same_letters(second):
        return True
    if customer_key(first) != customer_key(second):
        return False
    forms = has_legal_form(first), has_legal_form(second)
    return not all(forms) or letters_of(first) == letters_of(second)


@dataclass
class Outcome:
    """What becomes of a row: its result, what is said of it, and the record it is about."""

    result: str = SAME
    reasons: list = field(default_factory=list)
    changes: list = field(default_factory=list)
    record: tuple = ()

    def raise_to(self, result):
        """Let the outcome be at least a result: a row that makes a customer is new, whatever else it changes."""
        if RANK[result] > RANK[self.result]:
            self.result = result

    def refuse(self, reason):
        """:param str reason: why the row is not taken over"""
        self.result = REFUSED
        if reason not in self.reasons:
            self.reasons.append(reason)


@dataclass(eq=False)
class PersonPlan:
    """A contact of a customer: the one there is or will be, and what the rows say of it."""

    person: object
    outcome: Outcome
    row: int
    partner: object = None
    vals: dict = field(default_factory=dict)


@dataclass(eq=False)
class SoftwarePlan:
    """A software of a customer: the one there is or will be, its values, and its period of service."""

    facts: object
    outcome: Outcome
    serial: str
    installation: object = None
    vals: dict = field(default_factory=dict)
    period: tuple = ()
    change: str = ""


@dataclass(eq=False)
class CustomerPlan:
    """A customer: the one there is or will be, and everything that rows say of it."""

    name: str
    outcome: Outcome
    tax_id: str = ""
    partner: object = None
    vals: dict = field(default_factory=dict)
    told: dict = field(default_factory=dict)
    people: list = field(default_factory=list)
    software: list = field(default_factory=list)
    rows: list = field(default_factory=list)

    def get_state(self, outcomes):
        """:return: what writing the plan changes in it, to be restored when the write is taken back"""
        rows = [outcomes[row.number] for row in self.rows]
        return (
            self.partner,
            [person.partner for person in self.people],
            [software.installation for software in self.software],
            [(row.result, list(row.changes), list(row.reasons), row.record) for row in rows],
        )

    def set_state(self, outcomes, state):
        """Undo what a write changed that was taken back; see :meth:`get_state`."""
        self.partner, people, software, rows = state
        for person, partner in zip(self.people, people, strict=True):
            person.partner = partner
        for plan, installation in zip(self.software, software, strict=True):
            plan.installation = installation
        for facts, values in zip(self.rows, rows, strict=True):
            outcome = outcomes[facts.number]
            outcome.result, outcome.changes, outcome.reasons, outcome.record = values


def nfkc(text):
    """:return: text in one width, as fields with texts are compared"""
    return unicodedata.normalize("NFKC", text or "").strip()
