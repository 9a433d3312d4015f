"""Two managers who decide about one document at the same time."""

import pytest

MODEL = "aftersales.application"
MANAGERS = ("wang.fang", "zhao.min")


@pytest.fixture
def document(database):
    """An application both managers are asked about. Gives its id."""
    database.new_user("li.wei", "jinyang_aftersales.group_user", name="李伟")
    for login in MANAGERS:
        database.new_user(login, "jinyang_aftersales.group_manager", name=login)
    with database.env() as env:
        customer = env["res.partner"].create({"name": "成都蜀光机械", "is_company": True})
        contact = env["res.partner"].create({"name": "陈静", "parent_id": customer.id})
    with database.env("li.wei") as env:
        application = env[MODEL].create(
            {
                "kind": "data_clearing",
                "partner_id": customer.id,
                "contact_id": contact.id,
                "description": "2019 年订单",
                "original_holder_id": env.uid,
            }
        )
        application.action_submit()
        assert application.sudo().activity_ids.user_id.mapped("login") == list(MANAGERS)
        return application.id


def as_user(login, function):
    """A contestant that acts as one of the users, with all checks."""

    def run(env):
        user = env["res.users"].search([("login", "=", login)])
        return function(env(user=user.id, su=False))

    return run


def decide(login, method, document):
    """A manager who decides in the own inbox."""

    def run(env):
        activity = env["mail.activity"].search(
            [("user_id", "=", env.uid), ("res_model", "=", MODEL), ("res_id", "=", document)]
        )
        approval = env[MODEL].browse(document).approval_id
        getattr(activity, method)("意见", approval_ids=approval.ids)

    return as_user(login, run)


def outcome_of(database, document):
    [(state,)] = database.sql("SELECT state FROM aftersales_application WHERE id = %s", document)
    rows = database.sql(
        "SELECT decision FROM aftersales_approval WHERE res_model = %s AND res_id = %s",
        MODEL,
        document,
    )
    [(waiting,)] = database.sql(
        "SELECT count(*) FROM mail_activity WHERE active AND approval_id IS NOT NULL"
    )
    return state, [decision for (decision,) in rows], waiting


def test_two_managers_at_once_give_one_decision(database, document, race):
    outcomes = race(
        decide(MANAGERS[0], "action_approve_document", document),
        decide(MANAGERS[1], "action_refuse_document", document),
    )
    [error] = [str(outcome.error) for outcome in outcomes if outcome.error]
    assert any(login in error for login in MANAGERS), error
    state, decisions, waiting = outcome_of(database, document)
    assert state in ("approved", "refused")
    assert (decisions, waiting) == ([state], 0)
    messages = database.sql(
        "SELECT count(*) FROM mail_message WHERE model = %s AND res_id = %s AND body LIKE '%%意见%%'",
        MODEL,
        document,
    )
    assert messages == [(1,)]


def test_deciding_and_withdrawing_at_once_leaves_one_of_the_two(database, document, race):
    outcomes = race(
        decide(MANAGERS[0], "action_approve_document", document),
        as_user("li.wei", lambda env: env[MODEL].browse(document).action_withdraw()),
    )
    assert len([outcome for outcome in outcomes if outcome.error]) == 1
    assert outcome_of(database, document) in (
        ("approved", ["approved"], 0),
        ("draft", ["withdrawn"], 0),
    )


def test_bulk_decisions_of_two_managers_give_one_decision_each(database, document, race):
    def bulk(env):
        activities = env["mail.activity"].search([("user_id", "=", env.uid)])
        action = activities.action_open_decision()
        wizard = env[action["res_model"]].with_context(**action["context"]).create({})
        return wizard.action_approve()

    race(*(as_user(login, bulk) for login in MANAGERS))
    assert outcome_of(database, document) == ("approved", ["approved"], 0)
