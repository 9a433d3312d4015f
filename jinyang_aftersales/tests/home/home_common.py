"""Rows by SQL for the numbers of the home page: any number of documents, in any state, at once."""

from datetime import timedelta
from itertools import count

from dateutil.relativedelta import relativedelta

from odoo import fields
from odoo.tools import SQL

from ...models.home.values import ROLES
from ..common import AftersalesCommon

_numbers = count(1)
# columns that are filled wherever a table has them
USUAL = ("company_id", "partner_id", "commercial_partner_id", "user_id")
BLANK = {
    "integer": 0,
    "numeric": 0,
    "double precision": 0,
    "boolean": False,
    "jsonb": "{}",
}


class HomeCommon(AftersalesCommon):
    """A user for each role of the home page, and ways to fill their pages."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.people = {role: getattr(cls, role) for role in ROLES}
        cls.today = cls.company._aftersales_today()
        cls.customer = cls.make_customer("Alpha")
        # rows that others refer to
        cls.installation = cls.make_installation(cls.customer)
        cls.make_agreement(cls.installation)

    def home(self, role, user=None):
        """:return: the model of the page, for a user with the role"""
        return self.env["aftersales.home"].with_user(user or self.people[role])

    def read_cards(self, role, user=None):
        """:return: the cards of a page as the browser gets them, by their code"""
        page = self.home(role, user).get_page(role)
        return {card["code"]: card for section in page["sections"] for card in section["cards"]}

    def count_list(self, role, code, part="all", person=None, user=None):
        """:return: what the list shows that a number opens: how many rows, or their sum"""
        home = self.home(role, user)
        action = home.open_card(role, code, part, person)
        card = next(card for card in home._get_cards(role) if card.code == code)
        rows = home.env[action["res_model"]].with_context(**action["context"])
        if not card.measure:
            return rows.search_count(action["domain"])
        ((amount,),) = rows._read_group(action["domain"], [], [f"{card.measure}:sum"])
        return amount or 0.0

    # === Rows === #

    def put(self, model, how_many, linked=None, /, **values):
        """Insert rows; columns that are required and not given get some value, keys differ.

        :param str model: name of the model
        :param int how_many: how many rows
        :param dict linked: ids by name of a many2many field
        :param values: of the columns; ``*`` is a text of its own in each row, a function gets a number of its own
        :return: the records
        """
        table = self.env[model]._table
        usual = {
            "company_id": self.company.id,
            "partner_id": self.customer.id,
            "commercial_partner_id": self.customer.id,
            "user_id": self.specialist.id,
            "active": True,
            "create_date": fields.Datetime.now(),
        }
        self.env.flush_all()
        columns = self.read_columns(table)
        given = {name: value for name, value in usual.items() if name in columns} | values
        for name, (kind, target) in columns.items():
            if name not in given:
                given[name] = self.find_value(kind, target)
        names = sorted(given)
        rows = []
        for _number in range(how_many):
            mark = next(_numbers)
            values = {
                name: value(mark) if callable(value) else value for name, value in given.items()
            }
            row = (f"H{mark}" if values[name] == "*" else values[name] for name in names)
            rows.append(SQL("(%s)", SQL(", ").join(SQL("%s", value) for value in row)))
        inserted = self.env.execute_query(
            SQL(
                "INSERT INTO %s (%s) VALUES %s RETURNING id",
                SQL.identifier(table),
                SQL(", ").join(map(SQL.identifier, names)),
                SQL(", ").join(rows),
            )
        )
        records = self.env[model].browse(number for (number,) in inserted)
        for name, ids in (linked or {}).items():
            field = self.env[model]._fields[name]
            pairs = [(record, other) for record in records.ids for other in ids]
            for pair in pairs:
                self.cr.execute(
                    SQL(
                        "INSERT INTO %s (%s, %s) VALUES %s",
                        SQL.identifier(field.relation),
                        SQL.identifier(field.column1),
                        SQL.identifier(field.column2),
                        pair,
                    )
                )
        self.env.invalidate_all()
        return records

    def read_columns(self, table):
        """:return: type and referred table of the columns of a table that have to be given, or usually are"""
        self.cr.execute(
            """
            SELECT col.column_name, col.data_type, target.relname
              FROM information_schema.columns AS col
              LEFT JOIN pg_constraint AS key
                ON key.contype = 'f' AND key.conrelid = %(table)s::regclass
               AND (SELECT attname FROM pg_attribute
                     WHERE attrelid = key.conrelid AND attnum = key.conkey[1]) = col.column_name
              LEFT JOIN pg_class AS target ON target.oid = key.confrelid
             WHERE col.table_name = %(table)s AND col.column_name != 'id'
               AND (col.is_nullable = 'NO' AND col.column_default IS NULL OR col.column_name IN %(usual)s)
            """,
            {"table": table, "usual": (*USUAL, "active", "create_date")},
        )
        return {name: (kind, target) for name, kind, target in self.cr.fetchall()}

    def find_value(self, kind, target):
        """:return: a value for a required column; ``*`` for a text of its own in each row"""
        if target:
            self.cr.execute(SQL("SELECT min(id) FROM %s", SQL.identifier(target)))
            return self.cr.fetchone()[0]
        if kind == "date":
            return self.today
        if kind.startswith("timestamp"):
            return fields.Datetime.now()
        return BLANK.get(kind, "*")

    # === Days === #

    def days(self, number):
        return self.today + timedelta(days=number)

    def moment(self, number, hour=10):
        """:return: an hour of a day from today on, as it is stored"""
        return self.company._aftersales_moment(self.days(number), hour)

    def months(self, number, is_moment=False):
        """:return: the first day of a month before this one, or its noon"""
        day = self.today.replace(day=1) - relativedelta(months=number)
        return self.company._aftersales_moment(day, 12) if is_moment else day
