"""The rules of program changes by RPC."""

from odoo.tests import HttpCase, tagged

from ..common_matrix import share_out
from ..common_rpc import RpcClient
from .test_change_rights import ROLES, STATES, STEPS, ChangeMatrix


@tagged("post_install", "-at_install")
class TestChangeRpc(RpcClient, ChangeMatrix, HttpCase):
    def test_every_step_is_refused_to_a_role_and_every_role_is_refused_some(self):
        changes = {state: self.prepared(state) for state in STATES}
        self.env.flush_all()
        before = {state: change.state for state, change in changes.items()}
        barred = {step: set(ROLES) - roles for step, roles in STEPS.items()}
        for role, (state, action) in share_out(barred):
            self.come(getattr(self, role))
            with self.subTest(role=role, state=state, action=action):
                self.assertRefusedCall(changes[state], action, *self.arguments.get(action, ()))
        self.env.invalidate_all()
        self.assertEqual({state: change.state for state, change in changes.items()}, before)

    def test_nothing_is_forged(self):
        change = self.make_change(state="approved")
        confirmed = self.make_change(state="confirmed")
        model = self.env["aftersales.change.request"]
        self.env.flush_all()
        for role in ("specialist", "manager"):
            self.come(getattr(self, role))
            for values in (
                {"state": "done"},
                {"state": "development", "development_notes": "X"},
                {"date_promised": "2030-01-01"},
                {"opinion_result": "satisfied"},
                {"promise_ids": [(0, 0, {"date_new": "2030-01-01", "reason": "X"})]},
                {"test_ids": [(0, 0, {"round": 1, "result": "pass", "tester_id": 1})]},
                {"approval_ids": [(0, 0, {"decision": "approved"})]},
                {"title": "Other"},
            ):
                self.assertRefusedCall(change, "write", values)
                self.assertRefusedCall(change, "web_save", values, {"state": {}})
            self.assertRefusedCall(confirmed, "web_save", {"state": "approved"}, {"state": {}})
            for values in (
                {"state": "approved"},
                {"deployed_on": "2026-01-01 00:00:00"},
                {"test_ids": [(0, 0, {"round": 1, "result": "pass", "tester_id": 1})]},
            ):
                self.assertRefusedCall(
                    model,
                    "create",
                    [{"partner_id": self.customer.id, "title": "X", **values}],
                )
            for method in (
                "_record_customer_opinion",
                "_step",
                "_write_unlocked",
                "_mail_customer",
            ):
                self.assertRefusedCall(change, method, "satisfied", "x", 1)
        self.env.invalidate_all()
        self.assertEqual(change.state, "approved")
        self.assertFalse(change.promise_ids or change.test_ids)

    def test_context_opens_nothing(self):
        change = self.make_change(state="approved")
        self.env.flush_all()
        self.come(self.manager)
        self.assertRefusedCall(
            change,
            "write",
            {"date_promised": "2030-01-01"},
            context={"aftersales_unlocked": True, "allowed_company_ids": self.company.ids},
        )

    def test_arguments_of_the_wrong_kind_are_refused_not_broken(self):
        change = self.make_change(state="deployed")
        testing = self.make_change(state="testing")
        self.env.flush_all()
        self.come(self.specialist)
        for args in ((["satisfied"],), ({},), (5,), ("partly", {"a": 1}), ("satisfied", "", "x")):
            self.assertRefusedCall(change, "action_record_opinion", *args)
        for args in (({},), ("fail", ["x"]), ("fail", 5)):
            self.assertRefusedCall(testing, "action_record_test", *args)
        self.assertRefusedCall(change, "action_send_back", {}, [])
        self.assertRefusedCall(testing, "action_announce_delay", "promise", {}, [])
