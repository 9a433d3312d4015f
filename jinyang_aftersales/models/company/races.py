"""How a transaction is run again after it lost a race for a unique key against another one."""

from contextlib import contextmanager

from psycopg2.errors import UniqueViolation

from odoo.exceptions import ConcurrencyError
from odoo.tools import mute_logger


@contextmanager
def run_again_when_taken():
    """Have the transaction run again when another one has taken a unique key.

    There is no savepoint: this transaction cannot read the row of the other one (REPEATABLE READ), so it has to
    begin anew. Odoo runs a request again from its beginning, the hourly job its step.

    :raises ConcurrencyError: instead of the error of the database
    """
    try:
        # Log no error for a unique key that another transaction has taken.
        with mute_logger("odoo.sql_db"):
            yield
    except UniqueViolation as error:
        raise ConcurrencyError(str(error)) from error
