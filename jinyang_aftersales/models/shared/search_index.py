"""Columns and indexes by which words are found in texts of records, however these are written. No model is defined
here."""

from odoo import models

from ...tools.keys import BETWEEN_FIELDS, SIGNS

# Immutable, so that a column can be made of them; written without names of this schema, so that a dump can be restored.
FOLD = f"""
CREATE OR REPLACE FUNCTION aftersales_fold(VARIADIC texts text[]) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
COST 20 AS $fold$
    SELECT lower(regexp_replace(
        normalize(array_to_string(texts, chr({ord(BETWEEN_FIELDS)})), NFKC), '[{{signs}}]+', '', 'g'
    ))
$fold$
"""
PAIRS = r"""
CREATE OR REPLACE FUNCTION aftersales_pairs(folded text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE
COST 500 AS $pairs$
    SELECT COALESCE(array_agg(DISTINCT pair), '{}')
      FROM (
        SELECT substr(folded, place, 2) AS pair FROM generate_series(1, length(folded) - 1) AS place
      ) AS neighbours
     WHERE octet_length(pair) > length(pair) AND strpos(pair, chr(1)) = 0
$pairs$
"""
# column of each table that has texts to be searched; PostgreSQL keeps it
COLUMN = "aftersales_text"


def make_functions(cr):
    """Make the functions of which the columns, indexes and searches are made.

    :param odoo.sql_db.Cursor cr: the database
    """
    cr.execute("SELECT to_regproc('aftersales_fold'), to_regproc('aftersales_pairs')")
    if None in cr.fetchone():
        # as escapes of the regular expression, in which brackets among the signs mean nothing
        signs = "".join(sign if sign == "-" else rf"\U{ord(sign):08x}" for sign in SIGNS)
        cr.execute(FOLD.replace("{signs}", signs))
        cr.execute(PAIRS)


def drop_functions(cr):
    """Drop the functions, with the columns and indexes made of them.

    :param odoo.sql_db.Cursor cr: the database
    """
    cr.execute("DROP FUNCTION IF EXISTS aftersales_fold(text[]), aftersales_pairs(text) CASCADE")


def make_column(model):
    """Make the column with the text of a record in which folded words are looked for, or make it anew of other columns.

    PostgreSQL keeps it, from the columns in ``_search_text``. It is no field: nobody reads it, and a comparison with it
    costs a tenth of making the text again.

    :param odoo.models.BaseModel model: model of the table
    """
    cr = model.env.cr
    make_functions(cr)
    made_of = f"aftersales_fold({', '.join(f'{name}::text' for name in model._search_text)})"
    cr.execute(
        """
        SELECT col_description(attrelid, attnum) FROM pg_attribute
         WHERE attrelid = %s::regclass AND attname = %s AND NOT attisdropped
        """,
        (model._table, COLUMN),
    )
    found = cr.fetchone()
    if found and found[0] == made_of:
        return
    if found:
        # with its indexes
        cr.execute(f"ALTER TABLE {model._table} DROP COLUMN {COLUMN}")
    cr.execute(
        f"ALTER TABLE {model._table} ADD COLUMN {COLUMN} text GENERATED ALWAYS AS ({made_of}) STORED"
    )
    cr.execute(f"COMMENT ON COLUMN {model._table}.{COLUMN} IS %s", (made_of,))


class TextIndex(models.Index):
    """Index over the text of the records; a model without any has none.

    :param str kind: ``trigram`` for words of letters and digits, ``pairs`` for those with Chinese characters
    """

    def __init__(self, kind):
        super().__init__(f"aftersales {kind}")
        self.kind = kind

    def get_definition(self, registry):
        # shown with the constraints of the module; what is made depends on the model
        return f"INDEX {self._index_definition}"

    def apply_to_database(self, model):
        if not model._search_text or (self.kind == "trigram" and not model.pool.has_trigram):
            return
        make_column(model)
        definition = {
            "trigram": f"USING gin ({COLUMN} gin_trgm_ops)",
            "pairs": f"USING gin ((aftersales_pairs({COLUMN})))",
        }[self.kind]
        index = models.Index(definition)
        index.name = self.name
        index.apply_to_database(model)
