"""The service state of an installation or a customer, derived from dates at the moment of asking.

It is never stored, so that it changes at midnight of the company's time zone without any job. The same rule is
given three times, as Python, as SQL and as a domain; ``tests/customer/test_service_state.py`` compares them.
"""

from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.dates import last_date_in_notice

SERVICE_STATES = [
    ("in_service", "In Service"),
    ("expiring", "Expiring"),
    ("expired", "Expired"),
    ("none", "No Service"),
]
# From worst to best: the state of a customer is the best one among its installations.
SERVICE_RANK = ("none", "expired", "expiring", "in_service")


def company_limits(env):
    """Today and the end of the notice period of each company in view.

    :return: ``{(today, last): res.company}``; companies that share both dates share an entry,
        so that the usual database has one
    :rtype: dict
    """
    companies = env["res.company"].search([]) if env.su else env.companies
    limits = {}
    for company in companies:
        key = limits_of(company)
        limits[key] = limits.get(key, companies.browse()) | company
    return limits


def limits_of(company):
    """Today and the end of the notice period of one company; callers ask once for many records.

    :param company: res.company
    :return: its calendar day, and the latest end of service whose notice day has come
    :rtype: tuple[datetime.date, datetime.date]
    """
    today = company._aftersales_today()
    # sudo: a setting of the company, also for users who may not read companies
    return today, last_date_in_notice(today, company.sudo().aftersales_notice_months)


def state_of(limits, date_start, date_end):
    """Service state for one period.

    :param limits: today and the end of the notice period, see :func:`limits_of`
    :param date_start: first day, date or False
    :param date_end: last day, inclusive, date or False
    :return: one of the keys of :data:`SERVICE_STATES`
    """
    today, last = limits
    if not date_end or (date_start and date_start > today):
        return "none"
    if date_end < today:
        return "expired"
    return "expiring" if date_end <= last else "in_service"


def state_sql(env, company, date_start, date_end, labels=None):
    """SQL of the service state.

    :param env: environment
    :param SQL company: company id column
    :param SQL date_start: first day column
    :param SQL date_end: last day column
    :param dict labels: value to give for each state (default: the state itself)
    :rtype: SQL
    """
    labels = labels or {state: state for state in SERVICE_RANK}

    def case(today, last):
        return SQL(
            "CASE WHEN %(end)s IS NULL OR %(start)s > %(today)s THEN %(none)s"
            " WHEN %(end)s < %(today)s THEN %(expired)s"
            " WHEN %(end)s <= %(last)s THEN %(expiring)s ELSE %(in_service)s END",
            start=date_start,
            end=date_end,
            today=today,
            last=last,
            **labels,
        )

    limits = company_limits(env)
    if len(limits) == 1:
        return case(*next(iter(limits)))
    whens = [
        SQL("WHEN %s IN %s THEN %s", company, tuple(companies.ids), case(*key))
        for key, companies in limits.items()
    ]
    return SQL("CASE %s ELSE %s END", SQL(" ").join(whens), labels["none"])


def state_domain(env, states):
    """Domain of the installations that are in one of the states.

    :param env: environment
    :param states: iterable of state keys
    :rtype: Domain
    """
    limits = company_limits(env)
    result = Domain.FALSE
    for (today, last), companies in limits.items():
        # a first day that is not known has passed
        started = Domain("service_date_start", "=", False) | Domain(
            "service_date_start", "<=", today
        )
        parts = {
            "none": Domain("service_date_end", "=", False)
            | Domain("service_date_start", ">", today),
            "expired": started & Domain("service_date_end", "<", today),
            "expiring": started
            & Domain("service_date_end", ">=", today)
            & Domain("service_date_end", "<=", last),
            "in_service": started & Domain("service_date_end", ">", last),
        }
        domain = Domain.OR(parts[state] for state in set(states) if state in parts)
        if len(limits) > 1:
            domain &= Domain("company_id", "in", companies.ids)
        result |= domain
    return result
