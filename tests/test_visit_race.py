"""Visits that two users decide, sign or receive at the same time."""

import base64
import io
from datetime import timedelta

import pytest
from PIL import Image

MODEL = "aftersales.visit"
SPECIALIST = "race_visitor"
MANAGERS = ("race_visit_manager", "race_visit_manager2")
DESK = "race_desk"


@pytest.fixture
def visit(database):
    """A visit of a specialist that waits for two managers. Gives its id."""
    for login, group in (
        (SPECIALIST, "user"),
        (MANAGERS[0], "manager"),
        (MANAGERS[1], "manager"),
        (DESK, "callback"),
    ):
        database.new_user(login, f"jinyang_aftersales.group_{group}", email=f"{login}@example.com")
    with database.env() as env:
        user = env["res.users"].search([("login", "=", SPECIALIST)])
        customer = env["res.partner"].create(
            {"name": "成都蜀光机械制造有限公司", "is_company": True, "service_user_id": user.id}
        )
        contact = env["res.partner"].create({"name": "陈静", "parent_id": customer.id})
        customer.software_contact_id = contact
        start = env.cr.now().replace(microsecond=0) + timedelta(days=1)
        row = (
            env[MODEL]
            .with_user(user)
            .create(
                {
                    "partner_id": customer.id,
                    "problem": "打印机离线",
                    "address": "成都",
                    "date_planned_start": start,
                    "date_planned_end": start + timedelta(hours=2),
                    "arrival_agreed_with_id": contact.id,
                    "technician_ids": [(6, 0, user.ids)],
                }
            )
        )
        row.action_submit()
        return row.id


def act(visit, method, login, *arguments):
    """A contestant: a user who calls a method of the visit."""

    def run(env):
        user = env["res.users"].search([("login", "=", login)])
        return getattr(env[MODEL].with_user(user).browse(visit), method)(*arguments)

    return run


def refused(outcomes):
    return [str(outcome.error) for outcome in outcomes if outcome.error]


def read(database, visit):
    with database.env() as env:
        row = env[MODEL].browse(visit)
        return {
            "state": row.state,
            "decisions": row.approval_ids.mapped("decision"),
            "events": env["calendar.event"].search_count([("res_model", "=", MODEL)]),
            "tickets": env["helpdesk.ticket"].search_count([("visit_ids", "=", visit)]),
            "originals": len(row.archive_entry_ids),
            "callbacks": len(row.callback_ids),
        }


def test_two_managers_give_one_decision_one_entry_and_one_record(database, visit, race):
    outcomes = race(
        act(visit, "action_approve", MANAGERS[0]), act(visit, "action_approve", MANAGERS[1])
    )
    [error] = refused(outcomes)
    assert "already been decided" in error
    found = read(database, visit)
    assert found == {
        "state": "approved",
        "decisions": ["approved"],
        "events": 1,
        "tickets": 1,
        "originals": 1,
        "callbacks": 0,
    }


def test_approved_and_refused_at_once_it_is_one_of_both(database, visit, race):
    outcomes = race(
        act(visit, "action_approve", MANAGERS[0]),
        act(visit, "action_refuse", MANAGERS[1], "Too far"),
    )
    assert len(refused(outcomes)) == 1
    found = read(database, visit)
    assert found["decisions"] == [found["state"]]
    assert found["events"] == found["tickets"] == (found["state"] == "approved")


def at_the_customers(database, visit, on_phone):
    """Bring the visit to the customer's signature.

    :param bool on_phone: whether a form signed on the phone counts as received
    """
    stream = io.BytesIO()
    Image.new("RGB", (30, 10), "white").save(stream, "PNG")
    with database.env() as env:
        row = env[MODEL].with_user(env["res.users"].search([("login", "=", SPECIALIST)]))
        row = row.browse(visit)
        manager = env["res.users"].search([("login", "=", MANAGERS[0])])
        row.with_user(manager).action_approve()
        row.action_leave()
        row.action_arrive()
        row.company_id.sudo().aftersales_phone_form_received = on_phone
        row.write(
            {"result": "好了", "customer_signature": base64.b64encode(stream.getvalue()).decode()}
        )


def test_form_signed_in_two_tabs_opens_one_call(database, visit, race):
    at_the_customers(database, visit, on_phone=True)
    signed = race(act(visit, "action_sign", SPECIALIST), act(visit, "action_sign", SPECIALIST))
    assert len(refused(signed)) == 1
    assert read(database, visit)["callbacks"] == 1


def test_form_received_in_two_tabs_opens_one_call(database, visit, race):
    at_the_customers(database, visit, on_phone=False)
    signed = race(act(visit, "action_sign", SPECIALIST), act(visit, "action_sign", SPECIALIST))
    assert len(refused(signed)) == 1
    received = race(
        act(visit, "action_receive_feedback", DESK), act(visit, "action_receive_feedback", DESK)
    )
    [error] = refused(received)
    assert "no signed feedback form" in error
    assert read(database, visit)["callbacks"] == 1
    with database.env() as env:
        assert env[MODEL].browse(visit).signature_valid
