from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from ..common_rpc import RpcClient
from .implementation_common import ARGUMENTS, MANAGER_STEPS, STATES, STEPS, ImplementationCommon


@tagged("post_install", "-at_install")
class TestImplementationRights(RpcClient, ImplementationCommon, HttpCase):
    def test_roles_by_orm(self):
        row = self.make("running")
        for user in (self.colleague, self.callback, self.archivist, self.developer):
            mine = row.with_user(user)
            self.assertTrue(mine.read(["name", "state"]))
            for act in (
                lambda mine=mine: mine.write({"version": "x"}),
                mine.action_finish,
                lambda mine=mine: mine.action_cancel("Not needed"),
                mine.unlink,
                lambda mine=mine: mine.session_ids.write({"topic": "x"}),
                lambda mine=mine: mine.session_ids.unlink(),
            ):
                with self.assertRaises(AccessError), self.cr.savepoint():
                    act()
        for user in (self.specialist, self.manager, self.director):
            row.with_user(user).version = user.name
        for user in (self.employee, self.accountant):
            with self.assertRaises(AccessError):
                row.with_user(user).read(["name"])

    def test_engineer_and_trainer_have_reach(self):
        self.customer.service_user_id = self.manager
        row = self.make(engineer_ids=[Command.set((self.specialist | self.colleague).ids)])
        row.with_user(self.colleague).version = "V1"
        session = row.session_ids
        session.trainer_id = self.developer
        with self.assertRaises(AccessError), self.cr.savepoint():
            session.with_user(self.developer).topic = "x"

    def test_only_drafts_are_deleted(self):
        for state in STATES:
            row = self.make(state)
            if state == "draft":
                row.unlink()
            else:
                with self.assertRaisesRegex(UserError, "only drafts"), self.cr.savepoint():
                    row.unlink()

    def test_roles_by_rpc(self):
        rows = {state: self.make(state) for state in STATES}
        self.env.flush_all()
        values = {
            "partner_id": self.customer.id,
            "product_id": self.software.id,
            "company_id": self.company.id,
        }
        users = (self.colleague, self.callback, self.archivist, self.developer, self.employee)
        steps = (*STEPS, *MANAGER_STEPS, "action_close")
        for number, user in enumerate(users):
            self.come(user)
            for place, (state, row) in enumerate(rows.items()):
                # each step checks this right first
                self.assertFalse(row.with_user(user).has_access("write"))
                # distribute the steps over the states, so that each role tries every step once
                for step in steps[(number + place) % len(rows) :: len(rows)]:
                    with self.subTest(user=user.login, state=state, step=step):
                        self.assertRefusedCall(row, step, *ARGUMENTS.get(step, ()))
            self.assertRefusedCall(rows["draft"], "write", {"version": "x"})
            if user != self.colleague:
                self.assertRefusedCall(self.rows, "create", [values])
        self.come(self.specialist)
        for row, vals in (
            (rows["draft"], {"state": "closed"}),
            (rows["finished"], {"forms_filed_on": "2026-01-01"}),
            (rows["accepted"], {"customer_signature": False}),
        ):
            self.assertRefusedCall(row, "write", vals)
        self.env.invalidate_all()
        self.assertEqual([row.state for row in rows.values()], list(rows))

    def test_lists_cost_the_same_for_5_and_25(self):
        specification = {
            "name": {},
            "partner_id": {"fields": {"display_name": {}}},
            "product_id": {"fields": {"display_name": {}}},
            "engineer_ids": {"fields": {"display_name": {}}},
            "training_hours": {},
            "is_overdue": {},
            "installation_id": {"fields": {"display_name": {}}},
        }
        rows = self.rows.with_user(self.manager)

        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            rows.web_search_read([], specification, limit=80)
            return self.cr.sql_log_count - before

        for _number in range(5):
            self.make("running")
        count()
        few = count()
        for _number in range(20):
            self.make("running")
        self.assertLessEqual(count(), few)

    def test_companies_are_kept_apart(self):
        row = self.make()
        other = self.make_company()
        stranger = self.make_user(
            "stranger",
            "jinyang_aftersales.group_director",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        env = self.env(user=stranger, context={"allowed_company_ids": other.ids})
        self.assertFalse(env["aftersales.implementation"].search([]))
        self.assertFalse(env["aftersales.implementation.session"].search([]))
        with self.assertRaises(AccessError):
            row.with_env(env).read(["name"])
