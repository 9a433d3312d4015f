"""What becomes of a transaction that another one was faster than."""

from contextlib import contextmanager

from psycopg2.errors import UniqueViolation

from odoo.exceptions import ConcurrencyError
from odoo.tools import mute_logger


@contextmanager
def run_again_when_taken():
    """Have the transaction run again when another one has taken a unique key.

    There is no savepoint: what the other transaction wrote cannot be read by this one (REPEATABLE READ), so
    nothing of it is kept. Odoo runs a request again from its beginning, the hourly job its step.

    :raises ConcurrencyError: instead of the error of the database
    """
    try:
        # a row of another transaction is no error of the database
        with mute_logger("odoo.sql_db"):
            yield
    except UniqueViolation as error:
        raise ConcurrencyError(str(error)) from error
