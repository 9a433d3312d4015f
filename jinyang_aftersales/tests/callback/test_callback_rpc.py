"""The rules of call-backs by RPC; lists take the same number of queries for few and many rows."""

from odoo.tests import HttpCase, tagged

from ..common_rpc import RpcClient
from . import callback_common


@tagged("post_install", "-at_install")
class TestCallbackRpc(RpcClient, callback_common.CallbackCommon, HttpCase):
    def assertRefused(self, message, record, method, *args, **kwargs):
        self.assertRefusedCall(record, method, *args, error=message, **kwargs)

    def test_worker_is_neither_caller_nor_records(self):
        call = self.open_call(ticket=self.make_ticket(self.manager))
        self.come(self.callback)
        self.assertRefused("ValidationError", call, "write", {"user_id": self.manager.id})
        self.assertRefused(
            "ValidationError", call, "web_save", {"user_id": self.manager.id}, specification={}
        )
        self.come(self.manager)
        self.assertRefused("UserError", call, "action_record", "reached", note="All is well")
        self.assertEqual((call.user_id, call.state), (self.callback, "todo"))

    def test_roles_without_the_call_change_nothing(self):
        call, question = self.open_call(), self.escalate()
        for name in ("specialist", "colleague", "archivist", "developer", "employee"):
            self.come(getattr(self, name))
            for record, method, args in (
                (call, "write", ({"note": "x"},)),
                (call, "action_record", ("reached", False, False, "x")),
                (call, "action_cancel", ("x",)),
                (call, "unlink", ()),
                (call, "action_announce_delay", ("call", "2026-12-01", "x")),
                (question, "action_assign", (self.colleague.id,)),
            ):
                with self.subTest(user=name, method=method):
                    self.assertRefused("AccessError", record, method, *args)
        self.assertEqual((call.state, question.state), ("todo", "escalated"))

    def test_results_come_from_recording_only(self):
        call = self.open_call()
        for name in ("callback", "manager"):
            self.come(getattr(self, name))
            for vals in (
                {"state": "done"},
                {"score_skill": 5},
                {"worker_ids": [[6, 0, []]]},
                {"res_id": 1},
                {"child_ids": [[0, 0, {"partner_id": self.customer.id, "state": "done"}]]},
            ):
                with self.subTest(user=name, vals=vals):
                    self.assertRefused("UserError", call, "write", vals)
            self.assertRefused("AccessError", call, "_record_call", "reached", {})
        for value in (-1, 6, "5"):
            self.assertRefused(
                "UserError", call, "action_record", "reached", scores={"score_skill": value}
            )
        self.assertEqual((call.state, call.attempt_count), ("todo", 0))

    def test_callback_specialist_assigns_nothing(self):
        question = self.escalate()
        self.come(self.callback)
        self.assertRefused("UserError", question, "action_assign", self.colleague.id)
        self.come(self.manager)
        self.call(question, "action_assign", self.colleague.id)
        self.assertEqual(question.ticket_id.user_id, self.colleague)

    def test_lists_cost_the_same_for_5_and_25_calls(self):
        specification = {
            name: {"fields": {"display_name": {}}} if name.endswith(("_id", "_ids")) else {}
            for name in [
                "due_date",
                "kind",
                "partner_id",
                "contact_id",
                "telephone",
                "document_name",
                "worker_ids",
                "user_id",
                "is_overdue",
                "can_record",
                "can_assign",
                "state",
                "outcome",
                "display_name",
                "coverage",
                "installation_ids",
            ]
        }
        users = [self.callback, self.manager, self.specialist]
        counts = []
        for number in (5, 20):
            for _call in range(number):
                self.open_call(ticket=self.make_ticket(self.colleague))
                self.calls.create({"kind": "routine", "partner_id": self.customer.id})
            self.env.flush_all()
            counts.append([self.count_queries(user, specification) for user in users])
        self.assertEqual(*counts)

    def count_queries(self, user, specification):
        calls = self.calls.with_user(user)
        self.env.invalidate_all()
        calls.web_search_read([], specification)
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        calls.web_search_read([], specification)
        return self.env.cr.sql_log_count - before

    def test_customer_reads_no_call(self):
        portal = self.make_user(
            "portal", "base.group_portal", partner_id=self.customer.software_contact_id.id
        )
        call = self.open_call()
        call.sudo().message_post(body="secret", partner_ids=portal.partner_id.ids)
        call.sudo().message_subscribe(portal.partner_id.ids)
        self.assertFalse(call.with_user(portal).has_access("read"))
        found = self.env["mail.message"].with_user(portal).search([("model", "=", call._name)])
        self.assertFalse(found)

    def test_holidays_are_loaded_by_managers_only(self):
        self.come(self.callback)
        wizard = self.env["aftersales.holiday.load"].with_user(self.manager).create({"year": 2026})
        self.assertRefused("AccessError", wizard, "action_load")
        self.come(self.manager)
        self.call(wizard, "action_load")
        self.assertTrue(self.env["aftersales.makeup.day"].search([], limit=1))
