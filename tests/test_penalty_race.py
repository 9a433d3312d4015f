"""Two concurrent searches for cases: each case becomes one penalty or exception, with one activity."""

from datetime import timedelta

import pytest
from harness.days import know_years
from harness.payroll import new_structure, new_worker

DETECTION = "aftersales.penalty.detection"
CASES = 12


@pytest.fixture
def tickets(penalty_database):
    """Remote services of ten days ago without a record, half of them of a user without an employee."""
    for login in ("race_worker", "race_stranger"):
        penalty_database.new_user(
            login, "jinyang_aftersales.group_user", email=f"{login}@example.com"
        )
    penalty_database.new_user("race_manager", "jinyang_aftersales.group_manager")
    penalty_database.sql("UPDATE aftersales_penalty_rule SET date_from = '2020-01-01'")
    with penalty_database.env() as env:
        users = env["res.users"].search([("login", "in", ("race_worker", "race_stranger"))])
        worker = users.filtered(lambda user: user.login == "race_worker")
        know_years(env)
        new_worker(env, new_structure(env), worker)
        customer = env["res.partner"].create({"name": "绵阳新华印务有限公司", "is_company": True})
        category = env.ref("jinyang_aftersales.helpdesk_ticket_category_need")
        done = env.cr.now().replace(microsecond=0) - timedelta(days=10)
        tickets = env["helpdesk.ticket"].create(
            [
                {
                    "name": f"报表不平 {number}",
                    "description": "x",
                    "partner_id": customer.id,
                    "category_id": category.id,
                    "user_id": users[number % 2].id,
                }
                for number in range(CASES)
            ]
        )
        tickets._write_unlocked({"service_done_on": done})
        # draw a first number of the year: the race to create its counter is tested in test_number_race.py
        env["ir.sequence"]._aftersales_next("aftersales.penalty", env.company)
        return tickets.ids


def detect(env):
    company = env["res.company"].browse(1)
    env[DETECTION].with_company(company)._detect_daily(company, company._aftersales_today())


def found(database):
    [penalties] = database.sql(
        "SELECT count(*), count(DISTINCT evidence_id) FROM aftersales_penalty"
    )
    [cases] = database.sql(
        "SELECT count(*), count(DISTINCT evidence_id) FROM aftersales_penalty_exception"
    )
    return penalties, cases


def test_two_searches_at_once_make_each_penalty_once(penalty_database, penalty_race, tickets):
    outcomes = penalty_race(detect, detect, detect)
    assert [outcome.error for outcome in outcomes] == [None] * 3
    half = CASES // 2
    assert found(penalty_database) == ((half, half), (half, half))
    numbers = penalty_database.sql("SELECT count(DISTINCT name) FROM aftersales_penalty")
    assert numbers == [(half,)]


def test_search_and_late_announcement_at_once_make_one_penalty(
    penalty_database, penalty_race, tickets
):
    with penalty_database.env() as env:
        mine = (
            env["helpdesk.ticket"]
            .browse(tickets)
            .filtered(lambda ticket: ticket.user_id.login == "race_worker")[0]
        )
        day = env["res.company"].browse(1)._aftersales_today() + timedelta(days=5)

    def announce(env):
        user = env["res.users"].search([("login", "=", "race_worker")])
        env["helpdesk.ticket"].with_user(user).browse(mine.id).action_announce_delay(
            "record", day, "太忙"
        )

    outcomes = penalty_race(detect, announce)
    assert [outcome.error for outcome in outcomes] == [None, None]
    [(count,)] = penalty_database.sql(
        "SELECT count(*) FROM aftersales_penalty WHERE evidence_id = %s", mine.id
    )
    assert count == 1


def test_search_after_a_crash_begins_where_it_stopped(penalty_database, tickets):
    with pytest.raises(ZeroDivisionError), penalty_database.env() as env:
        detect(env)
        raise ZeroDivisionError
    assert found(penalty_database) == ((0, 0), (0, 0))
    with penalty_database.env() as env:
        detect(env)
    assert found(penalty_database)[0][0] == CASES // 2
