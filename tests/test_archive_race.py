"""Originals filed and documents approved at the same time."""

import pytest

KIND = "appraisal"


@pytest.fixture
def filing(database):
    """``filing(number)``: prepares that number of originals, and returns one function for each, which files it."""

    def make(number):
        with database.env() as env:
            entries = env["aftersales.archive.entry"].create(
                [
                    {"kind": KIND, "document_name": f"考核表 {index}", "place": "A 柜"}
                    for index in range(number)
                ]
            )
            ids = entries.ids

        def file(entry_id, env):
            entry = env["aftersales.archive.entry"].browse(entry_id)
            entry.action_file()
            return entry.name

        return [lambda env, entry_id=entry_id: file(entry_id, env) for entry_id in ids]

    return make


def _count(name):
    return int(name.rsplit("-", 1)[1])


def test_originals_filed_at_once_get_numbers_without_gaps(race, filing, log_watch):
    log_watch.expect("ir_sequence_date_range")
    # the first two also race to create the sequence and its date range of the year
    first = race(*filing(2))
    second = race(*filing(2))
    assert not [outcome.error for outcome in first + second if outcome.error]
    assert sorted(_count(outcome.value) for outcome in first + second) == [1, 2, 3, 4]
    assert sum(outcome.attempts for outcome in first) > 2, "nobody had to try again: no race"


def test_number_of_a_filing_that_fails_is_given_to_the_next(race, filing, log_watch):
    log_watch.expect("ir_sequence_date_range")
    doomed, fine = filing(2)

    def fail(env):
        doomed(env)
        raise ValueError("the scan could not be stored")

    failed, filed = race(fail, fine)
    assert isinstance(failed.error, ValueError)
    assert _count(filed.value) == 1
    assert _count(race(doomed)[0].value) == 2


def test_one_original_filed_by_two_at_once_has_one_number(database, race, filing):
    (file,) = filing(1)
    outcomes = race(file, file)
    won = [outcome for outcome in outcomes if outcome.error is None]
    assert len(won) == 1, [outcome.error for outcome in outcomes]
    with database.env() as env:
        filed = env["aftersales.archive.entry"].search([("state", "=", "filed")])
        assert filed.mapped("name") == [won[0].value]
        assert race(*filing(1))[0].value.endswith("0002")


def test_two_who_open_the_entry_of_a_document_open_one(database, race, log_watch):
    log_watch.expect(r"bad query: [\s\S]*aftersales_archive_entry_document_once")
    with database.env() as env:
        customer = env["res.partner"].create({"name": "客户", "is_company": True})
        application = env["aftersales.application"].create(
            {"kind": "password", "partner_id": customer.id}
        )

    def expect(env):
        document = env["aftersales.application"].browse(application.id)
        return document._expect_archive_entry("password_recovery").id

    first, second = race(expect, expect)
    assert not (first.error or second.error)
    assert first.value == second.value


def test_deadline_is_told_once_by_two_runs_at_once(database, race, log_watch):
    log_watch.expect(r"bad query: [\s\S]*aftersales_reminder__once")
    with database.env() as env:
        company = env.company
        entry = env["aftersales.archive.entry"].create(
            {
                "kind": KIND,
                "document_name": "考核表",
                "holder_id": env.ref("base.user_admin").id,
                "date_deadline": "2020-01-02",
            }
        )

    def remind(env):
        env["aftersales.deadline.mixin"]._remind_all(
            env["res.company"].browse(company.id),
            company.browse(company.id).with_env(env)._aftersales_today(),
        )

    outcomes = race(remind, remind)
    assert not [outcome.error for outcome in outcomes if outcome.error]
    with database.env() as env:
        activities = env["aftersales.archive.entry"].browse(entry.id).activity_ids
        assert len(activities) == len(activities.user_id) > 0
