"""What a new version of the product owes is owed from the day of its upgrade; what is older is left in peace."""

from collections import Counter
from typing import NamedTuple

import pytest
from harness.command import run_odoo
from harness.upgrade import KEPT, FormerDatabase

ADDONS = "jinyang_aftersales,jinyang_aftersales_penalty"
COUNT = 500
# of so many it is shown that they would owe it, had they come after the upgrade
SHOWN = 20


class Old(NamedTuple):
    """Documents of before the upgrade, and what makes the present version owe something for them.

    ``table``     their table
    ``row``       the row that is copied
    ``changes``   what differs in the copies; DAY is a day on which the rules of the penalties held already
    ``told``      kind and day of the deadline of which the version before has told people and managers
    ``pending``   whether a manager was asked to decide
    ``charged``   a case that was found, as a condition on penalties
    ``owed``      what is changed, so that the version of today owes it as for a document of its own days; empty: the
                  day of the upgrade alone protects them; None: nobody would owe anything for them
    """

    table: str
    row: str
    changes: dict
    told: tuple = ()
    pending: bool = False
    charged: str = ""
    owed: str | None = None


# for those that owed something before already: as if nobody had been told
UNTOLD = "DELETE FROM aftersales_reminder WHERE res_model = MODEL AND res_id = ANY(IDS)"
OLD = {
    # --- finished, or never said to have happened ---
    "visits approved and never answered": Old(
        "aftersales_visit",
        "state = 'approved'",
        {
            "name": "'OLD/' || n",
            "date_planned_start": "DAY + time '01:00'",
            "date_planned_end": "DAY + time '03:00'",
            "ticket_id": "NULL",
            "calendar_event_id": "NULL",
        },
        owed="",
    ),
    "implementations planned, and past their end": Old(
        "aftersales_implementation",
        "state = 'draft'",
        {"name": "'OLD/' || n", "date_start": "DAY - 5", "date_end": "DAY"},
        owed="",
    ),
    "tickets served, with a record in time": Old(
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
    "call-backs made": Old(
        "aftersales_callback",
        "state = 'done' AND kind = 'visit' AND open_question IS NULL",
        {
            "due_date": "DAY",
            "called_on": "DAY + 3 + time '02:00'",
            "res_id": "NULL",
            "res_model": "NULL",
        },
    ),
    "applications executed": Old(
        "aftersales_application",
        "state = 'done'",
        {
            "name": "'OLD/' || n",
            "date": "DAY",
            "executed_on": "DAY + time '02:00'",
            "ticket_id": "NULL",
        },
    ),
    "changes refused": Old(
        "aftersales_change_request",
        "state = 'refused'",
        {
            "name": "'OLD/' || n",
            "customer_requested_on": "DAY",
            "ticket_id": "NULL",
            "from_record": "false",
        },
    ),
    "changes done": Old(
        "aftersales_change_request",
        "state = 'done'",
        {
            "name": "'OLD2/' || n",
            "customer_requested_on": "DAY",
            "ticket_id": "NULL",
            "from_record": "false",
        },
    ),
    "originals lost": Old(
        "aftersales_archive_entry",
        "state = 'lost'",
        {"name": "'OLD/' || n", "res_id": "NULL", "date_deadline": "DAY", "lost_on": "DAY"},
    ),
    # --- without a "by when" until the upgrade ---
    "applications approved and not carried out": Old(
        "aftersales_application",
        "state = 'approved'",
        {"name": "'OLD2/' || n", "date": "DAY", "ticket_id": "NULL"},
        owed="UPDATE aftersales_application SET execution_due_date = DAY WHERE id = ANY(IDS)",
    ),
    "applications nobody has decided": Old(
        "aftersales_application",
        "state = 'submitted'",
        {"name": "'OLD3/' || n", "date": "DAY", "ticket_id": "NULL"},
        pending=True,
        owed="UPDATE aftersales_application SET approval_due_date = DAY WHERE id = ANY(IDS)",
    ),
    "changes nobody has decided": Old(
        "aftersales_change_request",
        "state = 'submitted'",
        {
            "name": "'OLD3/' || n",
            "customer_requested_on": "DAY",
            "ticket_id": "NULL",
            "from_record": "false",
        },
        pending=True,
        owed="UPDATE aftersales_change_request SET approval_due_date = DAY WHERE id = ANY(IDS)",
    ),
    "visits nobody has decided": Old(
        "aftersales_visit",
        "state = 'submitted'",
        {
            "name": "'OLD2/' || n",
            "date_planned_start": "DAY + time '01:00'",
            "date_planned_end": "DAY + time '03:00'",
            "ticket_id": "NULL",
            "calendar_event_id": "NULL",
        },
        pending=True,
        owed="UPDATE aftersales_visit SET approval_due_date = DAY WHERE id = ANY(IDS)",
    ),
    "questions given to a specialist": Old(
        "helpdesk_ticket",
        "service_mode = 'remote' AND service_done_on IS NULL AND closed_date IS NULL",
        {"number": "'OLD2/' || n", "create_date": "DAY + time '01:00'"},
        owed="UPDATE helpdesk_ticket SET question_due_date = DAY WHERE id = ANY(IDS)",
    ),
    "agreements whose invoice was not dispatched": Old(
        "contract_contract",
        "agreement_stage = 'signed' AND invoice_sent_on IS NOT NULL",
        {
            "code": "'OLD/' || n",
            "invoice_sent_on": "NULL",
            "term_end": "DAY + 300",
            "date_end": "DAY + 300",
            "renewal_of_id": "NULL",
            "access_token": "NULL",
        },
        owed="UPDATE contract_contract SET invoice_dispatch_due = DAY WHERE id = ANY(IDS)",
    ),
    "invoices overdue that are no agreement": Old(
        "account_move",
        "move_type = 'out_invoice' AND payment_state = 'not_paid'",
        {
            "name": "'OLD/' || n",
            "invoice_date": "DAY",
            "invoice_date_due": "DAY",
            "sequence_number": "n",
            "access_token": "NULL",
        },
        owed="",
    ),
    # what is owed for them is the call about the renewal
    "notices nobody has answered": Old(
        "aftersales_renewal_notice",
        "state = 'sent'",
        {
            "name": "'OLD/' || n",
            "term_end": "DAY - n::int",
            "notice_date": "DAY - n::int - 30",
            "answer": "NULL",
            "mail_id": "NULL",
            "sent_on": "DAY - n::int - 30 + time '02:00'",
        },
    ),
    # --- owed and told before; told once ---
    "implementations running past their end": Old(
        "aftersales_implementation",
        "state = 'running'",
        {
            "name": "'OLD2/' || n",
            "date_start": "DAY - 5",
            "date_end": "DAY",
            "forms_due_date": "DAY + 3",
        },
        told=(("implementation_end", "date_end"),),
        owed=UNTOLD,
    ),
    # cases are found under a released regulation with clauses, which no database of before has
    "implementations finished, without their forms": Old(
        "aftersales_implementation",
        "state = 'finished'",
        {
            "name": "'OLD3/' || n",
            "date_start": "DAY - 5",
            "date_end": "DAY",
            "forms_due_date": "DAY + 3",
        },
        charged="evidence_model = 'aftersales.implementation'",
    ),
    "visits back, without record and form": Old(
        "aftersales_visit",
        "state = 'feedback' AND record_filled_on IS NULL",
        {
            "name": "'OLD3/' || n",
            "date_planned_start": "DAY + time '01:00'",
            "date_planned_end": "DAY + time '03:00'",
            "left_on": "DAY + time '01:00'",
            "arrived_on": "DAY + time '02:00'",
            "returned_on": "DAY + time '03:00'",
            "record_due_date": "DAY + 1",
            "feedback_due_date": "DAY + 1",
            "ticket_id": "NULL",
            "calendar_event_id": "NULL",
        },
        told=(("visit_record", "record_due_date"), ("visit_feedback", "feedback_due_date")),
        charged="evidence_model = 'aftersales.visit'",
        owed=UNTOLD,
    ),
    "tickets served, with an open record": Old(
        "helpdesk_ticket",
        "NOT record_complete AND service_mode = 'remote' AND service_done_on IS NOT NULL",
        {
            "number": "'OLD3/' || n",
            "create_date": "DAY + time '01:00'",
            "service_done_on": "DAY + time '02:00'",
            "record_due_date": "DAY + 1",
        },
        told=(("record", "record_due_date"),),
        # unknown is who served the customer, so that nobody is fined for them
        owed=UNTOLD,
    ),
    "call-backs to make": Old(
        "aftersales_callback",
        "state = 'todo' AND kind = 'visit'",
        {"due_date": "DAY", "res_id": "NULL", "res_model": "NULL"},
        told=(("call", "due_date"),),
        owed=UNTOLD,
    ),
    "calls about a renewal to make": Old(
        "aftersales_callback",
        "state = 'todo' AND kind = 'renewal'",
        {"due_date": "DAY", "notice_id": "NULL", "contract_id": "NULL"},
        told=(("call", "due_date"),),
        owed=UNTOLD,
    ),
    "questions nobody has given out": Old(
        "aftersales_callback",
        "state = 'escalated'",
        {"due_date": "DAY", "escalation_date": "DAY", "res_id": "NULL", "res_model": "NULL"},
        told=(("escalation", "escalation_date"),),
        owed=UNTOLD,
    ),
    "originals not returned": Old(
        "aftersales_archive_entry",
        "state = 'expected' AND kind = 'data_clearing'",
        {"name": "'/'", "res_id": "NULL", "date_deadline": "DAY"},
        told=(("original_overdue", "date_deadline"),),
        owed=UNTOLD,
    ),
    "originals on loan": Old(
        "aftersales_archive_entry",
        "state = 'on_loan'",
        {
            "name": "'OLD2/' || n",
            "res_id": "NULL",
            "date_deadline": "DAY - 9",
            "loan_due_date": "DAY",
        },
        told=(("loan_overdue", "loan_due_date"),),
        owed=UNTOLD,
    ),
    "changes promised": Old(
        "aftersales_change_request",
        "state = 'development'",
        {
            "name": "'OLD4/' || n",
            "customer_requested_on": "DAY - 9",
            "date_promised": "DAY",
            "ticket_id": "NULL",
            "from_record": "false",
        },
        told=(("promise", "date_promised"),),
        owed=UNTOLD,
    ),
    "complaints to answer": Old(
        "aftersales_complaint",
        "state = 'investigating'",
        {"name": "'OLD/' || n", "date_received": "DAY - 3", "date_deadline": "DAY"},
        told=(("complaint", "date_deadline"),),
        owed=UNTOLD,
    ),
}
COLUMNS = """
    SELECT column_name FROM information_schema.columns WHERE table_name = %s AND column_name != 'id'
"""
DAY = "(SELECT max(date_from) + 10 FROM aftersales_penalty_rule)::date"
TOLD = """
    INSERT INTO aftersales_reminder (company_id, res_model, res_id, kind, date_deadline, told_on, escalated_on)
    SELECT company_id, %s, id, %s, {field}, {field} + 1, {field} + 4 FROM {table} WHERE id = ANY(%s) RETURNING id
"""
ASKED = """
    INSERT INTO aftersales_approval_approver_rel (aftersales_approval_id, res_users_id)
    SELECT approval.id, approver.id
    FROM aftersales_approval approval, (SELECT min(res_users_id) AS id FROM aftersales_approval_approver_rel) approver
    WHERE approval.id = ANY(%s) RETURNING aftersales_approval_id
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
    "call": "SELECT count(*) FROM aftersales_callback WHERE res_model = %s AND res_id = ANY(%s)",
}


@pytest.fixture(scope="module")
def former(odoo_configured):
    """A database of the version before duties had a day from which they are owed."""
    database = FormerDatabase(KEPT / "19.0.2.0.0.sql.gz")
    yield database
    database.drop()


def copy_row(database, table, condition, changes, documents=None):
    """Copy a row many times, by SQL: the version before would have had it.

    :param list documents: ids of documents, one for each copy, as DOCUMENT in the changes
    :return: ids of the copies
    :rtype: list[int]
    """
    names = [name for (name,) in database.sql(COLUMNS, table)]
    unknown = set(changes) - set(names)
    assert not unknown, f"{table} has no {unknown}"
    values = [changes.get(name, f'"{name}"').replace("DAY", DAY) for name in names]
    columns = ", ".join(f'"{name}"' for name in names)
    rows = database.sql(
        f"INSERT INTO {table} ({columns}) SELECT {', '.join(values)}"
        f" FROM (SELECT * FROM {table} WHERE {condition} ORDER BY id LIMIT 1) AS original,"
        " unnest(%s::int[]) WITH ORDINALITY AS copy (document, n) ORDER BY n RETURNING id",
        documents or [0] * COUNT,
    )
    assert len(rows) == COUNT, f"no row of {table} has {condition}"
    return [number for (number,) in rows]


def make_old(database, old):
    """Make documents as they were left before the upgrade, with what people were told about them.

    :return: ids of the documents
    :rtype: list[int]
    """
    secrets = (
        {"access_token": "NULL"}
        if database.sql(COLUMNS + " AND column_name = 'access_token'", old.table)
        else {}
    )
    ids = copy_row(database, old.table, old.row, {**secrets, **old.changes})
    model = old.table.replace("_", ".")
    for kind, field in old.told:
        query = TOLD.format(field=field, table=old.table)
        assert len(database.sql(query, model, kind, ids)) == COUNT
    if old.pending:
        asked = copy_row(
            database,
            "aftersales_approval",
            f"decision = 'pending' AND res_model = '{model}'",
            {"res_id": "copy.document"},
            ids,
        )
        assert len(database.sql(ASKED, asked)) == COUNT
    if old.charged:
        copy_row(
            database,
            "aftersales_penalty",
            old.charged,
            {
                "name": "'OLD/' || copy.document",
                "evidence_id": "copy.document",
                "state": "'cancelled'",
            },
            ids,
        )
    return ids


def count_made(database, copies):
    """:return: how many rows of each kind there are, by name of the documents and kind
    :rtype: collections.Counter
    """
    made = Counter()
    for name, ids in copies.items():
        for kind, query in MADE.items():
            [(made[name, kind],)] = database.sql(query, OLD[name].table.replace("_", "."), ids)
    return made


def run_jobs(database):
    """Run the scheduled jobs of our addons once."""
    run_odoo(database, "shell", "--no-http", said=JOBS % (ADDONS.split(","),))


def test_old_documents_are_neither_fined_nor_reminded_after_the_upgrade(former):
    """B15: of 500 old documents of each kind the next job makes no penalty, no reminder, no activity and no mail."""
    copies = {name: make_old(former, old) for name, old in OLD.items()}
    before = count_made(former, copies)
    run_odoo(former, "server", "-u", ADDONS, "--no-http", "--stop-after-init")
    run_jobs(former)
    made = count_made(former, copies) - before
    assert not made

    # each of them lacks only its day, or was told already: otherwise the same job does something for it
    shown = {name: copies[name][:SHOWN] for name, old in OLD.items() if old.owed is not None}
    for name, ids in copies.items():
        former.sql(f"DELETE FROM {OLD[name].table} WHERE id = ANY(%s)", ids[SHOWN:])
    former.sql("UPDATE res_company SET aftersales_duties_since = '2020-01-01'")
    for name, ids in shown.items():
        query, model = OLD[name].owed, OLD[name].table.replace("_", ".")
        if query:
            former.sql(
                query.replace("DAY", DAY).replace("MODEL", f"'{model}'").replace("IDS", "%s"), ids
            )
    before = count_made(former, shown)
    run_jobs(former)
    made = count_made(former, shown) - before
    assert {name for name, _kind in made} == set(shown), made
