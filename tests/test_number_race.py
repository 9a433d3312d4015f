"""Numbers that two transactions draw at the same time."""

from psycopg2 import OperationalError


def _new_ticket(env):
    values = {"name": "打印机离线", "description": "<p>无法打印</p>"}
    return env["helpdesk.ticket"].create(values).number


def test_two_tickets_made_at_once_get_different_numbers(race):
    numbers = [outcome.value for outcome in race(_new_ticket, _new_ticket)]
    assert all(numbers) and "/" not in numbers
    assert len(set(numbers)) == 2


def _gapless(database):
    with database.env() as env:
        env["ir.sequence"].create(
            {"name": "档案", "code": "tests.archive", "prefix": "A", "implementation": "no_gap"}
        )


def _draw(env):
    return env["ir.sequence"].next_by_code("tests.archive")


def test_a_gapless_sequence_gives_the_loser_of_a_race_the_next_number(database, race):
    _gapless(database)
    outcomes = race(_draw, _draw)
    assert sorted(outcome.value for outcome in outcomes) == ["A1", "A2"]
    assert sum(outcome.attempts for outcome in outcomes) > 2, "nobody had to try again: no race"


def test_a_number_drawn_in_a_transaction_that_fails_is_given_again(database, race):
    _gapless(database)

    def fail(env):
        _draw(env)
        raise OperationalError("the document could not be stored")

    failed, drawn = race(fail, _draw)
    assert isinstance(failed.error, OperationalError)
    assert drawn.value == "A1"
    assert race(_draw)[0].value == "A2"
