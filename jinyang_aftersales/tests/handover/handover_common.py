"""Tries to hand over every role of every model of an addon, by introspection; see ``GuardWalk``."""

from psycopg2 import IntegrityError

from odoo.tools import SQL, mute_logger

from ..house import guard_common
from ..house.test_person_fields import PEOPLE

# handed over by the subject of approvals itself: other managers are asked
APPROVALS = "aftersales.approval"
FAR = "2199-01-01 00:00:00"


class HandoverWalk(guard_common.GuardWalk):
    # values of an example whose work is still to be done, where no state says so, by model
    open_values = {}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.leaver = cls.make_user("walk_leaver", "jinyang_aftersales.group_user")
        cls.leader = cls.make_user(
            "walk_leader", "jinyang_aftersales.group_manager,jinyang_aftersales.group_developer"
        )
        employees = cls.env["hr.employee"].create(
            [
                {"name": user.name, "user_id": user.id, "company_id": cls.company.id}
                for user in (cls.leader, cls.leaver)
            ]
        )
        employees[1].parent_id = employees[0]
        cls.setUpExamples()
        for model in cls.find_people("role").keys() - {APPROVALS}:
            cls.get_example(model)
        cls.env.flush_all()

    @classmethod
    def setUpExamples(cls):
        """Prepare records that the examples of an addon need."""

    @classmethod
    def find_people(cls, person):
        """Names of stored fields for a kind of person, by model; fields of other addons count as roles where ours hand
        them over."""
        return cls.fields_by_model(
            lambda model, field: (
                field.type in ("many2one", "many2many")
                and field.comodel_name in PEOPLE
                and getattr(field, "person", None) == person
            )
        )

    def put(self, record, name, value):
        """Write past the product, as if it had been so for long."""
        self.env.flush_all()
        field = record._fields[name]
        if field.type == "many2many":
            query = SQL(
                "INSERT INTO %s (%s, %s) VALUES (%s, %s) ON CONFLICT DO NOTHING",
                *map(SQL.identifier, (field.relation, field.column1, field.column2)),
                record.id,
                value,
            )
        else:
            query = SQL(
                "UPDATE %s SET %s = %s WHERE id = %s",
                SQL.identifier(record._table),
                SQL.identifier(name),
                value,
                record.id,
            )
        self.env.cr.execute(query)
        self.env.invalidate_all()

    def can_put(self, record, name, value):
        """:return: whether the database takes the value, which is there then"""
        try:
            with mute_logger("odoo.sql_db"), self.cr.savepoint():
                self.put(record, name, value)
        except IntegrityError:
            self.env.invalidate_all()
            return False
        return True

    def open_work(self, record, role):
        """Bring an example into a state in which its work is still to be done.

        :return: whether there is one
        """
        for name, value in self.open_values.get(record._name, {}).items():
            self.put(record, name, value)
        domain = record._get_open_work_domain(role)
        names = [name for name in ("state", "agreement_stage") if name in record._fields]
        states = [
            (name, value)
            for name in names
            if record._fields[name].store
            for value in record._fields[name].get_values(self.env)
        ]
        for name, value in [(None, None), *states]:
            if name and not self.can_put(record, name, value):
                continue
            if record.filtered_domain(domain):
                return True
        return False

    def test_every_role_is_handed_over_and_no_fact(self):
        """M44: of each model, whoever led or held it; what somebody did stays theirs."""
        roles, facts = self.find_people("role"), self.find_people("fact")
        self.assertTrue(roles)
        for model, names in roles.items():
            if model == APPROVALS:
                continue
            for role in sorted(names):
                with self.subTest(model=model, role=role), self.cr.savepoint() as savepoint:
                    self.walk_role(self.get_example(model).sudo(), role, facts.get(model, ()))
                    savepoint.rollback()
                    self.env.invalidate_all()

    def walk_role(self, record, role, facts):
        self.assertEqual(record._fields[role].comodel_name, "res.users", "nobody takes it over")
        self.assertTrue(self.open_work(record, role), "in no state is there anything to do")
        self.put(record, role, self.leaver.id)
        done = [name for name in facts if record._fields[name].comodel_name == "res.users"]
        for name in done:
            self.put(record, name, self.leaver.id)
        work = self.leaver.sudo()._get_open_work()
        self.assertIn(record, work.get((record._name, role), record.browse()))
        self.leaver.write({"active": False})
        self.env.invalidate_all()
        record = record.with_context(active_test=False)
        self.assertIn(self.leader, record[role])
        self.assertNotIn(self.leaver, record[role])
        for name in done:
            self.assertIn(self.leaver, record[name], name)
