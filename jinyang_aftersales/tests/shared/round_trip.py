"""Exports documents and imports the file again, as a user does it in the browser.

The file is Odoo's own: the import-compatible fields of the dialogue, its CSV writer, and the import of ``base_import``.
"""

import csv
import io
from contextlib import contextmanager, suppress
from unittest.mock import patch

import psycopg2

from odoo.exceptions import UserError
from odoo.tools import mute_logger

from odoo.addons.web.controllers import export

from ...controllers import export as own_export

# what the import dialogue sends unless somebody chooses otherwise
OPTIONS = {
    "import_skip_records": [],
    "import_set_empty_fields": [],
    "fallback_values": {},
    "name_create_enabled_fields": {},
    "encoding": "utf-8",
    "separator": ",",
    "quoting": '"',
    "date_format": "%Y-%m-%d",
    "datetime_format": "%Y-%m-%d %H:%M:%S",
    "float_thousand_separator": ",",
    "float_decimal_separator": ".",
    "advanced": True,
    "has_headers": True,
    "keep_matches": False,
    "limit": 2000,
    "sheets": [],
    "sheet": "",
}


class Request:
    """What the controller of exports asks of a request."""

    def __init__(self, env):
        self.env = env


def list_fields(env, model, import_compat=True):
    """Import-compatible fields that the export dialogue offers, as columns of its file.

    :param odoo.api.Environment env: of the user who exports
    :param str model: name of the model
    :param bool import_compat: whether the file is meant to be imported again
    :rtype: list[str]
    """
    dialogue = own_export.AftersalesExport()
    endpoint = type(dialogue).get_fields.original_endpoint
    with (
        patch.object(export, "request", Request(env)),
        patch.object(own_export, "request", Request(env)),
    ):
        found = endpoint(dialogue, model, [], import_compat=import_compat)
    return [field["value"] for field in found if field["id"] != "id"]


def export_file(records, columns):
    """The file of an import-compatible export.

    :param records: documents, in the environment of the user who exports
    :param list columns: names of fields, as in the first line
    :rtype: bytes
    """
    rows = records.with_context(import_compat=True).export_data(columns)["datas"]
    return own_export.AftersalesCsvExport().from_data([], columns, rows).encode()


def import_file(env, model, content, dryrun=False):
    """Import a file whose first line names the fields.

    :param odoo.api.Environment env: of the user who imports
    :param str model: name of the model
    :param bytes content: the file
    :return: the answer to the dialogue: ids and messages
    :rtype: dict
    """
    wizard = env["base_import.import"].create(
        {"res_model": model, "file": content, "file_name": "export.csv", "file_type": "text/csv"}
    )
    columns = content.decode().splitlines()[0].replace('"', "").split(",")
    return wizard.execute_import(columns, columns, dict(OPTIONS), dryrun=dryrun)


# === The walk over all models === #

# would hide an example; unique; a choice written as text
UNFILLED = ("active", "barcode", "invoice_edi_format_store")
# a text of each kind that a file can spoil: signs of formulas, quotes, several lines, full width
SAMPLES = {
    "char": '=备注，“引号” "q", a;b',
    "text": '- 第一行\n第二行, "q"',
    "html": "<p>说明 &amp; 更多</p>",
    "date": "2026-03-01",
    "datetime": "2026-03-01 02:30:00",
    "integer": 7,
    "float": 7.5,
    "monetary": 7.5,
    "boolean": True,
}


class RoundTrip:
    """Walks over the models of an addon: exports the example of each model and imports the file again.

    A test class names the addon; examples come from the walk of the guard.
    """

    # models whose documents are made by methods only, or from other documents; a file makes none
    made_by_methods = frozenset()
    # documents to be made again where the example of the walk is not at its beginning, by model
    beginning = {}
    # columns that come back with another value, by model, with the reason
    other_values = {}
    roles = ("manager", "director", "admin")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # administrators have the right by Odoo
        cls.admin = cls.make_user("keeper", "base.group_system,jinyang_aftersales.group_director")
        cls.names = [name for name in sorted(cls.env.registry) if cls.is_walked(name)]
        for name in cls.names:
            example = cls.get_example(name)
            cls.fill(example)
        cls.env.flush_all()

    @classmethod
    def is_walked(cls, name):
        """:return: whether the model holds documents or rows of the addon"""
        model = cls.env[name]
        if model._abstract or model._transient or not model._auto:
            return False
        return model._original_module == cls.addon or name in getattr(cls, "extended", ())

    @classmethod
    def fill(cls, record):
        """Give an example values in all fields that a user may write, as far as its rules allow."""
        user = record.with_user(cls.director)
        if not user.has_access("write"):
            return
        for column in list_fields(user.env, record._name):
            name = column.split("/")[0]
            field = record._fields.get(name)
            if field is None or user[name] or name in UNFILLED:
                continue
            if field.type == "selection":
                value = (field.get_values(cls.env) or [False])[-1]
            elif field.type == "many2one":
                found = cls.env[field.comodel_name].search([], limit=1)
                value = field.required and found.id
            else:
                value = SAMPLES.get(field.type)
            if not value:
                continue
            with (
                suppress(UserError, ValueError, psycopg2.Error),
                mute_logger("odoo.sql_db"),
                cls.env.cr.savepoint(),
            ):
                user.write({name: value})
                cls.env.flush_all()
        cls.env.invalidate_all()

    def get_own(self, name, role):
        """:return: the example as a role reads it in Chinese; nothing where it may not"""
        env = self.env(
            user=getattr(self, role), su=False, context={**self.env.context, "lang": "zh_CN"}
        )
        records = env[name].browse(self.get_example(name).ids)
        return records if records.has_access("read") else records.browse()

    def walk(self):
        """Each model with each role that may read it.

        :return: pairs of example and columns of its file
        """
        for name in self.names:
            for role in self.roles:
                own = self.get_own(name, role)
                if own:
                    yield own, list_fields(own.env, name)

    @contextmanager
    def attempt(self, own):
        """Context manager: a part of a test, of which nothing remains."""
        with self.subTest(model=own._name, role=own.env.user.login), self.undone():
            yield

    @contextmanager
    def undone(self):
        savepoint = self.env.cr.savepoint()
        try:
            yield
        finally:
            savepoint.rollback()
            savepoint.close(rollback=False)
            self.env.invalidate_all()
            self.env.registry.clear_all_caches()

    def snap(self, records):
        """All stored values of records."""
        self.env.flush_all()
        self.env.invalidate_all()
        return {
            (record.id, name): record[name].ids if field.relational else record[name]
            for record in records.sudo().with_env(self.env)
            for name, field in record._fields.items()
            if field.store
        }

    def count_messages(self):
        return [
            self.env[name].sudo().search_count([])
            for name in ("mail.message", "mail.mail", "mail.activity")
        ]

    @staticmethod
    def tell(answer):
        return [message["message"] for message in answer["messages"]]

    def with_lines(self, own, columns):
        """Columns of a file that makes new documents: lines with their values in place of their ids."""
        found = []
        for column in columns:
            field = own._fields.get(column.split("/")[0])
            if field is None or field.type != "one2many":
                found.append(column)
                continue
            lines = own.env[field.comodel_name]
            for part in list_fields(own.env, field.comodel_name):
                name = part.split("/")[0]
                if name != field.inverse_name and lines._fields[name].type != "one2many":
                    found.append(f"{field.name}/{part}")
        return found

    # === Tests === #

    def test_file_of_unchanged_documents_changes_nothing(self):
        for own, columns in self.walk():
            with self.attempt(own):
                content = export_file(own, ["id", *columns])
                before, messages = self.snap(own), self.count_messages()
                answer = import_file(own.env, own._name, content)
                self.assertEqual((self.tell(answer), answer["ids"]), ([], own.ids))
                self.assertEqual(self.snap(own), before)
                self.assertEqual(self.count_messages(), messages)

    def test_changed_value_of_evidence_is_refused_with_a_reason(self):
        """It says why it stays, and nothing else of the row is written."""
        tried = set()
        for own, columns in self.walk():
            ledger = isinstance(own, self.env.registry["aftersales.ledger.mixin"])
            if own.env.user == self.director or own.has_access("write") and not ledger:
                continue
            for column in columns:
                field = own._fields.get(column)
                if not field or field.type not in ("char", "text", "date", "integer"):
                    continue
                with self.attempt(own):
                    content = self.change(export_file(own, ["id", *columns]), column, field.type)
                    before = self.snap(own)
                    answer = import_file(own.env, own._name, content)
                    self.assertFalse(answer["ids"], column)
                    self.assertTrue(self.tell(answer)[0], column)
                    self.assertEqual(self.snap(own), before, column)
                    tried.add(own._name)
        self.assertTrue(tried)

    @staticmethod
    def change(content, column, kind):
        """A file with another value in one of its columns."""
        rows = list(csv.reader(io.StringIO(content.decode())))
        place = rows[0].index(column)
        for row in rows[1:]:
            row[place] = {"date": "2001-01-02", "integer": "79"}.get(kind, row[place] + "x")
        out = io.StringIO()
        csv.writer(out, quoting=csv.QUOTE_ALL).writerows(rows)
        return out.getvalue().encode()

    def test_file_makes_equal_documents(self):
        made = set()
        for own, columns in self.walk():
            if own._name in self.made_by_methods | made or not own.has_access("create"):
                continue
            if not columns:
                # a table of its methods: nothing of it is offered
                made.add(own._name)
                continue
            own = self.beginning.get(own._name, own).with_env(own.env)
            with self.attempt(own):
                names = self.with_lines(own, columns)
                content = export_file(own, names)
                self.make_room(own)
                answer = import_file(own.env, own._name, content)
                self.assertEqual(self.tell(answer), [])
                made.add(own._name)
                again = export_file(own.browse(answer["ids"]), names)
                self.assertEqual(self.differences(own._name, content, again), [])
        creatable = {
            name
            for name in self.names
            if any(
                self.env[name].with_user(getattr(self, r)).has_access("create") for r in self.roles
            )
        }
        self.assertEqual(made, creatable - self.made_by_methods)

    def differences(self, model, content, again):
        """Cells of two files that differ: column, value, new value."""
        rows, new_rows = (list(csv.reader(io.StringIO(file.decode()))) for file in (content, again))
        self.assertEqual(len(rows), len(new_rows))
        leave = self.other_values.get(model, {})
        return [
            (column, value, new)
            for row, new_row in zip(rows, new_rows, strict=True)
            for column, value, new in zip(rows[0], row, new_row, strict=True)
            if value != new and column not in leave
        ]

    def make_room(self, own):
        """Take the example away, so that its numbers are free; what must stay makes no room."""
        records = own.sudo().with_env(self.env)
        with (
            suppress(UserError, psycopg2.Error),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            getattr(records, "_unlink_unlocked", records.unlink)()
            self.env.flush_all()
