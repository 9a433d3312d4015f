"""Bring serial numbers to their normal form, and give each its key."""

from psycopg2.extras import execute_values

from odoo.addons.jinyang_aftersales.tools.keys import BrokenSerial, normalise_serial, serial_key

TABLES = ("aftersales_installation", "aftersales_serial_history")


def migrate(cr, version):
    """Normal form and keys; of two that are the same number now both are kept, and the later one is marked.

    The unique index leaves marked rows out; managers find them by a filter of the list of software. What cannot be a
    serial number is left as it is: nobody knows the right one.

    :param odoo.sql_db.Cursor cr: the database
    :param str version: the version before
    """
    if not version:
        return
    for table in TABLES:
        cr.execute(f"ALTER TABLE {table} ADD COLUMN IF NOT EXISTS serial_key varchar")
        cr.execute(f"SELECT id, serial_number FROM {table} WHERE serial_number <> ''")
        rows = []
        for row, text in cr.fetchall():
            # the history keeps what was there; its words for none have no key
            serial = _normalise(text) or (text if table == TABLES[1] else None)
            rows.append((row, serial, serial_key(_normalise(text) or "") or None))
        if table == TABLES[0]:
            # two spellings of a number were two numbers for the index there is
            cr.execute("DROP INDEX IF EXISTS aftersales_installation_serial_uniq")
        if rows:
            execute_values(
                cr._obj,
                f"UPDATE {table} SET serial_number = new.serial, serial_key = new.key FROM (VALUES %s)"
                f" AS new (id, serial, key) WHERE {table}.id = new.id",
                rows,
                template="(%s, %s::varchar, %s::varchar)",
                page_size=5000,
            )
    cr.execute("ALTER TABLE aftersales_installation ADD COLUMN IF NOT EXISTS serial_double boolean")
    # the one there first keeps the number to itself, of archived and active ones the active one
    cr.execute(
        """
        UPDATE aftersales_installation AS installation SET serial_double = placed.place > 1
          FROM (
            SELECT id, row_number() OVER (
                PARTITION BY company_id, serial_key ORDER BY active DESC NULLS LAST, id
            ) AS place
              FROM aftersales_installation WHERE serial_key IS NOT NULL
          ) AS placed
         WHERE installation.id = placed.id
        """
    )
    cr.execute(
        "UPDATE aftersales_installation SET serial_double = false WHERE serial_double IS NULL"
    )


def _normalise(text):
    """:return: the normal form, the text itself where it cannot be a serial number, False for words for none"""
    try:
        return normalise_serial(text)
    except BrokenSerial:
        return text.strip()
