from collections.abc import Callable
from dataclasses import dataclass

from odoo.fields import Domain

from ...groups import DIRECTORS


def no_user(document):
    """:return: nobody, res.users"""
    return document.env["res.users"]


def service_managers(document):
    """:return: the service managers of the document's company, res.users"""
    return document.company_id._aftersales_managers()


def directors(document):
    """:return: the directors of the document's company, its service managers where there is none, res.users"""
    company = document.company_id
    return company._aftersales_users(DIRECTORS) or company._aftersales_managers()


def due_on(document, due):
    """:return: the text that the document is due on a day (text), in the language of the document's environment"""
    return document.env._(
        "%(document)s is due on %(day)s.", document=document.display_name, day=due
    )


@dataclass(frozen=True)
class Deadline:
    """Work on documents of a model that is owed by a day.

    ``kind``           code, unique in the model
    ``field``          stored date field: the last day on which the work is in time
    ``domain``         documents on which the work is still owed
    ``activity``       external id of the activity type by which people are reminded
    ``warn_days``      people who owe the work are reminded that many working days before; 0: when the day has passed
    ``on_the_day``     people who owe the work are reminded on the day itself, and not before
    ``escalate_days``  managers are told, too, that many working days after; None: never
    ``users``          function of the document: res.users who owe the work
    ``managers``       function of the document: res.users who are told when it stays undone
    ``counted_from``   function of the document: the company day from which its working days are counted, a false value
                       where they are not; None: the day is agreed or counted in calendar days, and no holiday moves it
    ``note``           function of the document and the last day as text: text of the reminder, both in the language of
                       the document's environment
    """

    kind: str
    field: str
    domain: Domain
    activity: str
    warn_days: int = 0
    on_the_day: bool = False
    escalate_days: int | None = 1
    users: Callable = no_user
    managers: Callable = service_managers
    counted_from: Callable | None = None
    note: Callable = due_on
