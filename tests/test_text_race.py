"""Texts that two people write at the same time, in real transactions."""

import pytest

BEFORE, MINE, THEIRS = "驱动未安装", "重装驱动", "更换数据线"


@pytest.fixture
def ticket(database):
    """An open ticket with a first text. Gives its id."""
    with database.env() as env:
        values = {"name": "打印机离线", "description": "x", "solution": BEFORE}
        return env["helpdesk.ticket"].create(values).id


def read_version(database, ticket):
    with database.env() as env:
        return env["helpdesk.ticket"].browse(ticket).texts_version


def save(ticket, text, **version):
    """A contestant: somebody who saves a form."""
    return lambda env: (
        env["helpdesk.ticket"].browse(ticket).web_save({"solution": text, **version}, {})
    )


def test_of_two_forms_saved_at_once_the_second_is_told(database, race, ticket):
    """M47: the second transaction is rolled back, tried anew, and then told what the first has written."""
    version = read_version(database, ticket)
    outcomes = race(
        save(ticket, MINE, texts_version=version), save(ticket, THEIRS, texts_version=version)
    )
    [told] = [str(outcome.error) for outcome in outcomes if outcome.error]
    [(kept,)] = database.sql("SELECT solution FROM helpdesk_ticket WHERE id = %s", ticket)
    assert {kept} < {MINE, THEIRS} and MINE in told and THEIRS in told
    rows = (
        "SELECT old_value_text, new_value_text FROM mail_tracking_value WHERE new_value_text = %s"
    )
    assert database.sql(rows, kept) == [(BEFORE, kept)]


def test_of_two_forms_closed_at_once_both_texts_are_kept(database, race, ticket):
    """M47: a form that is closed is not asked again; what it would overwrite with is in the history."""
    version = read_version(database, ticket)
    outcomes = race(
        save(ticket, MINE, closing_version=version), save(ticket, THEIRS, closing_version=version)
    )
    assert [outcome.error for outcome in outcomes] == [None, None]
    [(kept,)] = database.sql("SELECT solution FROM helpdesk_ticket WHERE id = %s", ticket)
    left = THEIRS if kept == MINE else MINE
    rows = database.sql(
        "SELECT old_value_text, new_value_text FROM mail_tracking_value"
        " WHERE new_value_text IN (%s, %s) ORDER BY id",
        MINE,
        THEIRS,
    )
    assert rows == [(BEFORE, kept), (kept, left)]
