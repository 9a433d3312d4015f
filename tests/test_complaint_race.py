"""Complaints about one employee decided at the same time: one of them is the first, one the third (七.1, 七.2)."""

import pytest
from harness.days import know_years
from harness.payroll import new_structure, new_worker

FAMILIES = "SELECT rule.code FROM {} AS row JOIN aftersales_penalty_rule rule ON rule.id = row.rule_id ORDER BY 1"


@pytest.fixture
def complaints(penalty_database):
    """``complaints(kind, kind, ...)``: investigated complaints about one employee, to be confirmed; gives their ids."""
    penalty_database.sql("UPDATE aftersales_penalty_rule SET date_from = '2020-01-01'")
    with penalty_database.env() as env:
        know_years(env)

    def make(*kinds):
        with penalty_database.env() as env:
            worker = new_worker(env, new_structure(env))
            customer = env["res.partner"].create({"name": "德阳东方机械厂", "is_company": True})
            # draw a first number of the year: the race to create its counter is tested in test_number_race.py
            sequences = env["ir.sequence"]
            for code in ("aftersales.penalty", "aftersales.sanction", "aftersales.callback"):
                sequences._aftersales_next(code, env.company)
            rows = env["aftersales.complaint"].with_user(env.ref("base.user_admin"))
            found = rows.create(
                [
                    {
                        "kind": kind,
                        "description": "电话里态度恶劣",
                        "partner_id": customer.id,
                        "employee_id": worker.id,
                    }
                    for kind in kinds
                ]
            )
            found.action_investigate()
            found.write({"findings": "属实", "outcome": "confirmed", "answer_draft": "非常抱歉"})
            return found.ids

    return make


def answer(complaint):
    return lambda env: (
        env["aftersales.complaint"]
        .with_user(env.ref("base.user_admin"))
        .browse(complaint)
        .action_answer()
    )


def codes(database, table):
    return [code for (code,) in database.sql(FAMILIES.format(table))]


def test_two_about_attitude_decided_at_once_are_a_first_and_a_second(
    penalty_database, penalty_race, complaints
):
    outcomes = penalty_race(*map(answer, complaints("attitude", "attitude")))
    assert [outcome.error for outcome in outcomes] == [None, None]
    assert codes(penalty_database, "aftersales_penalty") == ["ATTITUDE_1"]
    assert codes(penalty_database, "aftersales_sanction") == ["ATTITUDE_2"]


def test_three_decided_at_once_are_three_within_half_a_year(
    penalty_database, penalty_race, complaints
):
    outcomes = penalty_race(*map(answer, complaints("quality", "delay", "other")))
    assert [outcome.error for outcome in outcomes] == [None] * 3
    assert codes(penalty_database, "aftersales_sanction") == ["COMPLAINT_3"]


def test_complaints_about_different_people_do_not_wait_for_each_other(
    penalty_database, penalty_race, complaints
):
    [first], [second] = complaints("attitude"), complaints("attitude")
    outcomes = penalty_race(answer(first), answer(second))
    assert [outcome.error for outcome in outcomes] == [None, None]
    assert codes(penalty_database, "aftersales_penalty") == ["ATTITUDE_1", "ATTITUDE_1"]
