"""Rows in sets: copies of one record made by the ORM, with columns that differ."""

import random

rand = random.Random(36)


def columns_of(env, table):
    """:return: names of the columns of a table but for generated ones, as the database has them"""
    env.cr.execute(
        "SELECT column_name FROM information_schema.columns"
        " WHERE table_name = %s AND is_generated = 'NEVER'",
        (table,),
    )
    return [name for (name,) in env.cr.fetchall()]


def copy_rows(record, count, **columns):
    """Copy a record by SQL; the copies have consecutive ids.

    :param record: the record that is copied
    :param int count: number of copies
    :param columns: SQL by name of a column, in which n counts the copies from 1
    :return: id of the first copy
    """
    env, table = record.env, record._table
    env.flush_all()
    env.cr.execute(f"SELECT max(id) + 1 FROM {table}")
    first = env.cr.fetchone()[0]
    names = columns_of(env, table)
    values = [columns.get(name, f'"{name}"') for name in names]
    values[names.index("id")] = f"{first - 1} + n"
    quoted = ", ".join(f'"{name}"' for name in names)
    env.cr.execute(
        f"INSERT INTO {table} ({quoted}) SELECT {', '.join(values)}"
        f" FROM {table}, generate_series(1, {count}) n WHERE id = {record.id}"
    )
    env.cr.execute(f"SELECT setval('{table}_id_seq', {first + count})")
    env.invalidate_all()
    return first


def make_words(count=7000):
    """:return: words of two characters, from the characters of everyday"""
    signs = [chr(code) for code in rand.sample(range(0x4E00, 0x8000), 1800)]
    return list({rand.choice(signs) + rand.choice(signs) for _ in range(count)})


def company_names(count):
    """:return: names of companies, of more than 5,000 different words"""
    words = make_words()
    kinds = ("科技", "商贸", "建材", "医药", "机械", "食品", "印务", "物流", "软件", "电子")
    return [
        f"{rand.choice(words)}{rand.choice(words)}{rand.choice(kinds)}有限公司"
        for _ in range(count)
    ]


def settle(env):
    """Commit, and let the planner know what there is."""
    env.flush_all()
    env.cr.commit()
    env.cr._cnx.autocommit = True
    env.cr.execute("VACUUM ANALYZE")
    env.cr._cnx.autocommit = False
