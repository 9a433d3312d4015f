"""Complaints on the portal: filed and answered, without the name of the person concerned (四 总监.4)."""

import io

from lxml import html

from odoo.exceptions import UserError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..portal.common_portal import ODD_VALUES
from ..portal.portal_documents_common import PDF, PortalDocuments

NEW = "/my/complaints/new"
MODEL = "aftersales.complaint"


@tagged("post_install", "-at_install")
class TestPortalComplaint(PortalDocuments, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.visit = cls.make_visit(state="done").with_user(cls.env.user)
        cls.ticket = cls.visit.ticket_id
        cls.foreign_visit = cls.make_visit(
            user=cls.manager,
            state="submitted",
            partner_id=cls.other.id,
            arrival_agreed_with_id=cls.other.software_contact_id.id,
            address="Elsewhere",
        )

    def complain(self, key=None, files=None, **values):
        return self.send(
            NEW,
            key=key,
            files=files,
            **{"kind": "attitude", "description": "态度不好，电话挂断", **values},
        )

    def filed(self, **values):
        self.come(self.alice)
        self.assertEqual(self.complain(**values).status_code, 303)
        return self.found(MODEL)[-1]

    def test_customer_files_and_an_uninvolved_manager_is_told(self):
        complaint = self.filed(visit_id=self.visit.id)
        self.assertRecordValues(
            complaint,
            [
                {
                    "kind": "attitude",
                    "state": "received",
                    "description": "态度不好，电话挂断",
                    "partner_id": self.customer.id,
                    "contact_id": self.alice.partner_id.id,
                    "filed_by_id": self.alice.partner_id.id,
                    "origin": "portal",
                    "visit_id": self.visit.id,
                    "employee_id": False,
                    "investigator_id": False,
                }
            ],
        )
        told = complaint.activity_ids.user_id
        self.assertIn(self.manager, told)
        self.assertNotIn(self.specialist, told, "they made the visit")
        page = self.get(complaint.access_url, filed=1).text
        for text in (complaint.name, "态度不好", "Received", "Thank you"):
            self.assertIn(text, page)
        self.assertEqual(len(self.mails_to(self.alice.partner_id.email)), 1)
        self.assertNotIn(self.specialist.partner_id, complaint.message_ids.notified_partner_ids)

    def test_answer_is_shown_and_neither_findings_nor_who_is_concerned(self):
        employee = self.env["hr.employee"].create(
            {"name": "Concerned Colleague", "user_id": self.colleague.id}
        )
        complaint = self.filed()
        manager = complaint.with_user(self.manager)
        manager.action_investigate()
        manager.write(
            {
                "employee_id": employee.id,
                "findings": "机密调查",
                "outcome": "confirmed",
                "answer_draft": "我们向您道歉",
            }
        )
        self.assertNotIn("我们向您道歉", self.get(complaint.access_url).text, "not sent yet")
        manager.action_answer()
        page = self.get(complaint.access_url).text
        self.assertIn("我们向您道歉", page)
        for secret in ("机密调查", "Concerned Colleague", "Confirmed"):
            self.assertNotIn(secret, page)

    def test_customers_write_messages_and_the_person_concerned_reads_none(self):
        complaint = self.filed()
        thread = {"thread_model": MODEL, "thread_id": complaint.id}
        self.make_jsonrpc_request(
            "/mail/message/post",
            {
                **thread,
                "post_data": {
                    "body": "Still waiting",
                    "message_type": "comment",
                    "subtype_xmlid": "mail.mt_comment",
                },
            },
        )
        fetched = self.make_jsonrpc_request("/mail/chatter_fetch", thread)["messages"]
        self.assertIn(complaint.message_ids[0].id, fetched)
        self.assertEqual(complaint.message_ids[0].author_id, self.alice.partner_id)
        self.come(self.bob)
        fetched = self.make_jsonrpc_request("/mail/chatter_fetch", thread)["messages"]
        self.assertFalse(fetched)

    def test_form_sent_twice_makes_one_complaint(self):
        self.come(self.alice)
        key = self.form_key(NEW)
        first, second = self.complain(key=key), self.complain(key=key)
        self.assertEqual(first.headers["Location"], second.headers["Location"])
        self.assertEqual(len(self.found(MODEL)), 1)

    def test_only_the_fields_of_the_form_count(self):
        complaint = self.filed(
            state="closed",
            origin="phone",
            partner_id=self.other.id,
            employee_id="1",
            investigator_id=self.manager.id,
            outcome="confirmed",
            answer="Sorry",
            date_received="2020-01-01",
            filed_by_id=self.bob.partner_id.id,
        )
        self.assertRecordValues(
            complaint,
            [
                {
                    "state": "received",
                    "origin": "portal",
                    "partner_id": self.customer.id,
                    "employee_id": False,
                    "investigator_id": False,
                    "outcome": False,
                    "answer": False,
                    "date_received": self.company._aftersales_today(),
                    "filed_by_id": self.alice.partner_id.id,
                }
            ],
        )

    def test_day_on_which_the_customer_filed_is_changed_by_nobody(self):
        """七.1, 七.2: a complaint of long ago counts for nothing, so nobody makes one of it."""
        complaint = self.filed()
        for user in (self.callback, self.manager, self.director):
            with self.assertRaisesRegex(UserError, "it came is known"), self.cr.savepoint():
                complaint.with_user(user).date_received = "2020-01-01"
        self.assertEqual(complaint.date_received, self.company._aftersales_today())

    def test_kind_is_empty_until_the_customer_chooses(self):
        """M19: the form of a new complaint chooses no kind."""
        self.come(self.alice)
        page = html.fromstring(self.url_open(NEW).text)
        [choice] = page.xpath("//select[@name='kind']")
        self.assertEqual(choice.xpath("option[1]/@value"), [""])
        self.assertFalse(choice.xpath("option[@selected]"))
        self.assertIsNotNone(choice.get("required"))

    def test_incomplete_foreign_and_odd_values_are_refused(self):
        self.come(self.alice)
        for values in (
            {"kind": ""},
            {"kind": "all"},
            {"description": ""},
            {"visit_id": self.foreign_visit.id},
            {"ticket_id": "999999"},
        ):
            self.assertEqual(self.complain(**values).status_code, 400, values)
        bad = ("attachment", ("a.pdf", io.BytesIO(b"<html><script>1</script></html>")))
        self.assertEqual(self.complain(files=[bad]).status_code, 400)
        # odd values in all fields at the same time: each field is read, also after an error in another one
        names = ("kind", "ticket_id", "visit_id", "form_key")
        for odd in ODD_VALUES:
            answer = self.post(NEW, **dict.fromkeys(names, odd))
            self.assertLess(answer.status_code, 500, odd)
        self.assertFalse(self.found(MODEL))
        self.filed(files=[("attachment", ("证据 é.pdf", io.BytesIO(PDF)))])

    def test_colleagues_see_it_strangers_and_nobody_do_not(self):
        complaint = self.filed()
        url = complaint.access_url
        for user, status in ((self.alice, 200), (self.carol, 200), (self.bob, 303), (None, 303)):
            self.come(user)
            self.assertEqual(self.get(url).status_code, status)
        token = complaint._portal_ensure_token()
        self.come(None)
        self.assertEqual(self.get(url, access_token=token).status_code, 200)
        for wrong in ODD_VALUES:
            self.assertEqual(self.get(url, access_token=wrong).status_code, 303)
        self.come(self.bob)
        self.assertNotIn(complaint.name, self.get("/my/complaints").text)

    def test_list_takes_any_parameter(self):
        complaint = self.filed()
        for odd in ODD_VALUES:
            answer = self.get("/my/complaints", sortby=odd, filterby=odd, search=odd)
            self.assertEqual(answer.status_code, 200, odd)
        for filterby, shown in (("open", True), ("answered", False)):
            text = self.get("/my/complaints", filterby=filterby).text
            self.assertEqual(complaint.name in text, shown)

    def test_nothing_by_get_signed_out_or_without_the_token_of_the_form(self):
        data = {"kind": "other", "description": "x", "form_key": "0" * 32}
        self.come(None)
        self.assertIn("/web/login", self.get(NEW).headers["Location"])
        self.come(self.alice)
        self.get(NEW, **data)
        with mute_logger("odoo.http"):
            answer = self.url_open(NEW, data=data, allow_redirects=False)
        self.assertEqual(answer.status_code, 400)
        self.assertFalse(self.found(MODEL))

    def test_customers_read_only_what_is_meant_for_them_by_rpc(self):
        complaint = self.filed()
        ids = complaint.ids
        [row] = self.rpc(MODEL, "read", ids, ["name", "state", "description"])
        self.assertEqual(row["state"], "received")
        for name in (
            "employee_id",
            "concerned_user_id",
            "investigator_id",
            "involved_user_ids",
            "findings",
            "outcome",
            "answer_draft",
            "confirmed_count",
            "origin",
            "access_token",
        ):
            self.assertDenied(MODEL, "read", ids, [name])
        for method, args in (
            ("write", ({"description": "Other"},)),
            ("unlink", ()),
            ("copy", ()),
            ("action_investigate", ()),
            ("action_cancel", ("x",)),
        ):
            self.assertDenied(MODEL, method, ids, *args)
        complaint.message_subscribe(partner_ids=self.bob.partner_id.ids)
        self.come(self.bob)
        self.assertFalse(self.rpc(MODEL, "search_read", [], ["name"]))
        self.assertDenied(MODEL, "read", ids, ["name"])
