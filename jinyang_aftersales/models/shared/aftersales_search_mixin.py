import re

from lxml.builder import E

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...groups import INTERNAL
from ...tools.keys import BETWEEN_FIELDS, fold, fold_words, pairs, plain
from .search_index import COLUMN, TextIndex
from .search_lookup import Lookup

# records that are compared with a whole name
COMPARED = 200
POSITIVE = frozenset({"ilike", "like", "=ilike", "=like", "=", "in"})
# marks around a name that is pasted
AROUND = " \t\r\n\"'“”‘’「」『』<>《》【】〔〕,，;；。、"


class AftersalesSearchMixin(models.AbstractModel):
    """Records are found by anything a caller says or a paper shows, however it is written.

    Each word has to be found in one of: the texts of the record (``_search_text``), what a linked record is found by
    (``_search_links``), the label of a choice (``_search_labels``), or whatever else the model adds in
    :meth:`_get_word_domains`. What the user may not read finds nothing: linked records are searched with the user's
    rights, fields without access are left out, and users of the portal have no such search at all.

    The search of names uses it, too: what a record shows as its name finds it.
    """

    _name = "aftersales.search.mixin"
    _description = "Found by Anything"

    # stored columns in which words are looked for, by an index
    _search_text = ()
    # many2one fields: a record is found by what the linked one is found by
    _search_links = ()
    # selection fields whose labels are part of what people read
    _search_labels = ()

    aftersales_any = fields.Char(
        string="Anything",
        store=False,
        search="_search_aftersales_any",
        groups=INTERNAL,
        exportable=False,
        help="Number, customer, contact, telephone, serial number, QQ or title.",
    )

    _any_text_idx = TextIndex("trigram")
    _any_pairs_idx = TextIndex("pairs")

    # === Searching === #

    def _search_aftersales_any(self, operator, value):
        if operator not in POSITIVE:
            return NotImplemented
        texts = [value] if isinstance(value, str) or not value else value
        # users of the portal may name the field in a domain; it has nothing for them
        if self.env.user.share and not self.env.su:
            return Domain.FALSE
        return Domain.OR(self._get_any_domain(str(text or "")) for text in texts)

    @api.model
    def _find_any(self, text, limit=None):
        """Records that a text finds, of those the user may read.

        :param str text: as typed or pasted
        :param int limit: how many at most
        :rtype: odoo.models.BaseModel
        """
        if not self.has_access("read"):
            return self.browse()
        return self.search(self._search_aftersales_any("ilike", text), limit=limit)

    @api.model
    def _get_any_domain(self, text):
        """Records that a text finds: by all of it, or by all its words.

        :param str text: as typed or pasted
        :return: FALSE for less than two characters
        :rtype: Domain
        """
        # nobody looks for more; the rest of a whole letter that was pasted would only cost time
        text = plain(text[:500]).strip(AROUND)[:200]
        number = re.fullmatch(rf"{re.escape(self._name)},([0-9]{{1,9}})", text)
        if number:
            # the name of records without any
            return Domain("id", "=", int(number[1]))
        whole, words = fold(text), fold_words(text)
        if len(whole) < 2:
            return Domain.FALSE
        found = Domain.OR(self._get_word_domains(whole, text))
        if not self._search_text:
            found |= Domain.OR(self._get_label_domains(whole))
        if words and list(words) != [whole]:
            found |= Domain.AND(
                Domain.OR(self._get_word_domains(word, typed) + self._get_label_domains(word))
                for word, typed in list(words.items())[:8]
            )
        return found

    @api.model
    def _get_word_domains(self, word, text):
        """Conditions of which each finds a word; a model adds its own.

        :param str word: folded, of at least two characters
        :param str text: the same as typed
        :rtype: list[Domain]
        """
        lookup = Lookup(self.env)
        others = self._get_other_selects(word, text)
        lookup.ask("others", others)
        links = [
            field
            for field in map(self._fields.get, self._search_links)
            if self._has_field_access(field, "read")
        ]
        for name in {*(field.comodel_name for field in links), *self._get_search_documents()}:
            lookup.ask_word(self.env[name], word, text)
        lookup.run()
        # what is quickly compared comes first
        domains = [lookup.among("others", "id")]
        domains += [lookup.linked(field) for field in links]
        domains += [
            lookup.among(name, "res_id") & Domain("res_model", "=", name)
            for name in self._get_search_documents()
        ]
        return domains + self._get_own_domains(word, text)

    @api.model
    def _get_search_documents(self):
        """Models of the documents that ``res_model`` and ``res_id`` name, by which a record is found, too.

        :rtype: list[str]
        """
        return []

    @api.model
    def _get_label_domains(self, word):
        """Conditions that find a word in the labels of choices, in the user's language.

        :param str word: folded
        :rtype: list[Domain]
        """
        return [
            Domain(name, "in", codes)
            for name in self._search_labels
            if self._has_field_access(self._fields[name], "read")
            and (codes := self._get_choices(name, word))
        ]

    @api.model
    def _get_own_domains(self, word, text):
        """Conditions that find a word in the record itself, also when it is looked for from a linked one.

        :param str word: folded, of at least two characters
        :param str text: the same as typed
        :rtype: list[Domain]
        """
        if self._search_text:
            names = self._search_text
            if all(self._has_field_access(self._fields[name], "read") for name in names):
                return [_text_domain(names, word)]
            return []
        field = self._fields.get(self._rec_name)
        if field is None or not (field.store or field.search):
            return []
        if field.type == "many2one":
            return self._get_link_domains(self.env[field.comodel_name], [field], word, text)
        if field.type == "selection":
            return [Domain(field.name, "in", self._get_choices(field.name, word))]
        return [Domain(field.name, "ilike", text)] if field.type in ("char", "text") else []

    @api.model
    def _get_other_selects(self, word, text):
        """Statements that give ids of records a word finds by rows of another table; a model adds its own.

        :param str word: folded, of at least two characters
        :param str text: the same as typed
        :rtype: list[SQL]
        """
        return []

    @api.model
    def _get_link_domains(self, linked, links, word, text):
        """Conditions that find a word in the records some fields link to.

        :param odoo.models.BaseModel linked: model of the records
        :param list links: fields that link to it
        :param str word: folded
        :param str text: the same as typed
        :rtype: list[Domain]
        """
        lookup = Lookup(self.env)
        lookup.ask_word(linked, word, text)
        lookup.run()
        return [lookup.linked(field) for field in links]

    @api.model
    def _get_choices(self, name, word):
        """:return: codes of a selection field whose label in the user's language has the word in it"""
        choices = self._fields[name]._description_selection(self.env)
        return [code for code, label in choices if word in fold(label) or word == fold(code)]

    # === Names === #

    @api.model
    def _search_display_name(self, operator, value):
        """What a record shows as its name finds it, and so does anything else it is found by."""
        if self.env.user.share and not self.env.su:
            return super()._search_display_name(operator, value)
        if operator in ("ilike", "like", "=ilike") and isinstance(value, str):
            domain = self._get_any_domain(value.strip("%"))
            if not domain.is_false():
                return domain
        elif operator in ("=", "in") and value:
            texts = [value] if isinstance(value, str) else value
            if all(isinstance(text, str) for text in texts):
                found = self.browse().union(*map(self._find_named, texts))
                if found:
                    return Domain("id", "in", found.ids)
        field = self._fields.get(self._rec_name)
        if not self._rec_names_search and not (field and (field.store or field.search)):
            # nothing that the database could compare
            return Domain.FALSE if value else Domain.TRUE
        return super()._search_display_name(operator, value)

    @api.model
    def _find_named(self, text):
        """Records that show a text as their name; marks around it and its width make no difference.

        :param str text: as typed, pasted or imported
        :rtype: odoo.models.BaseModel
        """
        rows = self.search(self._get_any_domain(text), limit=COMPARED)
        exact = rows.filtered(lambda row: row.display_name == text)
        if exact:
            return exact
        folded = fold(text)
        return rows.filtered(lambda row: fold(row.display_name) == folded)

    @api.model
    def name_search(self, name="", domain=None, operator="ilike", limit=100):
        """Show the record first whose whole name was entered."""
        found = super().name_search(name, domain, operator, limit)
        if operator != "ilike" or len(found) < 2 or len(fold(name)) < 2:
            return found
        folded = fold(name)
        first = [row for row in found if fold(row[1]) == folded]
        if not first and limit and len(found) == limit:
            exact = super().name_search(name, domain, "=", limit)
            first = [row for row in exact if fold(row[1]) == folded]
        return (first + [row for row in found if row not in first])[:limit]

    # === Views === #

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        """Put the search by anything first in search views, so that Enter uses it."""
        arch, view = super()._get_view(view_id, view_type, **options)
        if view_type == "search" and arch.tag == "search":
            for node in arch.xpath("./field[@name='aftersales_any']"):
                arch.remove(node)
            arch.insert(0, E.field(name="aftersales_any"))
        return arch, view


def _text_domain(names, word):
    """Condition that finds a word in texts of records, by the index of the model.

    :param names: columns the text is made of
    :param str word: folded
    :rtype: Domain
    """

    def to_sql(model, alias, query):
        text = SQL(
            "%s",
            SQL.identifier(alias, COLUMN),
            to_flush=[model._fields[name] for name in names],
        )
        like = SQL("%s LIKE %s", text, f"%{word}%")
        found = pairs(word)
        if found:
            paired = SQL("aftersales_pairs(%s) @> %s", text, found)
            # The index of pairs knows which rows have them all. That of words would have the pairs of each made again,
            # and knows no Chinese in some databases: it cannot be taken for a comparison with more than the column.
            return SQL("(%s || '' LIKE %s AND %s)", text, f"%{word}%", paired)
        if len(word) > 2:
            return like
        # two letters or digits: a field begins with them
        return SQL(
            "(%s LIKE %s OR %s LIKE %s)",
            text,
            f"{word}%",
            text,
            f"%{BETWEEN_FIELDS}{word}%",
        )

    return Domain.custom(to_sql=to_sql)
