"""Pure functions without a database: dates of notices, serial numbers."""

import re
import unicodedata
from datetime import timedelta

from dateutil.relativedelta import relativedelta


def notice_date(date_end, months):
    """Day on which the customer is told that a service period ends (五.2.2).

    :param datetime.date date_end: last day of the service period, inclusive
    :param int months: calendar months ahead; a day the month does not have becomes its last
    :rtype: datetime.date
    """
    return date_end - relativedelta(months=months)


def last_date_in_notice(today, months):
    """Latest end of service whose notice day has come on ``today``.

    The inverse of :func:`notice_date`, so that a search can compare the stored column with
    one date. Months have no exact inverse: on 28 February the notices of 28 to 31 March are due.

    :param datetime.date today: the company's calendar day
    :param int months: calendar months ahead
    :rtype: datetime.date
    """
    last = today + relativedelta(months=months)
    while notice_date(last + timedelta(days=1), months) <= today:
        last += timedelta(days=1)
    return last


def normalise_serial(text):
    """One spelling for a serial number, however it was typed (full-width, spaces, case).

    :param text: what was typed, or a false value
    :rtype: str | bool
    """
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text or "")).strip().upper() or False
