"""Applications on the portal: filed with the stamped scan, followed, and never with a password (五.1.4)."""

import base64

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..portal.common_portal import ODD_VALUES
from ..portal.portal_documents_common import PDF, PortalDocuments

NEW = "/my/applications/new"


@tagged("post_install", "-at_install")
class TestPortalApplication(PortalDocuments, HttpCase):
    def apply(self, kind="data_clearing", scan=True, key=None, **values):
        files = [self.scan() if scan is True else scan] if scan else None
        return self.send(
            f"{NEW}?kind={kind}",
            key=key or self.form_key(NEW, kind=kind),
            files=files,
            **{
                "description": "2025 年账套",
                "contact_id": self.alice.partner_id.id,
                **values,
            },
        )

    def filed(self, user=None, **values):
        self.come(user or self.alice)
        self.assertEqual(self.apply(**values).status_code, 303)
        return self.found("aftersales.application")[-1]

    def test_customer_files_and_the_managers_are_asked_at_once(self):
        application = self.filed(installation_id=self.installation.id)
        self.assertRecordValues(
            application,
            [
                {
                    "kind": "data_clearing",
                    "state": "submitted",
                    "partner_id": self.customer.id,
                    "contact_id": self.alice.partner_id.id,
                    "installation_id": self.installation.id,
                    "description": "2025 年账套",
                    "scan": base64.b64encode(PDF),
                    "scan_name": "scan.pdf",
                    "filed_by_id": self.alice.partner_id.id,
                    "user_id": self.specialist.id,
                    "original_holder_id": False,
                }
            ],
        )
        self.assertIn(self.manager, application.approval_ids.approver_ids)
        self.assertNotIn(self.specialist, application.approval_ids.approver_ids)
        page = self.get(application.access_url, filed=1).text
        for text in (application.name, "Being reviewed", "2025 年账套", "scan.pdf", "Thank you"):
            self.assertIn(text, page)
        self.assertIn(application.name, self.get("/my/applications").text)
        self.assertEqual(len(self.mails_to(self.alice.partner_id.email)), 1)

    def test_customer_reads_the_decision_and_neither_opinion_nor_verification(self):
        application = self.filed(kind="password", description="")
        application.with_user(self.manager).action_approve("机密意见")
        self.assertIn(self.specialist, application.activity_ids.user_id, "to carry it out")
        self.assertIn("Approved", self.get(application.access_url).text)
        worker = application.with_user(self.specialist)
        worker.write({"contact_told_id": self.alice.partner_id.id, "verified_how": "回拨总机"})
        worker.action_execute()
        page = self.get(application.access_url).text
        self.assertIn("The password was told to Alice", page)
        mails = "".join(self.mails_to(self.alice.partner_id.email).mapped("body_html"))
        self.assertIn("is done", mails)
        for secret in ("机密意见", "回拨总机"):
            self.assertNotIn(secret, page + mails)
        self.assertFalse(application.activity_ids, "nothing left to do")

    def test_customer_learns_of_a_refusal(self):
        application = self.filed()
        application.with_user(self.manager).action_refuse("印章看不清")
        self.assertIn("Not approved", self.get(application.access_url).text)
        self.assertIn("is not approved", self.mails_to("alice@")[0].body_html)
        self.assertNotIn("印章看不清", "".join(self.mails_to("alice@").mapped("body_html")))

    def test_without_a_manager_it_waits_for_the_specialist(self):
        (self.manager | self.director).action_archive()
        application = self.filed()
        self.assertEqual(application.state, "draft")
        self.assertEqual(application.activity_ids.user_id, self.specialist)
        self.assertIn("Received", self.get(application.access_url).text)

    def test_form_sent_twice_makes_one_application(self):
        self.come(self.alice)
        key = self.form_key(NEW, kind="data_clearing")
        first, second = self.apply(key=key), self.apply(key=key)
        self.assertEqual(first.headers["Location"], second.headers["Location"])
        [application] = self.found("aftersales.application")
        self.assertEqual(len(application.approval_ids), 1)

    def test_scan_is_needed_and_known_by_its_content(self):
        self.come(self.alice)
        for scan in (
            None,
            self.scan(content=b""),
            self.scan(content=b"<html><script>alert(1)</script></html>"),
            self.scan(content=b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
            self.scan(content=b"PK\x03\x04 archive"),
            self.scan(content=b"%PDF-1.4" + b"x" * 10 * 1024**2),
        ):
            answer = self.apply(scan=scan)
            self.assertEqual(answer.status_code, 400)
            self.assertIn("2025 年账套", answer.text)
        self.assertFalse(self.found("aftersales.application"))
        self.apply(scan=self.scan("../../盖章 <申请>é\u202e.pdf"))
        [application] = self.found("aftersales.application")
        self.assertEqual(application.scan_name, "盖章 _申请_é.pdf")
        self.assertIn("盖章 _申请_é.pdf", self.get(application.access_url).text)

    def test_scan_is_served_to_the_own_company_only(self):
        application = self.filed()
        url = f"/web/content/aftersales.application/{application.id}/scan?download=true"
        for user in (self.alice, self.carol):
            self.come(user)
            answer = self.get(url)
            self.assertEqual(answer.content, PDF)
            self.assertIn("attachment", answer.headers["Content-Disposition"])
        for user in (self.bob, None):
            self.come(user)
            for suffix in ("", "&access_token=x", "&access_token=é"):
                answer = self.get(url + suffix)
                self.assertNotEqual(answer.content, PDF)
                self.assertLess(answer.status_code, 500)

    def test_kind_is_one_of_those_there_are(self):
        self.come(self.alice)
        self.assertIn("kind=password", self.get(NEW).text)
        for odd in (*ODD_VALUES, "kind"):
            self.assertEqual(self.get(NEW, kind=odd).status_code, 200, odd)
            answer = self.post(NEW, kind=odd, description="x", form_key="0" * 32)
            self.assertLess(answer.status_code, 500, odd)
        self.assertFalse(self.found("aftersales.application"))

    def test_only_the_fields_of_the_form_count(self):
        application = self.filed(
            state="approved",
            partner_id=self.other.id,
            user_id=self.manager.id,
            original_holder_id=self.manager.id,
            verified_how="x",
            tool_used="x",
            chargeable="1",
            executed_by_id=1,
            filed_by_id=self.bob.partner_id.id,
            scan_name="x.exe",
        )
        self.assertRecordValues(
            application,
            [
                {
                    "state": "submitted",
                    "partner_id": self.customer.id,
                    "user_id": self.specialist.id,
                    "original_holder_id": False,
                    "verified_how": False,
                    "tool_used": False,
                    "chargeable": False,
                    "executed_by_id": False,
                    "filed_by_id": self.alice.partner_id.id,
                    "scan_name": "scan.pdf",
                }
            ],
        )

    def test_foreign_software_and_contacts_are_refused(self):
        self.come(self.alice)
        for values in (
            {"installation_id": self.foreign.id},
            {"contact_id": self.bob.partner_id.id},
            {"description": ""},
        ):
            self.assertEqual(self.apply(**values).status_code, 400, values)
        self.assertFalse(self.found("aftersales.application"))

    def test_colleagues_see_it_strangers_and_nobody_do_not(self):
        application = self.filed()
        url = application.access_url
        application.message_subscribe(partner_ids=self.bob.partner_id.ids)
        for user, status in ((self.alice, 200), (self.carol, 200), (self.bob, 303), (None, 303)):
            self.come(user)
            self.assertEqual(self.get(url).status_code, status)
        token = application._portal_ensure_token()
        self.come(None)
        self.assertEqual(self.get(url, access_token=token).status_code, 200)
        for wrong in ODD_VALUES:
            self.assertEqual(self.get(url, access_token=wrong).status_code, 303)
        self.come(self.bob)
        self.assertNotIn(application.name, self.get("/my/applications").text)

    def test_list_takes_any_parameter(self):
        application = self.filed()
        for odd in ODD_VALUES:
            answer = self.get(
                "/my/applications", sortby=odd, filterby=odd, search=odd, search_in=odd
            )
            self.assertEqual(answer.status_code, 200, odd)
        for filterby, shown in (("open", True), ("done", False)):
            text = self.get("/my/applications", filterby=filterby).text
            self.assertEqual(application.name in text, shown)

    def test_nothing_by_get_or_without_the_token_of_the_form(self):
        self.come(self.alice)
        data = {"description": "x", "form_key": "0" * 32, "contact_id": self.alice.partner_id.id}
        with mute_logger("odoo.http"):
            answer = self.url_open(f"{NEW}?kind=password", data=data, allow_redirects=False)
        self.assertEqual(answer.status_code, 400)
        self.get(NEW, kind="password", **data)
        self.assertFalse(self.found("aftersales.application"))

    def test_customers_read_only_what_is_meant_for_them_by_rpc(self):
        application = self.filed()
        ids = application.ids
        [row] = self.rpc("aftersales.application", "read", ids, ["name", "state", "description"])
        self.assertEqual(row["state"], "submitted")
        for name in (
            "verified_how",
            "tool_used",
            "original_holder_id",
            "chargeable",
            "approval_ids",
            "executed_by_id",
            "access_token",
        ):
            self.assertDenied("aftersales.application", "read", ids, [name])
        for method, args in (
            ("write", ({"description": "Other"},)),
            ("unlink", ()),
            ("copy", ()),
            ("action_withdraw", ()),
            ("action_approve", ()),
            ("action_execute", ()),
            ("action_cancel", ()),
        ):
            self.assertDenied("aftersales.application", method, ids, *args)
        application.message_subscribe(partner_ids=self.bob.partner_id.ids)
        self.come(self.bob)
        self.assertFalse(self.rpc("aftersales.application", "search_read", [], ["name"]))
        self.assertDenied("aftersales.application", "read", ids, ["name"])

    def test_what_a_customer_filed_is_cancelled_and_not_deleted(self):
        (self.manager | self.director).action_archive()
        application = self.filed()
        with self.assertRaisesRegex(Exception, "cancel it"):
            application.with_user(self.specialist).unlink()
        application.with_user(self.specialist).action_cancel()
        self.assertIn("Cancelled", self.get(application.access_url).text)
