from collections.abc import Callable
from dataclasses import dataclass

from odoo.fields import Domain


def no_user(document):
    """:return: nobody, res.users"""
    return document.env["res.users"]


def service_managers(document):
    """:return: the service managers of the document's company, res.users"""
    return document.company_id._aftersales_managers()


def due_on(document, due):
    """:return: that the document is due on a day, in the language of the document's environment"""
    return document.env._(
        "%(document)s is due on %(day)s.", document=document.display_name, day=due
    )


@dataclass(frozen=True)
class Deadline:
    """Something that has to happen to documents of a model by a day.

    ``kind``           code, unique in the model
    ``field``          stored date field: the last day on which it is in time
    ``domain``         documents that still owe it
    ``activity``       external id of the activity type by which people are told
    ``warn_days``      working days before that day at which who owes it is told; 0: when it has passed
    ``escalate_days``  working days after that day at which the managers are told, too; None: never
    ``users``          function of the document: who owes it
    ``managers``       function of the document: who is told when it stays undone
    ``note``           function of the document and the last day: what people are told, in the document's language
    """

    kind: str
    field: str
    domain: Domain
    activity: str
    warn_days: int = 0
    escalate_days: int | None = 1
    users: Callable = no_user
    managers: Callable = service_managers
    note: Callable = due_on
