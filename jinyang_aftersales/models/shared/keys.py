"""Keys of the guard, by which methods of the product write fields that nobody else writes. No model is in here."""

from dataclasses import dataclass

# The keys are in the context under this name. Callers from outside can send the name, but no object of this process.
KEY = "aftersales_unlocked"
# Stands among the fields of a key that opens a deletion.
DELETION = "unlink()"


@dataclass(slots=True, eq=False)
class UnlockedWrite:
    """A key: one write, creation or deletion of one model, and the fields that it may set.

    ``model``   name of the model
    ``fields``  names of its fields, or ``DELETION``
    ``ids``     ids of the records that are still to be written with the key, a set; None while the key is lent to
                methods of Odoo, which write any records of the model
    ``rows``    number of records that are still to be created with the key
    """

    model: str
    fields: set
    ids: set | None
    rows: int = 0
