"""Program changes on the portal: filed with the stamped scan, followed, and the customer's opinion (五.4)."""

import base64
from datetime import timedelta

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..portal.common_portal import ODD_VALUES
from ..portal.portal_documents_common import PDF, PortalDocuments

NEW = "/my/changes/new"
MODEL = "aftersales.change.request"


class PortalChanges(PortalDocuments):
    def ask(self, scan=True, key=None, **values):
        files = [self.scan() if scan is True else scan] if scan else None
        return self.send(
            NEW,
            key=key,
            files=files,
            **{
                "title": "凭证打印加审核人",
                "description": "打印凭证时要有审核人一栏",
                "module": "总账 / 凭证",
                "contact_id": self.alice.partner_id.id,
                **values,
            },
        )

    def filed(self, **values):
        self.come(self.alice)
        self.assertEqual(self.ask(**values).status_code, 303)
        return self.found(MODEL)[-1]

    def bring_to(self, change, state):
        """Take a filed request to a state, each step by a user with the right to it."""
        day = self.company._aftersales_today() + timedelta(days=30)
        specialist = change.with_user(self.specialist)
        specialist.write({"confirmed_need": "审核人印在底部", "user_id": self.specialist.id})
        specialist.action_confirm()
        if state == "confirmed":
            return change
        self.decide(change, "approved", day)
        if state == "approved":
            return change
        developer = change.with_user(self.developer)
        developer.action_start_development()
        if state == "development":
            return change
        developer.action_to_testing()
        if state == "testing":
            return change
        specialist.action_record_test("pass")
        specialist.action_deploy()
        return change

    def decide(self, change, decision, day=None):
        """The manager's decision, with an opinion and the promised date."""
        manager = change.with_user(self.manager)
        if decision == "approved":
            manager.action_approve("机密意见", {"date_promised": day})
        else:
            manager.action_refuse("机密意见")


@tagged("post_install", "-at_install")
class TestPortalChangeRequest(PortalChanges, HttpCase):
    def test_customer_files_and_the_specialist_is_to_confirm(self):
        change = self.filed(installation_id=self.installation.id, reason="审计要求")
        self.assertRecordValues(
            change,
            [
                {
                    "title": "凭证打印加审核人",
                    "description": "打印凭证时要有审核人一栏",
                    "module": "总账 / 凭证",
                    "reason": "审计要求",
                    "kind": "change",
                    "state": "submitted",
                    "partner_id": self.customer.id,
                    "contact_id": self.alice.partner_id.id,
                    "installation_id": self.installation.id,
                    "scan": base64.b64encode(PDF),
                    "scan_name": "scan.pdf",
                    "filed_by_id": self.alice.partner_id.id,
                    "user_id": self.specialist.id,
                }
            ],
        )
        self.assertIn(self.specialist, change.activity_ids.user_id)
        page = self.get(change.access_url, filed=1).text
        for text in ("凭证打印加审核人", "总账 / 凭证", "Received", "scan.pdf", "Thank you"):
            self.assertIn(text, page)
        self.assertIn(change.name, self.get("/my/changes").text)
        self.assertEqual(len(self.mails_to(self.alice.partner_id.email)), 1, "one confirmation")

    def test_form_sent_twice_makes_one_request(self):
        self.come(self.alice)
        key = self.form_key(NEW)
        first, second = self.ask(key=key), self.ask(key=key)
        self.assertEqual(first.headers["Location"], second.headers["Location"])
        self.assertEqual(len(self.found(MODEL)), 1)

    def test_scan_is_needed_and_known_by_its_content(self):
        self.come(self.alice)
        for scan in (
            None,
            self.scan(content=b""),
            self.scan(content=b"<html><script>alert(1)</script></html>"),
            self.scan(content=b"PK\x03\x04 archive"),
            self.scan(content=b"%PDF-1.4" + b"x" * 10 * 1024**2),
        ):
            answer = self.ask(scan=scan)
            self.assertEqual(answer.status_code, 400)
            self.assertIn("打印凭证时要有审核人一栏", answer.text)
        self.assertFalse(self.found(MODEL))
        change = self.filed(scan=self.scan("../盖章 é.pdf"))
        self.assertEqual(change.scan_name, "盖章 é.pdf")

    def test_only_the_fields_of_the_form_count(self):
        change = self.filed(
            state="approved",
            kind="bug",
            partner_id=self.other.id,
            user_id=self.manager.id,
            developer_id=self.developer.id,
            date_promised="2020-01-01",
            confirmed_need="x",
            filed_by_id=self.bob.partner_id.id,
            opinion_result="satisfied",
        )
        self.assertRecordValues(
            change,
            [
                {
                    "state": "submitted",
                    "kind": "change",
                    "partner_id": self.customer.id,
                    "user_id": self.specialist.id,
                    "developer_id": False,
                    "date_promised": False,
                    "confirmed_need": False,
                    "filed_by_id": self.alice.partner_id.id,
                    "opinion_result": False,
                }
            ],
        )

    def test_incomplete_foreign_and_odd_values_are_refused(self):
        self.come(self.alice)
        for values in (
            {"title": ""},
            {"description": " "},
            {"installation_id": self.foreign.id},
            {"contact_id": self.bob.partner_id.id},
        ):
            self.assertEqual(self.ask(**values).status_code, 400, values)
        # odd values in all fields at the same time: each field is read, also after an error in another one
        names = ("installation_id", "contact_id", "form_key")
        for odd in ODD_VALUES:
            answer = self.post(NEW, title="x", **dict.fromkeys(names, odd))
            self.assertLess(answer.status_code, 500, odd)
        self.assertFalse(self.found(MODEL))

    def test_nothing_by_get_signed_out_or_without_the_token_of_the_form(self):
        data = {"title": "x", "description": "x", "form_key": "0" * 32}
        self.come(None)
        self.assertIn("/web/login", self.get(NEW).headers["Location"])
        self.come(self.alice)
        self.get(NEW, **data)
        with mute_logger("odoo.http"):
            answer = self.url_open(NEW, data=data, allow_redirects=False)
        self.assertEqual(answer.status_code, 400)
        self.assertFalse(self.found(MODEL))


@tagged("post_install", "-at_install")
class TestPortalChangePage(PortalChanges, HttpCase):
    def test_colleagues_see_it_strangers_and_nobody_do_not(self):
        change = self.filed()
        url = change.access_url
        change.message_subscribe(partner_ids=self.bob.partner_id.ids)
        for user, status in ((self.alice, 200), (self.carol, 200), (self.bob, 303), (None, 303)):
            self.come(user)
            self.assertEqual(self.get(url).status_code, status)
        token = change._portal_ensure_token()
        self.come(None)
        self.assertEqual(self.get(url, access_token=token).status_code, 200)
        for wrong in ODD_VALUES:
            self.assertEqual(self.get(url, access_token=wrong).status_code, 303)
        self.come(self.bob)
        self.assertNotIn(change.title, self.get("/my/changes").text)

    def test_page_shows_the_promised_date_and_why_it_moved_and_no_opinion_of_ours(self):
        change = self.bring_to(self.filed(), "development")
        old = change.date_promised
        new = old + timedelta(days=10)
        change.with_user(self.specialist).action_announce_delay("promise", new, "等待新版数据库")
        page = self.get(change.access_url).text
        for text in (
            "等待新版数据库",
            old.strftime("%m/%d/%Y"),
            new.strftime("%m/%d/%Y"),
            "审核人印在底部",
            "Being developed",
        ):
            self.assertIn(text, page)
        self.assertNotIn("机密意见", page)
        self.assertNotIn("Developer", page)
        mails = "".join(self.mails_to(self.alice.partner_id.email).mapped("body_html"))
        self.assertNotIn("机密意见", mails)

    def test_refused_request_says_so_without_our_reason(self):
        change = self.bring_to(self.filed(), "confirmed")
        self.decide(change, "refused")
        page = self.get(change.access_url).text
        self.assertIn("Declined", page)
        self.assertNotIn("机密意见", page)

    def say(self, change, **values):
        """Send an opinion."""
        values = {"shown_hash": change._get_shown_hash(), **values}
        return self.post(f"{change.access_url}/opinion", **values)

    def test_customer_gives_his_opinion_once(self):
        change = self.bring_to(self.filed(), "deploying")
        page = self.get(change.access_url).text
        for text in ("Your opinion, please", 'name="result"', 'name="text"'):
            self.assertIn(text, page)
        for values in (
            {},
            {"result": "great"},
            {"result": "partly", "text": " "},
            {"result": "satisfied", "text": "x" * 20_001},
            *({"result": odd} for odd in ODD_VALUES),
        ):
            self.assertEqual(self.say(change, **values).status_code, 400, values)
        self.assertEqual(self.say(change, result="partly", text="字体太小").status_code, 303)
        self.env.invalidate_all()
        self.assertRecordValues(
            change,
            [
                {
                    "opinion_result": "partly",
                    "opinion_text": "字体太小",
                    "opinion_contact_id": self.alice.partner_id.id,
                    "opinion_channel": "portal",
                }
            ],
        )
        answer = self.say(change, result="satisfied", text="Other")
        self.assertEqual(answer.status_code, 400)
        self.assertIn("given already", answer.text)
        self.env.invalidate_all()
        self.assertEqual(change.opinion_text, "字体太小")
        self.assertIn("字体太小", self.get(change.access_url).text)

    def test_nobody_else_gives_an_opinion_and_none_too_early(self):
        change = self.bring_to(self.filed(), "testing")
        url = f"{change.access_url}/opinion"
        answer = self.say(change, result="satisfied")
        self.assertEqual(answer.status_code, 400)
        change.with_user(self.specialist).action_record_test("pass")
        change.with_user(self.specialist).action_deploy()
        for user in (self.bob, None, self.specialist):
            self.come(user)
            for token in ({}, {"access_token": "é"}):
                self.assertEqual(self.say(change, result="satisfied", **token).status_code, 303)
        self.come(self.alice)
        with mute_logger("odoo.http"):
            answer = self.url_open(url, data={"result": "satisfied"}, allow_redirects=False)
        self.assertEqual(answer.status_code, 400)
        self.env.invalidate_all()
        self.assertFalse(change.opinion_result)

    def test_list_takes_any_parameter(self):
        change = self.bring_to(self.filed(), "deploying")
        for odd in ODD_VALUES:
            answer = self.get("/my/changes", sortby=odd, filterby=odd, search=odd, search_in=odd)
            self.assertEqual(answer.status_code, 200, odd)
        for filterby, shown in (("open", True), ("opinion", True), ("done", False)):
            text = self.get("/my/changes", filterby=filterby).text
            self.assertEqual(change.title in text, shown, filterby)

    def test_customers_read_only_what_is_meant_for_them_by_rpc(self):
        change = self.bring_to(self.filed(), "development")
        ids = change.ids
        [row] = self.rpc(MODEL, "read", ids, ["name", "state", "date_promised"])
        self.assertEqual(row["state"], "development")
        for name in (
            "developer_id",
            "development_notes",
            "estimated_hours",
            "chargeable",
            "approval_ids",
            "promise_ids",
            "test_ids",
            "access_token",
            "original_holder_id",
        ):
            self.assertDenied(MODEL, "read", ids, [name])
        for method, args in (
            ("write", ({"description": "Other"},)),
            ("unlink", ()),
            ("copy", ()),
            ("action_withdraw", ()),
            ("action_cancel", ()),
            ("action_done", ()),
            ("action_record_opinion", ("satisfied",)),
        ):
            self.assertDenied(MODEL, method, ids, *args)
        change.message_subscribe(partner_ids=self.bob.partner_id.ids)
        self.come(self.bob)
        self.assertFalse(self.rpc(MODEL, "search_read", [], ["name"]))
        self.assertDenied(MODEL, "read", ids, ["name"])
