"""Call-backs that two users or two runs of the job open, record or assign at the same time."""

from datetime import timedelta

import pytest

MODEL = "aftersales.callback"


@pytest.fixture
def office(database):
    """A customer with software, a ticket about it, a manager and a caller; gives their ids by name."""
    for login, group in (
        ("race_caller", "group_callback"),
        ("race_manager", "group_manager"),
        ("race_specialist", "group_user"),
    ):
        database.new_user(login, f"jinyang_aftersales.{group}", name=login)
    with database.env() as env:
        company = env.company
        company.partner_id.tz = "Asia/Shanghai"
        company.aftersales_callback_interval_days = 30
        users = env["res.users"].search([("login", "like", "race_")])
        by_login = {user.login: user.id for user in users}
        product = env["product.product"].create(
            {
                "name": "金蝶 KIS 专业版",
                "type": "service",
                "aftersales_line_id": env.ref(
                    "jinyang_aftersales.aftersales_product_line_kingdee"
                ).id,
            }
        )
        customer = env["res.partner"].create(
            {
                "name": "成都蜀光机械制造有限公司",
                "is_company": True,
                "service_user_id": by_login["race_specialist"],
            }
        )
        env["aftersales.installation"].create(
            {
                "partner_id": customer.id,
                "product_id": product.id,
                "installation_date": company._aftersales_today() - timedelta(days=90),
            }
        )
        ticket = env["helpdesk.ticket"].create(
            {
                "name": "报表为空",
                "description": "报表为空",
                "partner_id": customer.id,
                "company_id": company.id,
                "user_id": by_login["race_specialist"],
            }
        )
        return {"customer": customer.id, "ticket": ticket.id, **by_login}


def count(database, **wanted):
    where = " AND ".join(f"{name} = %s" for name in wanted)
    return database.sql(
        f"SELECT count(*) FROM aftersales_callback WHERE {where}", *wanted.values()
    )[0][0]


def open_call(env, ticket):
    return env[MODEL]._open_for(env["helpdesk.ticket"].browse(ticket), "visit").id


def test_opened_twice_at_once_there_is_one_call(database, office, race, log_watch):
    log_watch.expect(r"bad query: [\s\S]*aftersales_callback_one_per_document")
    outcomes = race(
        lambda env: open_call(env, office["ticket"]), lambda env: open_call(env, office["ticket"])
    )
    assert not [outcome.error for outcome in outcomes if outcome.error]
    assert len({outcome.value for outcome in outcomes}) == 1
    assert count(database, res_id=office["ticket"], kind="visit") == 1


def test_two_runs_of_the_job_make_one_routine_call(database, office, race, log_watch):
    log_watch.expect(r"bad query: [\s\S]*aftersales_callback_one_per_cycle")

    def run(env):
        company = env.company
        return env[MODEL]._create_routine(company, company._aftersales_today())

    outcomes = race(run, run)
    assert not [outcome.error for outcome in outcomes if outcome.error]
    assert count(database, partner_id=office["customer"], kind="routine") == 1


def test_recorded_by_two_at_once_one_result_stays(database, office, race):
    with database.env() as env:
        call = open_call(env, office["ticket"])

    def record(score):
        return lambda env: (
            env[MODEL].browse(call).action_record("reached", scores={"score_skill": score})
        )

    outcomes = race(record(5), record(1), login="race_caller")
    assert len([outcome for outcome in outcomes if outcome.error]) == 1
    assert count(database, id=call, state="done", attempt_count=1) == 1


def test_assigned_by_two_at_once_there_is_one_ticket_and_one_second_call(
    database, office, race, log_watch
):
    log_watch.expect(r"bad query: [\s\S]*aftersales_callback_(one_per_document|one_second_call)")
    with database.env("race_caller") as env:
        call = open_call(env, office["ticket"])
        env[MODEL].browse(call).action_record("reached", open_question="为什么为空?")

    def assign(env):
        return env[MODEL].browse(call).action_assign(office["race_specialist"]).id

    outcomes = race(assign, assign, login="race_manager")
    assert len([outcome for outcome in outcomes if outcome.error]) == 1
    tickets = database.sql("SELECT id FROM helpdesk_ticket WHERE name = %s", "为什么为空?")
    assert len(tickets) == 1
    with database.env() as env:
        stage = env["helpdesk.ticket.stage"].create(
            {"name": "关闭", "closed": True, "record_required": False}
        )

    def close(env):
        ticket = env["helpdesk.ticket"].browse(tickets[0][0])
        ticket.with_context(tracking_disable=True).stage_id = stage.id

    race(close, lambda env: env[MODEL]._verify_closed(env.company, None), close)
    assert count(database, parent_id=call) == 1
