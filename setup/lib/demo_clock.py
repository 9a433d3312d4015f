"""The clock of the demo's year."""

from contextlib import contextmanager
from datetime import datetime

from freezegun import freeze_time


@contextmanager
def frozen(env, moment):
    """Context manager: what happens within it happened at another time.

    The work that Odoo leaves to the end of a transaction is done at that time, too, as after a click: the history of a
    document has the day of each change. Besides, that work keeps the environments in which it was ordered, and Odoo
    searches through all of them for each change of context.

    :param odoo.api.Environment env: environment of the demo
    :param moment: datetime or date
    """
    before = env.cr._now
    with freeze_time(moment):
        # the day on which rows are created: Odoo asks the database for it, once a transaction
        env.cr._now = datetime.now()
        try:
            yield
            env.cr.flush()
        finally:
            env.cr._now = before
