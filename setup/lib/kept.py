"""Figures of our data in a database, to compare those taken before an upgrade with those after it.

They are read by SQL only, which works with any version of the addons. Rows that an upgrade adds are not counted: only
rows that existed before it are compared.
"""

import hashlib
from collections import defaultdict
from pathlib import Path

from psycopg2 import sql

ADDONS = ("jinyang_aftersales", "jinyang_aftersales_penalty")
# models of Odoo and OCA that our documents extend or refer to
SHARED_MODELS = (
    "account.move",
    "account.move.line",
    "account.payment",
    "calendar.event",
    "contract.contract",
    "contract.line",
    "helpdesk.ticket",
    "hr.employee",
    "hr.payslip",
    "hr.payslip.input",
    "hr.payslip.line",
    "mail.activity",
    "mail.followers",
    "mail.message",
    "mail.tracking.value",
    "res.company",
    "res.partner",
    "res.users",
)
# models that Odoo rebuilds from our Python code; the stored columns are counted instead
GENERATED = (
    "ir.model.constraint",
    "ir.model.fields",
    "ir.model.fields.selection",
    "ir.model.inherit",
    "ir.model.relation",
)
NUMBERS = ("float", "integer", "monetary")


def take_figures(cursor, filestore, before=None):
    """Read the figures of a database.

    :param cursor: psycopg2 cursor
    :param Path filestore: folder of the database's files, which need not exist
    :param dict before: figures taken earlier, under the names of today: only rows they counted are counted
    :return: ``rows``, ``columns``, ``tables``, ``files``, ``xmlids`` and ``numbers``, ready for JSON
    :rtype: dict
    """
    last = {model: row[1] for model, row in (before or {}).get("rows", {}).items()}
    own = own_models(cursor)
    shared = _existing(cursor, {model: model.replace(".", "_") for model in SHARED_MODELS})
    models = {**shared, **own}
    return {
        "rows": {model: _count(cursor, table, last.get(model)) for model, table in models.items()},
        "columns": {
            model: columns
            for model, table in models.items()
            if (columns := _columns(cursor, model, table, last.get(model), model in own))
        },
        "tables": _relations(cursor),
        "files": _files(cursor, models, Path(filestore), (before or {}).get("files")),
        "xmlids": _xmlids(cursor),
        "numbers": _numbers(cursor),
    }


def _query(cursor, query, *params):
    cursor.execute(query, params)
    return cursor.fetchall()


def _existing(cursor, tables):
    known = {
        name
        for (name,) in _query(cursor, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    }
    return {model: table for model, table in sorted(tables.items()) if table in known}


def own_models(cursor):
    """:return: the tables of the stored models that our addons define, by the name of the model"""
    rows = _query(
        cursor,
        "SELECT m.model FROM ir_model m WHERE NOT m.transient AND NOT m.abstract"
        " AND m.id IN (SELECT res_id FROM ir_model_data WHERE model = 'ir.model' AND module = ANY(%s))"
        " AND m.id NOT IN (SELECT res_id FROM ir_model_data WHERE model = 'ir.model' AND module != ALL(%s))",
        list(ADDONS),
        list(ADDONS),
    )
    return _existing(cursor, {model: model.replace(".", "_") for (model,) in rows})


def _within(last):
    return sql.SQL("") if last is None else sql.SQL(" WHERE id <= {}").format(sql.Literal(last))


def _count(cursor, table, last):
    """:return: number of rows, and the last id"""
    query = sql.SQL("SELECT count(*), coalesce(max(id), 0) FROM {}{}")
    [(count, highest)] = _query(cursor, query.format(sql.Identifier(table), _within(last)))
    # keep the former last id, so that deleted last rows show as a smaller number only
    return [count, highest if last is None else last]


def _columns(cursor, model, table, last, own):
    """Figures of the stored fields: number of filled values, sums of numbers, count of each selection value.

    :param bool own: whether our addons define the model; of other models only the fields are read that we add
    """
    fields = _query(
        cursor,
        "SELECT f.name, CASE c.udt_name WHEN 'jsonb' THEN 'json' ELSE f.ttype END"
        " FROM ir_model_fields f JOIN information_schema.columns c"
        " ON c.table_schema = 'public' AND c.table_name = %s AND c.column_name = f.name"
        " WHERE f.model = %s AND f.store AND f.name NOT IN ('id', 'write_date', 'write_uid')"
        " AND (%s OR f.ttype = 'monetary' OR f.id IN"
        " (SELECT res_id FROM ir_model_data WHERE model = 'ir.model.fields' AND module = ANY(%s)))"
        " ORDER BY f.name",
        table,
        model,
        own,
        list(ADDONS),
    )
    found = {}
    for name, kind in fields:
        column, source = sql.Identifier(name), sql.Identifier(table)
        if kind == "selection":
            query = "SELECT coalesce({}, ''), count(*) FROM {}{} GROUP BY 1 ORDER BY 1"
        elif kind == "boolean":
            query = "SELECT count(*) FILTER (WHERE {}) FROM {}{}"
        elif kind in NUMBERS:
            query = "SELECT count({0}), round(sum({0})::numeric, 4)::text FROM {1}{2}"
        else:
            query = "SELECT count({}) FROM {}{}"
        rows = _query(cursor, sql.SQL(query).format(column, source, _within(last)))
        if kind == "selection":
            found[name] = dict(rows)
        elif kind in NUMBERS:
            found[name] = list(rows[0])
        else:
            found[name] = rows[0][0]
    return found


def _relations(cursor):
    """:return: number of rows of our many2many tables, by the name of the table"""
    names = _query(
        cursor,
        "SELECT DISTINCT r.name FROM ir_model_relation r JOIN ir_module_module m ON m.id = r.module"
        " WHERE m.name = ANY(%s) AND r.name NOT IN (SELECT f.relation_table FROM ir_model_fields f"
        " JOIN ir_model o ON o.model = f.model WHERE o.transient AND f.relation_table IS NOT NULL)",
        list(ADDONS),
    )
    return {
        table: _query(cursor, sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table)))[0][
            0
        ]
        for table in _existing(cursor, {name: name for (name,) in names})
    }


def _files(cursor, models, filestore, before):
    """Checksums of the files of our documents, computed from their content and not read from the database.

    :param dict before: only these ids count; None: all
    :return: ``"model: SHA-1"`` by id
    """
    found = {}
    for number, model, name, content in _query(
        cursor,
        "SELECT id, res_model, store_fname, db_datas FROM ir_attachment"
        " WHERE type = 'binary' AND res_model = ANY(%s) ORDER BY id",
        list(models),
    ):
        if before is not None and str(number) not in before:
            continue
        content = bytes(content or b"")
        path = filestore / name if name else None
        if path and path.is_file():
            content = path.read_bytes()
        found[str(number)] = f"{model}: {hashlib.sha1(content).hexdigest()}"
    return found


def _xmlids(cursor):
    """:return: ``"model,id"`` by external id of our addons"""
    return {
        xmlid: f"{model},{number}"
        for xmlid, model, number in _query(
            cursor,
            "SELECT module || '.' || name, model, res_id FROM ir_model_data"
            " WHERE module = ANY(%s) AND model != ALL(%s) ORDER BY 1",
            list(ADDONS),
            list(GENERATED),
        )
    }


def _numbers(cursor):
    """:return: next number of each of our sequences, or of each of its date ranges; by id and code"""
    counters = _query(
        cursor,
        "SELECT s.id, s.code, s.implementation, s.number_increment, s.number_next, s.prefix, r.id, r.date_from::text,"
        " r.number_next FROM ir_sequence s LEFT JOIN ir_sequence_date_range r ON r.sequence_id = s.id"
        " WHERE s.code LIKE 'aftersales.%%' OR s.id IN (SELECT res_id FROM ir_model_data"
        " WHERE model = 'ir.sequence' AND module = ANY(%s)) ORDER BY s.id, r.date_from",
        list(ADDONS),
    )
    found = defaultdict(dict)
    for number, code, kind, step, following, prefix, year, begin, of_year in counters:
        if year:
            following = of_year
        if kind == "standard":
            name = f"ir_sequence_{number:03d}" + (f"_{year:03d}" if year else "")
            query = sql.SQL("SELECT last_value, is_called FROM {}").format(sql.Identifier(name))
            [(value, called)] = _query(cursor, query)
            following = value + step if called else value
        found[f"{number} {code} {prefix or ''}"][begin or ""] = following
    return dict(found)


# === Comparing === #


def find_losses(before, after):
    """Losses and changes by an upgrade.

    :param dict before: figures of before, with the present names, see :func:`rename`
    :param dict after: figures of the same rows
    :return: one line for each
    :rtype: list[str]
    """
    lost = []
    for part in before:
        for name, value in before[part].items():
            if name not in after[part]:
                lost.append(f"{part}: {name} is gone")
            elif part == "columns":
                lost += _compare(f"{part}: {name}", value, after[part][name])
            elif value != after[part][name]:
                lost.append(f"{part}: {name} was {value} and is {after[part][name]}")
    return lost


def _compare(place, before, after):
    return [
        f"{place}.{field} was {value} and is {after.get(field, 'gone')}"
        for field, value in before.items()
        if after.get(field) != value
    ]


def rename(figures, renamed):
    """Translate the names in figures to the present ones.

    :param dict figures: as :func:`take_figures` gives them
    :param dict renamed: by part, ``{"xmlids": {"old": "new"}}``; a name that ends in ``*`` is a prefix; None for
        names that were removed on purpose. ``models`` renames a model in all parts, ``columns`` a field
        (``model.field``, both with the present name of the model)
    :return: the figures, and the entries of ``renamed`` that matched a name
    :rtype: tuple[dict, set[tuple[str, str]]]
    """
    used = set()

    def today(part, name):
        for old, new in renamed.get(part, {}).items():
            if name == old or old.endswith("*") and name.startswith(old[:-1]):
                used.add((part, old))
                if new is None or not old.endswith("*"):
                    return new
                return new.removesuffix("*") + name[len(old) - 1 :]
        return name

    def renamed_keys(part, values):
        return {new: value for name, value in values.items() if (new := today(part, name))}

    def columns(model, values):
        named = {f"{model}.{name}": value for name, value in values.items()}
        return {
            name.removeprefix(f"{model}."): value
            for name, value in renamed_keys("columns", named).items()
        }

    def of_model(value, separator):
        model, rest = value.split(separator, 1)
        return f"{today('models', model) or model}{separator}{rest}"

    rows = renamed_keys("models", figures["rows"])
    result = {
        "rows": rows,
        "columns": {
            model: columns(model, values)
            for model, values in renamed_keys("models", figures["columns"]).items()
        },
        "tables": renamed_keys("tables", figures["tables"]),
        "files": {key: of_model(value, ":") for key, value in figures["files"].items()},
        "xmlids": {
            name: of_model(value, ",")
            for name, value in renamed_keys("xmlids", figures["xmlids"]).items()
        },
        "numbers": renamed_keys("numbers", figures["numbers"]),
    }
    return result, used
