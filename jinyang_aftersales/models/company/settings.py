"""How a setting of the company is shown on a screen, as plain values. No model is in here."""

from dataclasses import dataclass, field

from ...groups import MANAGERS


@dataclass(frozen=True)
class Setting:
    """One setting, a field of ``aftersales.settings.mixin``.

    :param str name: of the field
    :param str unit: unit of the number, shown behind it
    :param str groups: users of these groups may change it on the managers' screen, external ids divided by commas
    :param dict attributes: of the field in a form, for example ``widget``
    :param str invisible: condition on other settings under which it is not shown
    """

    name: str
    unit: str = ""
    groups: str = MANAGERS
    attributes: dict = field(default_factory=dict)
    invisible: str = ""


@dataclass(frozen=True)
class SettingsBlock:
    """Settings that stand together under one title.

    :param str name: technical, of the block in the form
    :param str title: in the language of the reader
    :param int sequence: place among the blocks
    :param tuple settings: of :class:`Setting`, in the order in which they are shown
    """

    name: str
    title: str
    sequence: int
    settings: tuple[Setting, ...]
