"""Roles of the home page, its cards and what is missing, as plain values. No model is in here."""

from dataclasses import dataclass, field

from odoo.fields import Domain

from ...groups import (
    ACCOUNTANTS,
    ARCHIVISTS,
    CALLERS,
    DEVELOPERS,
    DIRECTORS,
    MANAGERS,
    SPECIALISTS,
)

# the home page of each role; who has several opens the first one
ROLES = {
    "director": DIRECTORS,
    "manager": MANAGERS,
    "specialist": SPECIALISTS,
    "callback": CALLERS,
    "archivist": ARCHIVISTS,
    "developer": DEVELOPERS,
    "accountant": ACCOUNTANTS,
}
# groups that open the home page, for users who are given one of them
HOME_GROUPS = tuple(ROLES.values())
ALL, LATE = "all", "late"

# lists and records that several cards name
WINDOW = "jinyang_aftersales.{}_action"
TICKETS = "helpdesk_mgmt.helpdesk_ticket_action"
AGREEMENTS = "jinyang_aftersales.contract_contract_action_agreement"
QUESTIONS = "jinyang_aftersales.aftersales_callback_action_escalated"
OPEN_QUESTIONS = ("waiting", "assigned", "verifying")
OPEN_TICKET = Domain("stage_id.closed", "=", False)
# cancelled and rejected tickets were no service, and a duplicate is the same one once more
COUNTED_TICKET = Domain("duplicate_id", "=", False) & (
    OPEN_TICKET | Domain("stage_id.record_required", "=", True)
)
SIGNED = Domain("is_service_agreement", "=", True) & Domain("agreement_stage", "=", "signed")
FORMS_OUT = Domain("state", "in", ("feedback", "done")) & Domain("feedback_received_on", "=", False)


@dataclass(frozen=True)
class Card:
    """One figure of a home page, and the list behind it.

    :param str code: unique within a role
    :param str section: title under which it stands, in the language of the reader
    :param str title: in the language of the reader
    :param str help: what is counted, in words
    :param str model: of the records
    :param Domain domain: of the records; it is sent to the browser when the list is opened
    :param str action: external id of the window that shows the list
    :param Domain late: which of the records are late: their number is red
    :param str measure: stored field whose sum is the figure; without one the records are counted
    :param str oldest: stored date or time of the records, the earliest of which is shown
    :param tuple earlier: (key, label, domain) of the same figure for former times
    :param str by: stored field with the person; the figure is shown for each person, too
    """

    code: str
    section: str
    title: str
    help: str
    model: str
    domain: Domain
    action: str
    late: Domain | None = None
    measure: str = ""
    oldest: str = ""
    earlier: tuple = ()
    by: str = ""

    @property
    def kind(self):
        """:return: ``sum`` or ``count``"""
        return "sum" if self.measure else "count"

    def get_parts(self):
        """Domains of the numbers on the card, by the key of the part.

        :rtype: dict[str, Domain]
        """
        parts = {ALL: self.domain, **{key: domain for key, _label, domain in self.earlier}}
        if self.late is not None:
            parts[LATE] = self.domain & self.late
        return parts

    def get_counted_parts(self):
        """Parts that need a number of their own: where all are late, it is that of all.

        :rtype: dict[str, Domain]
        """
        parts = self.get_parts()
        if self.late is not None and self.late.is_true():
            del parts[LATE]
        return parts


@dataclass(frozen=True)
class MissingSetting:
    """Something that has to be set up, which managers see on their home page until it is done.

    :param str code: unique
    :param str title: what is missing, in the language of the reader
    :param str help: what does not work without it
    :param str action: external id of the window in which it is set
    :param bool is_admin: only an administrator can set it
    :param dict context: added to the context of the window
    """

    code: str
    title: str
    help: str
    action: str
    is_admin: bool = False
    context: dict = field(default_factory=dict)
