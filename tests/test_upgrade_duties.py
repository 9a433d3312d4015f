"""What a new version of the product owes is owed from the day of its upgrade; what is older is left in peace."""

import pytest
from harness.command import run_odoo
from harness.upgrade import DUMPS, FormerDatabase

ADDONS = "jinyang_aftersales,jinyang_aftersales_penalty"
COUNT = 500
# Documents that owed nothing when they were left: table, the row that is copied, and what differs in the copies.
# DAY is a day on which the rules of the penalties held already.
OLD = {
    "visits approved and never answered": (
        "aftersales_visit",
        "state = 'approved'",
        {
            "name": "'OLD/' || n",
            "date_planned_start": "DAY + time '01:00'",
            "date_planned_end": "DAY + time '03:00'",
            "ticket_id": "NULL",
            "calendar_event_id": "NULL",
        },
    ),
    "tickets served, with a record in time": (
        "helpdesk_ticket",
        "record_complete AND service_mode = 'remote' AND closed_date IS NOT NULL",
        {
            "number": "'OLD/' || n",
            "create_date": "DAY + time '01:00'",
            "service_done_on": "DAY + time '02:00'",
            "record_completed_on": "DAY + time '03:00'",
            "closed_date": "DAY + time '03:00'",
            "record_due_date": "DAY + 1",
        },
    ),
    "call-backs made": (
        "aftersales_callback",
        "state = 'done' AND kind = 'visit' AND open_question IS NULL",
        {
            "due_date": "DAY",
            "called_on": "DAY + 3 + time '02:00'",
            "res_id": "NULL",
            "res_model": "NULL",
        },
    ),
    "implementations planned, and past their end": (
        "aftersales_implementation",
        "state = 'draft'",
        {"name": "'OLD/' || n", "date_start": "DAY - 5", "date_end": "DAY"},
    ),
    "applications executed": (
        "aftersales_application",
        "state = 'done'",
        {
            "name": "'OLD/' || n",
            "date": "DAY",
            "executed_on": "DAY + time '02:00'",
            "ticket_id": "NULL",
        },
    ),
    "changes refused": (
        "aftersales_change_request",
        "state = 'refused'",
        {
            "name": "'OLD/' || n",
            "customer_requested_on": "DAY",
            "ticket_id": "NULL",
            "from_record": "false",
        },
    ),
    "changes done": (
        "aftersales_change_request",
        "state = 'done'",
        {
            "name": "'OLD2/' || n",
            "customer_requested_on": "DAY",
            "ticket_id": "NULL",
            "from_record": "false",
        },
    ),
    "originals lost": (
        "aftersales_archive_entry",
        "state = 'lost'",
        {"name": "'OLD/' || n", "res_id": "NULL", "date_deadline": "DAY", "lost_on": "DAY"},
    ),
}
# what the present version would owe for them, had they come after the upgrade
OWED = {"visits approved and never answered", "implementations planned, and past their end"}
SECRETS = {"access_token": "NULL"}
COLUMNS = """
    SELECT column_name FROM information_schema.columns WHERE table_name = %s AND column_name != 'id'
"""
JOBS = """
for job in env["ir.model.data"].search([("model", "=", "ir.cron"), ("module", "in", %r)]):
    assert env["ir.cron"].browse(job.res_id).method_direct_trigger() is True, job.name
"""
# rows that make somebody do something, or tell or fine them, with the document they are about
MADE = {
    "reminder": "SELECT count(*) FROM aftersales_reminder WHERE res_model = %s AND res_id = ANY(%s)",
    "activity": "SELECT count(*) FROM mail_activity WHERE res_model = %s AND res_id = ANY(%s)",
    "mail": """
        SELECT count(*) FROM mail_mail JOIN mail_message ON mail_message.id = mail_mail.mail_message_id
        WHERE mail_message.model = %s AND mail_message.res_id = ANY(%s)
    """,
    "notification": """
        SELECT count(*) FROM mail_notification JOIN mail_message ON mail_message.id = mail_notification.mail_message_id
        WHERE mail_message.model = %s AND mail_message.res_id = ANY(%s)
    """,
    "penalty": "SELECT count(*) FROM aftersales_penalty WHERE evidence_model = %s AND evidence_id = ANY(%s)",
    "exception": """
        SELECT count(*) FROM aftersales_penalty_exception WHERE evidence_model = %s AND evidence_id = ANY(%s)
    """,
}


@pytest.fixture(scope="module")
def former(odoo_configured):
    """A database of the version before, before the upgrade."""
    database = FormerDatabase(DUMPS[-1])
    yield database
    database.drop()


def copy_row(database, table, condition, changes):
    """Copy a row many times, by SQL: the version before would have had it.

    :return: ids of the copies
    :rtype: list[int]
    """
    names = [name for (name,) in database.sql(COLUMNS, table)]
    changes = {**SECRETS, **changes}
    day = "(SELECT max(date_from) + 10 FROM aftersales_penalty_rule)::date"
    values = [changes.get(name, f'"{name}"').replace("DAY", day) for name in names]
    columns = ", ".join(f'"{name}"' for name in names)
    rows = database.sql(
        f"INSERT INTO {table} ({columns}) SELECT {', '.join(values)}"
        f" FROM (SELECT * FROM {table} WHERE {condition} ORDER BY id LIMIT 1) row,"
        f" generate_series(1, {COUNT}) n RETURNING id"
    )
    assert len(rows) == COUNT, f"no row of {table} has {condition}"
    return [number for (number,) in rows]


def count_made(database, copies):
    """:return: how many rows of each kind were made, by name of the documents and kind"""
    made = {}
    for name, (table, ids) in copies.items():
        for kind, query in MADE.items():
            [(count,)] = database.sql(query, table.replace("_", "."), ids)
            if count:
                made[name, kind] = count
    return made


def run_jobs(database):
    """Run the scheduled jobs of our addons once."""
    run_odoo(database, "shell", "--no-http", said=JOBS % (ADDONS.split(","),))


def test_old_documents_are_neither_fined_nor_reminded_after_the_upgrade(former):
    """B15: of 500 old documents of each kind the next job makes no penalty, no reminder, no activity and no mail."""
    copies = {name: (row[0], copy_row(former, *row)) for name, row in OLD.items()}
    run_odoo(former, "server", "-u", ADDONS, "--no-http", "--stop-after-init")
    run_jobs(former)
    assert not count_made(former, copies)

    # it is the day of the upgrade that protects them; a few of them show it
    for name in OWED:
        table, ids = copies[name]
        former.sql(f"DELETE FROM {table} WHERE id = ANY(%s)", ids[20:])
    former.sql("UPDATE res_company SET aftersales_duties_since = '2020-01-01'")
    run_jobs(former)
    assert {name for name, _kind in count_made(former, copies)} >= OWED
