"""Two payslips of one employee at the same time: each fine is taken once, by one of them (F57)."""

import pytest
from harness.payroll import new_penalty, new_slip, new_structure, new_worker

# base64 of a minimal PDF
RECEIPT = "JVBERi0xLjQKJSVFT0Y="


@pytest.fixture
def slips(penalty_database):
    """Drafts of two months of an employee with two confirmed fines; gives their ids."""
    with penalty_database.env() as env:
        worker = new_worker(env, new_structure(env))
        new_penalty(env, worker, 50.0)
        new_penalty(env, worker, 30.0)
        return [new_slip(env, worker, months).id for months in (0, 1)]


def booked(database):
    return database.sql("SELECT sum(amount), count(*) FROM aftersales_penalty_deduction")[0]


def fund_and_penalties(database):
    return database.sql(
        "SELECT (SELECT sum(amount) FROM aftersales_fund_move), sum(amount_deducted), sum(amount_open)"
        " FROM aftersales_penalty"
    )[0]


def compute_and_confirm(slip):
    def run(env):
        record = env["hr.payslip"].browse(slip)
        record.compute_sheet()
        record.action_payslip_done()
        return record._get_penalty_line_amount()

    return run


def test_two_payslips_computed_at_once_take_each_fine_once(penalty_database, penalty_race, slips):
    outcomes = penalty_race(*map(compute_and_confirm, slips))
    assert [outcome.error for outcome in outcomes] == [None, None]
    assert sorted(outcome.value for outcome in outcomes) == [0, 80]
    assert booked(penalty_database) == (80, 2)
    assert fund_and_penalties(penalty_database) == (80, 80, 0)


def test_two_computed_payslips_confirmed_at_once_take_each_fine_once(
    penalty_database, penalty_race, slips
):
    with penalty_database.env() as env:
        env["hr.payslip"].browse(slips).compute_sheet()

    def confirm(slip):
        return lambda env: env["hr.payslip"].browse(slip).write({"state": "done"})

    outcomes = penalty_race(*map(confirm, slips))
    # the later one has to be computed again, because its line contains fines the other one has taken
    [error] = [outcome.error for outcome in outcomes if outcome.error]
    assert type(error).__name__ == "UserError"
    assert booked(penalty_database) == (80, 2)
    assert fund_and_penalties(penalty_database) == (80, 80, 0)


def test_fine_confirmed_while_a_payslip_is_confirmed_is_taken_by_the_next_one(
    penalty_database, penalty_race, slips
):
    with penalty_database.env() as env:
        worker = env["hr.payslip"].browse(slips[0]).employee_id.id

    def confirm_fine(env):
        return new_penalty(env, env["hr.employee"].browse(worker), 20.0).id

    outcomes = penalty_race(compute_and_confirm(slips[0]), confirm_fine)
    assert [outcome.error for outcome in outcomes] == [None, None]
    with penalty_database.env() as env:
        compute_and_confirm(slips[1])(env)
    assert booked(penalty_database) == (100, 3)
    assert fund_and_penalties(penalty_database) == (100, 100, 0)


def test_two_who_spend_at_once_spend_no_more_than_the_fund_holds(
    penalty_database, penalty_race, slips
):
    with penalty_database.env() as env:
        compute_and_confirm(slips[0])(env)

    def spend(env):
        fund = env["aftersales.fund"].search([]).with_user(env.ref("base.user_admin"))
        fund.action_spend(60, "部门聚餐", RECEIPT)

    outcomes = penalty_race(spend, spend)
    [error] = [outcome.error for outcome in outcomes if outcome.error]
    assert type(error).__name__ == "UserError"
    with penalty_database.env() as env:
        fund = env["aftersales.fund"].search([])
        assert (fund.balance, fund.spent) == (20, 60)


def test_fines_of_two_employees_confirmed_at_once_need_no_second_try(
    penalty_database, penalty_race, slips
):
    with penalty_database.env() as env:
        # the fund and the counter of payslips exist
        compute_and_confirm(slips[0])(env)
        structure = env["hr.payslip"].browse(slips[0]).struct_id
        drafts = []
        for name in ("王芳", "张敏"):
            worker = new_worker(env, structure, name=name)
            new_penalty(env, worker, 40.0)
            drafts.append(new_slip(env, worker))
        env["hr.payslip"].concat(*drafts).compute_sheet()
        ids = [slip.id for slip in drafts]

    def confirm(slip):
        return lambda env: env["hr.payslip"].browse(slip).write({"state": "done"})

    outcomes = penalty_race(*map(confirm, ids))
    assert [(outcome.error, outcome.attempts) for outcome in outcomes] == [(None, 1)] * 2
    assert fund_and_penalties(penalty_database) == (160, 160, 0)


def test_fine_confirmed_while_the_fund_is_spent_is_in_its_balance(
    penalty_database, penalty_race, slips
):
    with penalty_database.env() as env:
        compute_and_confirm(slips[0])(env)
        worker = env["hr.payslip"].browse(slips[1]).employee_id
        new_penalty(env, worker, 40.0)
        env["hr.payslip"].browse(slips[1]).compute_sheet()

    def spend(env):
        fund = env["aftersales.fund"].search([]).with_user(env.ref("base.user_admin"))
        fund.action_spend(60, "部门聚餐", RECEIPT)

    def confirm(env):
        env["hr.payslip"].browse(slips[1]).write({"state": "done"})

    outcomes = penalty_race(spend, confirm)
    assert [outcome.error for outcome in outcomes] == [None, None]
    with penalty_database.env() as env:
        fund = env["aftersales.fund"].search([])
        assert (fund.balance, fund.income, fund.spent) == (60, 120, 60)
