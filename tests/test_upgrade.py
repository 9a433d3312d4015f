"""Databases of former versions are upgraded without losses; CONTRIBUTING.md describes how they are made."""

from contextlib import closing

import psycopg2
import pytest
from harness.command import run_odoo
from harness.settings import PENALTY_TEMPLATE, PG
from harness.upgrade import DUMPS, KEPT, VERSION, FormerDatabase, read_figures, read_renamed
from kept import find_losses, own_models, rename

ADDONS = "jinyang_aftersales,jinyang_aftersales_penalty"
# statements that destroy data, and the figure that shows the loss
DAMAGE = {
    "DELETE FROM aftersales_reminder WHERE id = (SELECT max(id) FROM aftersales_reminder)": "rows: aftersales.reminder",
    "UPDATE account_move SET amount_total = amount_total + 0.01 WHERE id = (SELECT max(id) FROM account_move)": (
        "columns: account.move.amount_total"
    ),
    "UPDATE aftersales_visit SET state = 'draft' WHERE state = 'done'": "columns: aftersales.visit.state",
    "UPDATE helpdesk_ticket SET record_completed_on = NULL": "columns: helpdesk.ticket.record_completed_on",
    "ALTER TABLE aftersales_change_request DROP COLUMN confirmed_need CASCADE": (
        "columns: aftersales.change.request.confirmed_need"
    ),
    "DELETE FROM aftersales_visit_technician_rel": "tables: aftersales_visit_technician_rel",
    "UPDATE ir_attachment SET db_datas = 'x' WHERE res_model = 'aftersales.penalty'": "files: ",
    "DELETE FROM ir_model_data WHERE module = 'jinyang_aftersales' AND name = 'ir_cron_hourly'": (
        "xmlids: jinyang_aftersales.ir_cron_hourly is gone"
    ),
    "UPDATE ir_sequence_date_range SET number_next = 1": "numbers: ",
}
# models that moved from the one addon to the other: their fields keep their columns, and go with their new addon only
MOVED = r"^aftersales\.(personnel\.mixin|regulation|suggestion)"
MOVED_FIELDS = "SELECT id, model, name FROM ir_model_fields WHERE model ~ %s"
MOVED_OWNERS = """
    SELECT item.name, owner.name FROM ir_model_constraint item JOIN ir_module_module owner ON owner.id = item.module
    JOIN ir_model model ON model.id = item.model WHERE model.model ~ %s
    UNION ALL
    SELECT item.name, owner.name FROM ir_model_relation item JOIN ir_module_module owner ON owner.id = item.module
    JOIN ir_model model ON model.id = item.model WHERE model.model ~ %s
    UNION ALL
    SELECT data.name, data.module FROM ir_model_data data JOIN ir_model_fields field
    ON data.model = 'ir.model.fields' AND data.res_id = field.id WHERE field.model ~ %s
"""


@pytest.fixture(scope="module", params=DUMPS, ids=lambda path: path.name.removesuffix(".sql.gz"))
def former(odoo_configured, request):
    """A database of a former version, before the upgrade."""
    database = FormerDatabase(request.param)
    yield database
    database.drop()


def test_what_is_taken_away_is_seen(former):
    assert not former.find_losses(former.figures)
    for statement, expected in DAMAGE.items():
        lost = former.find_losses(former.figures, statement)
        assert any(line.startswith(expected) for line in lost), (statement, lost)


def test_an_upgrade_loses_nothing(former):
    fields = former.sql(MOVED_FIELDS, MOVED)
    run_odoo(former, "server", "-u", ADDONS, "--no-http", "--stop-after-init")
    figures, _used = rename(former.figures, read_renamed())
    lost = former.find_losses(figures)
    assert not lost, "\n".join(lost)
    assert set(fields) <= set(former.sql(MOVED_FIELDS, MOVED))
    owners = former.sql(MOVED_OWNERS, MOVED, MOVED, MOVED)
    assert len(owners) > len(fields) > 0
    core, penalty = (
        {name for name, owner in owners if owner == addon} for addon in ADDONS.split(",")
    )
    # what penalties add to the clauses is theirs
    assert all("penalty_rule" in name for name in penalty - core), penalty - core


def test_newest_dump_has_rows_in_every_model():
    """Models that came after the last release are asked for when the dump of the next one is made."""
    newest = max(KEPT.glob("*.sql.gz"))
    figures = read_figures(newest)
    counted = {**{model: row[0] for model, row in figures["rows"].items()}, **figures["tables"]}
    assert all(counted.values()), [name for name, count in counted.items() if not count]
    if newest.name.startswith(f"{VERSION}."):
        with closing(psycopg2.connect(dbname=PENALTY_TEMPLATE, **PG)) as connection:
            missing = own_models(connection.cursor()).keys() - counted.keys()
        assert not missing


def test_every_new_name_is_that_of_something_former():
    renamed = read_renamed()
    used = set().union(*(rename(read_figures(dump), renamed)[1] for dump in DUMPS))
    unused = {(part, old) for part, names in renamed.items() for old in names} - used
    assert not unused


def test_what_has_another_name_today_is_found_under_it():
    before = {
        "rows": {"old.model": [2, 9], "gone.model": [1, 1]},
        "columns": {"old.model": {"size": [2, "3.0000"], "note": 1}},
        "tables": {"old_rel": 4},
        "files": {"7": "old.model: abc"},
        "xmlids": {
            "penalty.rule_a": "old.model,1",
            "penalty.rule_b": "old.model,2",
            "core.x": "m,3",
        },
        "numbers": {"5 code X-": {"": 6}},
    }
    after = {
        "rows": {"new.model": [2, 9]},
        "columns": {"new.model": {"length": [2, "3.0000"], "note": 1, "more": 2}},
        "tables": {"new_rel": 4, "other_rel": 1},
        "files": {"7": "new.model: abc"},
        "xmlids": {"core.rule_a": "new.model,1", "core.rule_b": "new.model,2"},
        "numbers": {"5 code X-": {"": 6}},
    }
    renamed = {
        "models": {"old.model": "new.model", "gone.model": None},
        "columns": {"new.model.size": "new.model.length"},
        "tables": {"old_rel": "new_rel"},
        "xmlids": {"penalty.rule_*": "core.rule_*", "core.x": None, "never.was": "x.y"},
    }
    figures, used = rename(before, renamed)
    assert find_losses(figures, after) == []
    assert {(part, old) for part in renamed for old in renamed[part]} - used == {
        ("xmlids", "never.was")
    }
    assert len(find_losses(before, after)) == 8
