"""Indexes by which words are found in texts of records, however these are written. No model is defined here."""

from odoo import models
from odoo.tools import SQL

from ...tools.keys import BETWEEN_FIELDS, SIGNS

# Immutable, so that they can be indexed; written without names of this schema, so that a dump can be restored.
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


def make_functions(cr):
    """Make the functions of which the indexes are made.

    :param odoo.sql_db.Cursor cr: the database
    """
    cr.execute("SELECT to_regproc('aftersales_fold'), to_regproc('aftersales_pairs')")
    if None in cr.fetchone():
        # as escapes of the regular expression, in which brackets among the signs mean nothing
        signs = "".join(sign if sign == "-" else rf"\U{ord(sign):08x}" for sign in SIGNS)
        cr.execute(FOLD.replace("{signs}", signs))
        cr.execute(PAIRS)


def drop_functions(cr):
    """Drop the functions, with the indexes made of them.

    :param odoo.sql_db.Cursor cr: the database
    """
    cr.execute("DROP FUNCTION IF EXISTS aftersales_fold(text[]), aftersales_pairs(text) CASCADE")


def folded_sql(*columns):
    """:return: text of a row in which folded words are looked for, as :class:`SQL`"""
    return SQL("aftersales_fold(%s)", SQL(", ").join(SQL("%s::text", column) for column in columns))


class TextIndex(models.Index):
    """Index over the columns in ``_search_text`` of the model; a model without any has none.

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
        make_functions(model.env.cr)
        text = f"aftersales_fold({', '.join(f'{name}::text' for name in model._search_text)})"
        definition = {
            "trigram": f"USING gin (({text}) gin_trgm_ops)",
            "pairs": f"USING gin ((aftersales_pairs({text})))",
        }[self.kind]
        index = models.Index(definition)
        index.name = self.name
        index.apply_to_database(model)
