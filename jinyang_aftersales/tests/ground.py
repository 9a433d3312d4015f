"""Common records of the tests: a company with a chart of accounts, a spare one, and the usual users, by external id.

``setup/lib/ground.py`` makes them once in the template database of a run. In any other database a test makes missing
ones by the same functions, within its own transaction.
"""

from contextlib import contextmanager
from unittest.mock import patch

from passlib.context import CryptContext

from odoo.fields import Command
from odoo.tests import new_test_user

# no addon has this name, so that no update of an addon deletes the records
MODULE = "jinyang_test"
TZ = "Asia/Shanghai"
# the tests look at days of the past, on which all rules of today held already
DUTIES_SINCE = "2020-01-01"
YEARS = range(2015, 2041)
# context in which records are created without a message
SILENT = {"tracking_disable": True, "mail_create_nolog": True, "mail_create_nosubscribe": True}
# name of the spare company until a test takes it
SPARE = "Spare Company"
# the colleague is a second specialist; employee and accountant have no role in the service
PEOPLE = {
    "director": "jinyang_aftersales.group_director",
    "manager": "jinyang_aftersales.group_manager",
    "specialist": "jinyang_aftersales.group_user",
    "colleague": "jinyang_aftersales.group_user",
    "callback": "jinyang_aftersales.group_callback",
    "archivist": "jinyang_aftersales.group_archivist",
    "developer": "jinyang_aftersales.group_developer",
    "employee": "base.group_user",
    "accountant": "account.group_account_manager",
}


def find_or_make(env, name, make):
    """Find a common record, or make it.

    :param odoo.api.Environment env: environment of the returned record
    :param str name: its external id within :data:`MODULE`
    :param make: function without arguments that makes the record where it is missing
    :return: the record
    """
    record = env.ref(f"{MODULE}.{name}", raise_if_not_found=False)
    if not record:
        record = make()
        env["ir.model.data"]._update_xmlids(
            [{"xml_id": f"{MODULE}.{name}", "record": record, "noupdate": True}]
        )
    return record


# === Companies === #


def get_company(env):
    """The company of the tests; the superuser works in it, too."""

    def make():
        company = make_company(env, "Jinyang Software")
        env.user.company_ids += company
        return company

    return find_or_make(env, "company", make)


def take_company(env, name, tz=TZ):
    """Another company: the spare one, or a new one when the test uses that already.

    :param str name: its name
    :param str tz: name of its time zone
    """
    company = find_or_make(env, "spare_company", lambda: make_company(env, SPARE))
    if company.name != SPARE:
        return make_company(env, name, tz)
    company.name = name
    company.partner_id.tz = tz
    return company


def make_company(env, name, tz=TZ):
    """A company with the chart of accounts of China (or a generic one where it is not installed).

    :param str name: its name
    :param str tz: name of its time zone
    """
    company = env["res.company"].create(
        {
            "name": name,
            "country_id": env.ref("base.cn").id,
            "currency_id": env.ref("base.CNY").id,
        }
    )
    company.partner_id.tz = tz
    company._write_unlocked({"aftersales_duties_since": DUTIES_SINCE})
    # the years of the tests have the holidays that a test enters
    env["aftersales.holiday.year"]._create_unlocked(
        [{"company_id": company.id, "year": year, "no_holidays": True} for year in YEARS]
    )
    # Odoo also names charts of modules that are not installed, and would install them for one
    code = "cn" if env["ir.module.module"]._get("l10n_cn").state == "installed" else "generic_coa"
    env["account.chart.template"].try_loading(code, company=company, install_demo=False)
    return company


def get_company_env(env, company):
    """:return: an environment of the superuser in a company, in English"""
    return env(
        context={
            **env.context,
            "allowed_company_ids": company.ids,
            "lang": "en_US",
            "tz": TZ,
        }
    )


# === People === #


def get_person(env, company, name):
    """One of the users of :data:`PEOPLE`, in the company of the tests.

    :param str name: key of the person
    """
    return find_or_make(env, f"user_{name}", lambda: make_user(env, company, name, PEOPLE[name]))


def make_user(env, company, name, groups, **values):
    """A user of a company whose login is ``aftersales_<name>``, e-mail ``<name>@example.com``.

    :param str name: name of the user
    :param str groups: external ids, comma separated
    """
    return new_test_user(
        env,
        f"aftersales_{name}",
        groups=groups,
        context={"no_reset_password": True},
        **{
            "name": name.capitalize(),
            "email": f"{name}@example.com",
            "company_id": company.id,
            "company_ids": [Command.set(company.ids)],
            "tz": TZ,
            **values,
        },
    )


# === Customers === #


def get_customer(env, name):
    """:return: one of the two companies of the portal tests, by its name"""
    return find_or_make(
        env,
        f"customer_{name.split()[0].lower()}",
        lambda: env["res.partner"].create({"name": name, "is_company": True, "lang": "en_US"}),
    )


def get_reader(env, login, customer=None):
    """A user whose password is the login.

    :param str login: login of the user
    :param customer: res.partner of a portal user; without one an internal user without a role is made
    """

    def make():
        user = new_test_user(
            env,
            login,
            groups="base.group_portal" if customer else "base.group_user",
            password=login,
            email=f"{login}@example.com",
            lang="en_US",
        )
        if customer:
            user.partner_id.parent_id = customer
        return user

    return find_or_make(env, f"reader_{login}", make)


def get_readers(env):
    """The users of the portal tests: Alice and Carol, Bob of another customer, and Ivan, an internal user.

    :param odoo.api.Environment env: environment of the company they belong to
    :return: both customers, and the users by login
    :rtype: tuple
    """
    customer, stranger = get_customer(env, "Alpha Trading"), get_customer(env, "Beta Works")
    return (
        customer,
        stranger,
        {
            "alice": get_reader(env, "alice", customer),
            "carol": get_reader(env, "carol", customer),
            "bob": get_reader(env, "bob", stranger),
            "ivan": get_reader(env, "ivan"),
        },
    )


# === All of it === #


def prepare(env):
    """Make all common records that are missing.

    :param odoo.api.Environment env: of the superuser; the caller commits
    :return: the environment of the company
    """
    with cheap_passwords():
        get_readers(env(context={"lang": "en_US", "no_reset_password": True}))
        company = get_company(env)
        find_or_make(env, "spare_company", lambda: make_company(env, SPARE))
        env = get_company_env(env, company)
        for name in PEOPLE:
            get_person(env, company.with_env(env), name)
    return env


@contextmanager
def cheap_passwords():
    """Context manager: hash passwords with one round, as Odoo's tests do."""

    def crypt_context(_users):
        return CryptContext(["pbkdf2_sha512", "plaintext"], pbkdf2_sha512__rounds=1)

    with patch(
        "odoo.addons.base.models.res_users.ResUsersPatchedInTest._crypt_context", crypt_context
    ):
        yield
