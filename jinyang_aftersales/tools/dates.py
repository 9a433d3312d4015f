"""Days of notices and terms of agreements, counted in calendar months."""

from datetime import date, timedelta
from fractions import Fraction

from dateutil.relativedelta import relativedelta

# last day a term may have: later ones leave no room for computing with dates
LAST_DAY = date(2999, 12, 31)


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


def add_months(anchor, months):
    """First day of the nth term of a chain; a day the month does not have becomes its last.

    Always counted from the anchor, never from the day before: 31 January, 28 February, 31 March.

    :param datetime.date anchor: first day of the first term
    :param int months: calendar months after it, may be negative
    :rtype: datetime.date
    """
    return anchor + relativedelta(months=months)


def months_between(anchor, day):
    """Months from the begin of a chain of terms to a day.

    :param datetime.date anchor: first day of the first term
    :param datetime.date day: the day looked for
    :return: months after the anchor, or None when no term of the chain begins on that day
    :rtype: int | None
    """
    months = (day.year - anchor.year) * 12 + day.month - anchor.month
    return months if add_months(anchor, months) == day else None


def next_term(anchor, date_start, date_end):
    """The term that follows another one, of the same length in calendar months.

    As long as both ends lie on the chain counted from ``anchor``, so does the next one: a chain begun on
    29 February comes back to that day in leap years. A term changed by hand begins a new chain.

    :param datetime.date anchor: first day of the chain's first term; a false value means ``date_start``
    :param datetime.date date_start: first day of the term that ends
    :param datetime.date date_end: its last day, inclusive
    :return: anchor, first day and last day of the next term
    :rtype: tuple[datetime.date, datetime.date, datetime.date]
    """
    day = timedelta(days=1)
    start = date_end + day
    for chain in (anchor or date_start, date_start):
        first, following = months_between(chain, date_start), months_between(chain, start)
        if first is not None and following is not None:
            return chain, start, add_months(chain, 2 * following - first) - day
    months = months_between(date_start, date_end)
    if months and date_end.day < date_start.day:
        # 29 February to 28 February: a full year, since that February has no day 29
        return start, start, add_months(start, months) - day
    return start, start, start + relativedelta(start, date_start) - day


def term_in_years(start, end):
    """Length of a term in years, exact: twelve months are a year, and further days a part of the month they lie in.

    :param datetime.date start: first day
    :param datetime.date end: last day, inclusive
    :rtype: fractions.Fraction
    """
    after = end + timedelta(days=1)
    length = relativedelta(after, start)
    months = length.years * 12 + length.months
    begun, next_begins = add_months(start, months), add_months(start, months + 1)
    part = Fraction((after - begun).days, (next_begins - begun).days)
    return (months + part) / 12
