"""Keys of all contacts of a database, made by sets: at installation and by the upgrade. No model is defined here."""

from psycopg2.extras import execute_values

from ...tools.keys import customer_key, fold, initials, local_part, phone_keys

BATCH = 5000


def get_keys(name, phones, qq_number):
    """Keys of a contact.

    :param str name: its name
    :param phones: texts with telephones
    :param str qq_number: its QQ number
    :return: kind and key of each
    :rtype: set[tuple[str, str]]
    """
    keys = set()
    for text in phones:
        for key in phone_keys(text):
            keys |= {("phone", key), ("phone", local_part(key) or key)}
    number = fold(qq_number)
    if number.isascii() and number.isdigit():
        keys.add(("qq", number))
    if name_key := customer_key(name):
        keys.add(("name", name_key[:200]))
    return keys


def make_all_keys(cr):
    """Make keys and mnemonic codes of contacts that have none.

    :param odoo.sql_db.Cursor cr: the database
    """
    last = 0
    while True:
        cr.execute(
            """
            SELECT id, name, phone, landline, qq_number, mnemonic IS NULL FROM res_partner AS partner
             WHERE id > %s AND NOT EXISTS (
                SELECT FROM aftersales_partner_key AS row WHERE row.partner_id = partner.id
             )
             ORDER BY id LIMIT %s
            """,
            (last, BATCH),
        )
        rows = cr.fetchall()
        if not rows:
            return
        last = rows[-1][0]
        keys = [
            (partner, kind, key)
            for partner, name, phone, landline, qq_number, _new in rows
            for kind, key in sorted(get_keys(name, (phone, landline), qq_number))
        ]
        # the cursor of psycopg below Odoo's own
        execute_values(
            cr._obj, "INSERT INTO aftersales_partner_key (partner_id, kind, key) VALUES %s", keys
        )
        codes = [(row[0], initials(row[1])) for row in rows if row[5] and initials(row[1])]
        if codes:
            execute_values(
                cr._obj,
                "UPDATE res_partner SET mnemonic = new.code FROM (VALUES %s) AS new (id, code)"
                " WHERE res_partner.id = new.id",
                codes,
            )
