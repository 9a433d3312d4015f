"""Makes the ledgers of this folder and what is expected of each of their rows.

From the folder of the project, with the Python the tests use::

    python -c 'import sys; sys.path.insert(0, "jinyang_aftersales/tests"); from ledgers import make; make.main()'
"""

import json

from .book import HERE, Book
from .facts import PEOPLE, PRODUCTS, World
from .plans import PLANS


def main():
    """Write all files anew; they are the same each time."""
    world = World()
    (HERE / "expected").mkdir(exist_ok=True)
    for name, values in (("products", PRODUCTS), ("people", PEOPLE)):
        text = json.dumps(values, ensure_ascii=False, indent=1)
        (HERE / f"{name}.json").write_text(text + "\n", encoding="utf-8")
    for plan in PLANS:
        book = Book(world, plan)
        book.fill()
        book.lay_out()
        book.make()
