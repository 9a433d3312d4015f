"""A new customer of the telephone intake that is sent twice at the same instant, by a double click or two tabs."""

import pytest

SPECIALIST = "race_specialist"
NAME = "成都新锐贸易有限公司"


@pytest.fixture
def product(database):
    """A software; a specialist takes the calls. Gives its id."""
    database.new_user(SPECIALIST, "jinyang_aftersales.group_user", name="李伟")
    with database.env() as env:
        line = env["aftersales.product.line"].create({"name": "金算盘", "brand": "金算盘"})
        return (
            env["product.product"]
            .create({"name": "金算盘财务软件", "type": "service", "aftersales_line_id": line.id})
            .id
        )


def enter(product, key):
    def attempt(env):
        today = str(env.company._aftersales_today())
        values = {
            "name": NAME,
            "contact": "王芳",
            "serial": "JSP-1",
            "product_id": product,
            "date_start": today,
            "date_end": today,
        }
        return env["aftersales.intake"].create_customer(values, key)

    return attempt


def count(database):
    [row] = database.sql(
        "SELECT (SELECT count(*) FROM res_partner WHERE name = %s),"
        " (SELECT count(*) FROM aftersales_installation WHERE serial_number = 'JSP-1'),"
        " (SELECT count(*) FROM aftersales_intake_request)",
        NAME,
    )
    return row


def test_what_is_sent_twice_is_one_customer(database, race, product, log_watch):
    # the slower one is run again, and finds the row of the other
    log_watch.expect(r"bad query: [\s\S]*aftersales_intake_request_one_request")
    outcomes = race(enter(product, "key"), enter(product, "key"), login=SPECIALIST)
    assert [outcome.error for outcome in outcomes] == [None, None]
    assert len({outcome.value["id"] for outcome in outcomes}) == 1
    assert count(database) == (1, 1, 1)


def test_two_tabs_make_one_customer_and_the_other_tab_shows_it(database, race, product):
    outcomes = race(enter(product, "one"), enter(product, "two"), login=SPECIALIST)
    answers = [outcome.value for outcome in outcomes if not outcome.error]
    made = [answer for answer in answers if "id" in answer]
    shown = [answer for answer in answers if "doubles" in answer]
    assert len(made) == 1
    # the slower one finds the other's customer, or the serial number that is taken
    assert len(shown) == 1 or sum(bool(outcome.error) for outcome in outcomes) == 1
    assert count(database)[:2] == (1, 1)
