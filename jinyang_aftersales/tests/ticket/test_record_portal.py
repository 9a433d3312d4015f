"""Customers close tickets on the portal; refused calls by RPC."""

from odoo.fields import Command
from odoo.tests import HttpCase, JsonRpcException, new_test_user, tagged
from odoo.tools import mute_logger

from ..portal.common_portal import PortalBrowser

NOTED = "we have noted that it is solved"


@tagged("post_install", "-at_install")
class TestRecordPortal(PortalBrowser, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.setUpPeople()
        cls.setUpDocuments()
        # notifications of staff use the language of the company
        cls.env.company.partner_id.lang = "en_US"
        cls.stage_cancelled = cls.env.ref("helpdesk_mgmt.helpdesk_ticket_stage_cancelled")
        cls.specialist = new_test_user(
            cls.env,
            "record_specialist",
            groups="jinyang_aftersales.group_user",
            password="record_specialist",
        )
        cls.ticket.write({"user_id": cls.specialist.id})

    def close(self, stage=None):
        return self.post(
            "/ticket/close", ticket_id=self.ticket.id, stage_id=(stage or self.stage_done).id
        )

    def activities(self):
        kind = self.env.ref("jinyang_aftersales.mail_activity_record")
        return self.ticket.activity_ids.filtered(lambda row: row.activity_type_id == kind)

    # === The customer's word === #

    def test_an_incomplete_record_keeps_the_ticket_open_and_the_customers_word(self):
        self.ticket.department = False
        self.sign_in("carol")
        answer = self.close()
        self.assertNotIn("close_refused", answer.headers["Location"])
        self.env.invalidate_all()
        self.assertEqual(self.ticket.stage_id, self.stage_new)
        self.assertTrue(self.ticket.customer_solved_on)
        self.assertTrue(self.ticket.service_done_on)
        self.assertTrue(self.ticket.record_due_date)
        message = self.ticket.message_ids.filtered(lambda row: "solved" in row.body)
        self.assertEqual(message.author_id, self.carol.partner_id)
        self.assertEqual(self.activities().user_id, self.specialist)
        self.assertIn("Department", self.activities().note)
        self.assertIn(NOTED, self.url_open(answer.headers["Location"]).text)

    def test_saying_it_again_changes_nothing_until_the_record_is_complete(self):
        self.ticket.department = False
        self.sign_in("alice")
        self.close()
        self.env.invalidate_all()
        moment, messages = self.ticket.customer_solved_on, self.ticket.message_ids
        self.close()
        self.env.invalidate_all()
        self.assertEqual(self.ticket.customer_solved_on, moment)
        self.assertEqual(self.ticket.message_ids, messages)
        self.assertEqual(len(self.activities()), 1)
        self.ticket.department = "财务部"
        self.env.flush_all()
        self.assertFalse(self.activities())
        self.close()
        self.env.invalidate_all()
        self.assertEqual(self.ticket.stage_id, self.stage_done)

    def test_a_complete_record_is_closed_by_the_customer(self):
        self.sign_in("alice")
        page = self.url_open(self.close().headers["Location"]).text
        self.env.invalidate_all()
        self.assertEqual(self.ticket.stage_id, self.stage_done)
        self.assertTrue(self.ticket.customer_solved_on)
        self.assertFalse(self.activities())
        self.assertNotIn(NOTED, page)

    def test_a_customer_cancels_without_any_record(self):
        self.ticket.department = False
        self.sign_in("alice")
        self.close(self.stage_cancelled)
        self.env.invalidate_all()
        self.assertEqual(self.ticket.stage_id, self.stage_cancelled)
        self.assertFalse(self.ticket.customer_solved_on)

    def test_a_customer_who_cancels_what_was_served_has_it_solved(self):
        self.ticket.department = False
        self.ticket.with_user(self.specialist).action_service_done()
        self.sign_in("alice")
        self.close(self.stage_cancelled)
        self.env.invalidate_all()
        self.assertEqual(self.ticket.stage_id, self.stage_new)
        self.assertTrue(self.ticket.customer_solved_on)
        self.assertIn("Department", self.activities().note)

    def test_staff_on_the_page_say_nothing_for_the_customer(self):
        self.ticket.department = False
        self.sign_in("record_specialist")
        self.assertIn("close_refused", self.close().headers["Location"])
        self.env.invalidate_all()
        self.assertFalse(self.ticket.customer_solved_on)
        self.assertEqual(self.ticket.stage_id, self.stage_new)

    def test_strangers_say_nothing(self):
        before = self.snapshot()
        for login in (None, "bob", "ivan"):
            self.sign_in(login)
            self.close()
        self.assertUntouched(before)
        self.assertFalse(self.ticket.customer_solved_on)

    # === RPC === #

    def rpc(self, model, method, *args, **kwargs):
        return self.make_jsonrpc_request(
            f"/web/dataset/call_kw/{model}/{method}",
            {"model": model, "method": method, "args": args, "kwargs": kwargs},
        )

    def refused(self, error, model, method, *args, **kwargs):
        with mute_logger("odoo.http"), self.assertRaises(JsonRpcException) as caught:
            self.rpc(model, method, *args, **kwargs)
        self.assertIn(error, str(caught.exception), (model, method, args))

    def test_no_rpc_closes_an_incomplete_record_or_writes_a_mark(self):
        self.ticket.department = False
        self.sign_in("record_specialist")
        ids, done = self.ticket.ids, {"stage_id": self.stage_done.id}
        context = {"aftersales_unlocked": True, "install_mode": True}
        before = self.snapshot()
        self.refused("ValidationError", "helpdesk.ticket", "write", ids, done)
        self.refused("ValidationError", "helpdesk.ticket", "write", ids, done, context=context)
        self.refused("ValidationError", "helpdesk.ticket", "web_save", ids, done, {})
        mark = {"service_done_on": "2026-01-01 00:00:00"}
        self.refused("UserError", "helpdesk.ticket", "write", ids, mark, context=context)
        self.refused("AccessError", "helpdesk.ticket", "_customer_solved", ids, self.stage_done.id)
        self.refused("AccessError", "helpdesk.ticket", "_ask_again", ids)
        for category in self.ticket.category_id.ids:
            vals = {"category_id": category, "field_name": "need"}
            self.refused("AccessError", "aftersales.record.requirement", "create", [vals])
        self.assertUntouched(before)
        self.rpc("helpdesk.ticket", "write", ids, {"department": "财务部", **done})
        self.env.invalidate_all()
        self.assertTrue(self.ticket.closed)

    def test_customers_read_nothing_of_the_record(self):
        self.sign_in("alice")
        for name in ("solution", "analysis", "record_missing", "service_done_on", "delay_ids"):
            self.refused("AccessError", "helpdesk.ticket", "read", self.ticket.ids, [name])
        self.refused("AccessError", "helpdesk.ticket", "action_service_done", self.ticket.ids)
        self.refused("AccessError", "aftersales.record.requirement", "search_read", [])

    def test_who_may_not_write_the_ticket_marks_nothing(self):
        reader = new_test_user(
            self.env,
            "record_reader",
            groups="jinyang_aftersales.group_reader",
            password="record_reader",
        )
        reader.company_ids = [Command.link(self.env.company.id)]
        self.sign_in("record_reader")
        self.refused("AccessError", "helpdesk.ticket", "action_service_done", self.ticket.ids)
        self.refused("AccessError", "helpdesk.ticket", "write", self.ticket.ids, {"solution": "x"})
