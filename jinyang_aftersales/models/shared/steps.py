"""Steps from one state of a document to another, as data that its model lists. No model is in here."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Step:
    """A way from one state to another.

    :param str source: state in which it begins
    :param str target: state to which it leads
    :param str action: name of the method that takes it; one action may begin in several states
    :param tuple needed: names of the fields that have to be filled before
    :param bool by_card: whether dragging a card of the board takes the step; its action needs no arguments then
    """

    source: str
    target: str
    action: str
    needed: tuple = ()
    by_card: bool = False
