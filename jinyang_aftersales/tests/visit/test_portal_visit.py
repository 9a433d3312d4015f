"""Visits on the portal: requested, followed and signed by their customer, and by no other (五.3)."""

import base64
import io
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..portal.common_portal import ODD_VALUES
from ..portal.portal_documents_common import PDF, PortalDocuments
from ..shared.files_common import ReadCounter
from ..visit.visit_common import drawing

NEW = "/my/visits/new"


@tagged("post_install", "-at_install")
class TestPortalVisitRequest(PortalDocuments, HttpCase):
    def ask(self, key=None, files=None, **values):
        return self.send(
            NEW,
            key=key,
            files=files,
            **{"problem": "月末结账报错", "contact_id": self.alice.partner_id.id, **values},
        )

    def test_customer_asks_for_a_visit_and_the_specialist_is_told(self):
        self.come(self.alice)
        wished = "2099-05-06T09:30"
        page = self.ask(installation_id=self.installation.id, date_wished=wished)
        [visit] = self.found("aftersales.visit")
        self.assertEqual(page.headers["Location"].split("?")[0], visit.access_url)
        self.assertRecordValues(
            visit,
            [
                {
                    "state": "draft",
                    "partner_id": self.customer.id,
                    "contact_id": self.alice.partner_id.id,
                    "installation_id": self.installation.id,
                    "problem": "月末结账报错",
                    "company_id": self.company.id,
                    "user_id": self.specialist.id,
                    "filed_by_id": self.alice.partner_id.id,
                    # 09:30 in Shanghai
                    "date_wished": fields.Datetime.to_datetime("2099-05-06 01:30:00"),
                }
            ],
        )
        self.assertFalse(visit.date_planned_start, "the arrival is agreed, not only wished")
        self.assertFalse(visit.technician_ids)
        self.assertEqual(visit.activity_ids.user_id, self.specialist)
        shown = self.get(visit.access_url, filed=1).text
        for text in (visit.name, "Asked for", "月末结账报错", "05/06/2099 09:30 AM", "Thank you"):
            self.assertIn(text, shown)
        self.assertIn(visit.name, self.get("/my/visits").text)

    def test_customer_gets_a_confirmation_in_his_language_and_replies_to_the_visit(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.alice.lang = "zh_CN"
        self.come(self.alice)
        with patch.object(
            self.registry["aftersales.visit"],
            "_get_filing_text",
            lambda visit: f"speaks {visit.env.lang}",
        ):
            self.ask()
        [visit] = self.found("aftersales.visit")
        [own, confirmation] = visit.message_ids.filtered(
            lambda message: message.subtype_id == self.env.ref("mail.mt_comment")
        ).sorted("id")
        self.assertEqual(own.author_id, self.alice.partner_id)
        self.assertIn("月末结账报错", own.body)
        self.assertEqual(confirmation.author_id, self.specialist.partner_id)
        self.assertIn(self.alice.partner_id, confirmation.notified_partner_ids)
        self.assertIn("speaks zh_CN", confirmation.body)
        [mail] = self.mails_to(self.alice.partner_id.email)
        self.assertEqual(mail.state, "outgoing", "queued, not sent in the request")
        reply = f"""From: {self.alice.partner_id.email}
To: catchall@example.com
Subject: Re: {visit.name}
Message-ID: <portal-visit-reply@customer.example>
In-Reply-To: {mail.message_id}

Please come early.
"""
        self.env["mail.thread"].message_process("helpdesk.ticket", reply)
        self.assertIn("Please come early.", visit.message_ids[0].body)
        self.assertEqual(visit.message_ids[0].author_id, self.alice.partner_id)

    def test_form_sent_twice_makes_one_visit(self):
        self.come(self.alice)
        key = self.form_key(NEW)
        first, second = self.ask(key=key), self.ask(key=key)
        [visit] = self.found("aftersales.visit")
        self.assertEqual(first.headers["Location"], second.headers["Location"])
        self.assertEqual(len(visit.activity_ids), 1)
        self.assertEqual(len(self.mails_to(self.alice.partner_id.email)), 1)
        self.ask(send_again="1")
        self.assertEqual(len(self.found("aftersales.visit")), 2)

    def test_files_come_with_it_and_disguised_or_too_many_ones_are_refused(self):
        self.come(self.alice)
        good = ("attachment", ("屏幕截图 é.pdf", io.BytesIO(PDF)))
        self.ask(files=[good])
        [visit] = self.found("aftersales.visit")
        files = self.env["ir.attachment"].search(
            [("res_model", "=", "aftersales.visit"), ("res_id", "=", visit.id)]
        )
        self.assertEqual(files.mapped("name"), ["屏幕截图 é.pdf"])
        self.assertIn("屏幕截图 é.pdf", self.get(visit.access_url).text)
        for files in (
            [("attachment", ("a.pdf", io.BytesIO(b"<html><script>1</script></html>")))],
            [("attachment", ("a.exe", io.BytesIO(b"MZ\x90\x00\x03")))],
            [("attachment", ("a.pdf", io.BytesIO(b"")))],
            [("attachment", ("a.pdf", io.BytesIO(b"%PDF-1.4" + b"x" * 21 * 1024**2)))],
            [("attachment", (f"{i}.pdf", io.BytesIO(PDF))) for i in range(11)],
        ):
            answer = self.ask(files=files)
            self.assertEqual(answer.status_code, 400)
            self.assertIn("月末结账报错", answer.text)
        self.assertEqual(self.found("aftersales.visit"), visit)

    def test_only_the_fields_of_the_form_count(self):
        self.come(self.alice)
        self.ask(
            state="approved",
            partner_id=self.other.id,
            company_id=1,
            user_id=self.manager.id,
            technician_ids=self.manager.id,
            filed_by_id=self.bob.partner_id.id,
            chargeable="1",
            date_planned_start="2099-01-01 08:00:00",
            access_token="known",
            message_follower_ids="1",
            result="Nothing",
        )
        [visit] = self.found("aftersales.visit")
        self.assertRecordValues(
            visit,
            [
                {
                    "state": "draft",
                    "partner_id": self.customer.id,
                    "company_id": self.company.id,
                    "user_id": self.specialist.id,
                    "filed_by_id": self.alice.partner_id.id,
                    "chargeable": False,
                    "date_planned_start": False,
                    "result": False,
                }
            ],
        )
        self.assertFalse(visit.technician_ids)
        self.assertNotEqual(visit.access_token, "known")

    def test_foreign_software_contacts_and_odd_values_are_refused(self):
        self.come(self.alice)
        for values in (
            {"installation_id": self.foreign.id},
            {"contact_id": self.bob.partner_id.id},
            {"contact_id": self.specialist.partner_id.id},
            {"contact_id": ""},
            {"problem": " \x00 "},
            {"problem": "x" * 20_001},
            {"date_wished": "2020-01-01T08:00"},
            {"date_wished": "tomorrow"},
        ):
            self.assertEqual(self.ask(**values).status_code, 400, values)
        # odd values in all fields at the same time: each field is read, also after an error in another one
        names = ("installation_id", "contact_id", "date_wished", "form_key")
        for odd in ODD_VALUES:
            answer = self.post(NEW, problem="x", **dict.fromkeys(names, odd))
            self.assertLess(answer.status_code, 500, odd)
        self.assertFalse(self.found("aftersales.visit"))

    def test_nobody_files_without_signing_in_or_without_the_token_of_the_form(self):
        self.come(None)
        self.assertIn("/web/login", self.get(NEW).headers["Location"])
        self.come(self.alice)
        data = {"problem": "x", "form_key": "0" * 32, "contact_id": self.alice.partner_id.id}
        with mute_logger("odoo.http"):
            answer = self.url_open(NEW, data=data, allow_redirects=False)
        self.assertEqual(answer.status_code, 400)
        self.assertFalse(self.found("aftersales.visit"))

    def test_customer_without_specialist_reaches_the_managers(self):
        self.customer.service_user_id = False
        self.come(self.alice)
        self.ask()
        [visit] = self.found("aftersales.visit")
        self.assertIn(self.manager, visit.activity_ids.user_id)

    def test_request_is_settled_by_submitting_and_not_deleted(self):
        self.come(self.alice)
        self.ask()
        [visit] = self.found("aftersales.visit")
        with self.assertRaisesRegex(Exception, "cancel it"):
            visit.with_user(self.manager).unlink()
        start = fields.Datetime.now().replace(microsecond=0) + timedelta(days=2)
        visit.with_user(self.specialist).write(
            {
                "date_planned_start": start,
                "date_planned_end": start + timedelta(hours=2),
                "arrival_agreed_with_id": self.contact.id,
                "technician_ids": [(6, 0, self.specialist.ids)],
            }
        )
        visit.with_user(self.specialist).action_submit()
        filed = self.env.ref("jinyang_aftersales.mail_activity_portal_filed")
        self.assertNotIn(filed, visit.activity_ids.activity_type_id)
        visit.with_user(self.manager).action_approve("内部意见")
        self.assertIn("is arranged", visit.message_ids[0].body + visit.message_ids[1].body)
        page = self.get(visit.access_url).text
        self.assertIn("Specialist", page)
        self.assertNotIn("内部意见", page)
        self.assertNotIn("内部意见", "".join(self.mails_to("alice@").mapped("body_html")))


@tagged("post_install", "-at_install")
class TestPortalVisitPage(PortalDocuments, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.visit = cls.make_visit(state="on_site")
        cls.visit.action_arrive()
        cls.visit.result = "重新结账成功"
        cls.visit = cls.visit.with_user(cls.env.user)
        cls.url = f"/my/visits/{cls.visit.id}"

    def sign(self, **values):
        return self.post(f"{self.url}/sign", **self.answer(self.visit, **values))

    def refresh(self):
        self.env.invalidate_all()
        return self.visit

    # --- who sees what ---

    def test_colleagues_see_it_strangers_and_nobody_do_not(self):
        for user, status in ((self.alice, 200), (self.carol, 200), (self.bob, 303), (None, 303)):
            self.come(user)
            self.assertEqual(self.get(self.url).status_code, status)
        self.come(self.bob)
        self.visit.message_subscribe(partner_ids=self.bob.partner_id.ids)
        self.assertEqual(self.get(self.url).status_code, 303)
        self.assertNotIn(self.visit.name, self.get("/my/visits").text)

    def test_link_with_the_right_token_opens_it_and_no_other_token(self):
        self.come(None)
        token = self.visit._portal_ensure_token()
        other = self.make_visit(state="submitted").with_user(self.env.user)._portal_ensure_token()
        self.assertEqual(self.get(self.url, access_token=token).status_code, 200)
        for wrong in (*ODD_VALUES, token + "a", token[:-1], other):
            self.assertEqual(self.get(self.url, access_token=wrong).status_code, 303, wrong)

    def test_draft_of_our_people_is_not_shown(self):
        draft = self.make_visit()
        self.come(self.alice)
        self.assertEqual(self.get(f"/my/visits/{draft.id}").status_code, 303)
        self.assertNotIn(draft.name, self.get("/my/visits").text)
        self.assertEqual(self.rpc("aftersales.visit", "search", [("id", "=", draft.id)]), [])

    def test_list_takes_any_parameter(self):
        self.come(self.alice)
        for odd in ODD_VALUES:
            answer = self.get(
                "/my/visits", sortby=odd, filterby=odd, search=odd, search_in=odd, page=odd
            )
            self.assertEqual(answer.status_code, 200, odd)
        for filterby, shown in (("to_sign", True), ("open", True), ("done", False)):
            text = self.get("/my/visits", filterby=filterby).text
            self.assertEqual(self.visit.name in text, shown, filterby)
        self.assertIn(self.visit.name, self.get("/my/visits", search="结账").text)
        self.assertNotIn(self.visit.name, self.get("/my/visits", search="zzz").text)

    def test_customers_read_only_what_is_meant_for_them_by_rpc(self):
        self.visit.message_subscribe(partner_ids=self.bob.partner_id.ids)
        self.come(self.bob)
        self.assertFalse(self.rpc("aftersales.visit", "search_read", [], ["name"]))
        self.assertDenied("aftersales.visit", "read", self.visit.ids, ["name"])
        self.come(self.alice)
        [row] = self.rpc("aftersales.visit", "read", self.visit.ids, ["name", "state", "result"])
        self.assertEqual(row["result"], "重新结账成功")
        for name in (
            "chargeable",
            "left_on",
            "returned_on",
            "record_due_date",
            "feedback_received_by_id",
            "signed_content",
            "access_token",
            "score_average",
            "approval_ids",
            "callback_ids",
            "message_ids",
        ):
            self.assertDenied("aftersales.visit", "read", self.visit.ids, [name])
        for method, args in (
            ("write", ({"problem": "Taken"},)),
            ("unlink", ()),
            ("copy", ()),
            ("action_sign", ()),
            ("action_cancel", ("Why",)),
            ("action_draft", ()),
        ):
            self.assertDenied("aftersales.visit", method, self.visit.ids, *args)
        self.assertDenied("aftersales.visit", "create", [{"partner_id": self.customer.id}])

    # --- signing ---

    def test_customer_signs_with_opinion_and_scores(self):
        self.come(self.alice)
        page = self.get(self.url).text
        self.assertIn("重新结账成功", page)
        for name in ("Feedback form", 'name="customer_opinion"', 'name="signed_by_name"'):
            self.assertIn(name, page)
        answer = self.sign()
        self.assertEqual(answer.status_code, 303)
        self.assertRecordValues(
            self.refresh(),
            [
                {
                    "state": "feedback",
                    "customer_opinion": "很满意",
                    "score_attitude": "5",
                    "score_skill": "4",
                    "score_result": "3",
                    "signed_by_name": "李娜",
                    "signed_by_id": self.alice.partner_id.id,
                    "signature_valid": True,
                }
            ],
        )
        page = self.get(self.url).text
        for text in ("李娜", "很满意", self.visit.signature_hash):
            self.assertIn(text, page)
        self.assertNotIn('name="shown_hash"', page)

    def test_drawing_is_decoded_and_looked_at_once(self):
        self.come(self.alice)
        raw, counter = base64.b64decode(drawing()), ReadCounter()
        with counter.watch():
            self.assertEqual(self.sign().status_code, 303)
        self.assertEqual(counter.of(raw), (1, 1))
        self.assertEqual(base64.b64decode(self.refresh().customer_signature), raw)

    def test_link_of_the_mail_is_enough_to_sign(self):
        self.come(None)
        token = self.visit._portal_ensure_token()
        self.assertEqual(self.sign(access_token=token).status_code, 303)
        self.assertTrue(self.refresh().signature_valid)
        self.assertFalse(self.visit.signed_by_id)
        self.assertEqual(self.visit.signed_by_name, "李娜")

    def test_nobody_else_signs(self):
        for user in (self.bob, None, self.specialist):
            self.come(user)
            for token in ({}, {"access_token": "é"}, {"access_token": "x"}):
                answer = self.sign(**token)
                self.assertEqual(answer.status_code, 303)
                self.assertEqual(self.refresh().state, "on_site")
        self.come(self.alice)
        with mute_logger("odoo.http"):
            answer = self.url_open(
                f"{self.url}/sign", data=self.answer(self.visit), allow_redirects=False
            )
        self.assertEqual(answer.status_code, 400)
        self.assertEqual(self.refresh().state, "on_site")

    def test_second_signature_is_refused_kindly(self):
        self.come(self.alice)
        self.sign()
        first = self.refresh().signature_hash
        answer = self.sign(customer_opinion="Other")
        self.assertEqual(answer.status_code, 400)
        self.assertIn("has been signed by 李娜 already", answer.text)
        self.assertEqual(self.refresh().signature_hash, first)
        self.assertEqual(self.visit.customer_opinion, "很满意")

    def test_form_changed_meanwhile_is_to_be_read_again(self):
        self.come(self.alice)
        seen = self.visit._get_shown_hash()
        self.visit.with_user(self.specialist).result = "Changed"
        answer = self.sign(shown_hash=seen)
        self.assertEqual(answer.status_code, 400)
        self.assertIn("has been changed meanwhile", answer.text)
        self.assertIn("Changed", answer.text)
        self.assertIn("很满意", answer.text, "what was entered is kept")
        self.assertFalse(self.refresh().signature_hash)
        self.assertFalse(self.visit.customer_opinion, "nothing half-made")

    def test_form_is_signed_when_it_is_ready_only(self):
        self.come(self.alice)
        for visit in (
            self.make_visit(state="approved"),
            self.make_visit(state="on_site"),
            self.make_visit(state="cancelled"),
        ):
            self.assertNotIn('name="shown_hash"', self.get(f"/my/visits/{visit.id}").text)
            answer = self.post(
                f"/my/visits/{visit.id}/sign", **self.answer(visit.with_user(self.env.user))
            )
            self.assertEqual(answer.status_code, 400)
            self.assertIn("not ready to be signed", answer.text)
            self.env.invalidate_all()
            self.assertFalse(visit.signature_hash)

    def test_incomplete_and_odd_answers_are_refused(self):
        self.come(self.alice)
        for values in (
            {"score_attitude": ""},
            {"score_skill": "0"},
            {"score_result": "6"},
            {"score_result": "12"},
            {"signed_by_name": " "},
            {"customer_signature": ""},
            {"customer_signature": "no picture"},
            {"customer_signature": "PHN2Zz48L3N2Zz4="},
            {"customer_opinion": "x" * 5001},
            {"shown_hash": "é"},
            {"shown_hash": ""},
        ):
            answer = self.sign(**values)
            self.assertEqual(answer.status_code, 400, values)
            self.assertEqual(self.refresh().state, "on_site", values)
        for odd in ODD_VALUES:
            # all values are read; the hash is only checked when the others are complete
            for names in (("score_attitude", "customer_signature"), ("shown_hash",)):
                answer = self.sign(**dict.fromkeys(names, odd))
                self.assertLess(answer.status_code, 500, (names, odd))
        self.assertEqual(self.refresh().state, "on_site")

    def test_only_the_answer_is_written(self):
        self.come(self.alice)
        self.sign(result="Nothing was wrong", state="done", problem="Other", signed_by_id="1")
        self.assertEqual(self.refresh().result, "重新结账成功")
        self.assertEqual(self.visit.state, "feedback")
        self.assertEqual(self.visit.problem, "月末结账报错")
        self.assertEqual(self.visit.signed_by_id, self.alice.partner_id)
