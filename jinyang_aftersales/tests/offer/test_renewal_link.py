"""The link of the renewal notice: three answers, or the offer that goes out with it (五.2.2, 五.2.3)."""

import re
from datetime import date
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, freeze_time, tagged

from ..notice.notice_common import NoticeCommon
from ..portal.common_portal import ODD_VALUES, PortalBrowser


@tagged("post_install", "-at_install")
class TestRenewalLink(PortalBrowser, NoticeCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.default"].set("res.partner", "lang", "en_US")
        cls.agreement = cls.signed()
        cls.notice = cls.announce(cls.agreement)
        cls.call = cls.notice.callback_ids
        cls.contact = cls.agreement.partner_id.software_contact_id
        cls.url = f"/renewal/{cls.notice.id}"

    def setUp(self):
        super().setUp()
        self.link = self.env["aftersales.portal.link"].search(
            [("res_model", "=", self.notice._name), ("res_id", "=", self.notice.id)]
        )
        self.secret = self.link.secret
        self.sign_in(None)

    def answer(self, secret=None, **values):
        values = {"shown_hash": self.notice._get_shown_hash(), "name": "Li Na", **values}
        answer = self.post(f"{self.url}/answer", access_token=secret or self.secret, **values)
        self.env.invalidate_all()
        return answer

    def test_the_mail_leads_to_a_page_with_three_answers(self):
        """M56"""
        [link] = re.findall(r'href="([^"]*/renewal/[^"]*)"', str(self.notice.mail_id.body_html))
        self.assertTrue(link.endswith(f"{self.url}?access_token={self.secret}"))
        page = self.get(self.url, access_token=self.secret)
        self.assertEqual(page.status_code, 200)
        for value in ("renewing", "considering", "declining"):
            self.assertIn(f'value="{value}"', page.text)
        self.assertIn('data-captcha="aftersales_portal"', page.text)
        self.assertEqual(page.headers["Referrer-Policy"], "same-origin")

    def test_each_answer_is_taken_and_acted_on(self):
        """M56"""
        self.assertIn("answered=1", self.answer(answer="renewing").headers["Location"])
        self.assertEqual((self.notice.answer, self.notice.written_by), ("renewing", "Li Na"))
        self.assertTrue(self.activities(self.agreement, "make_renewal"))
        # and the page says what we do next
        page = self.get(self.url, access_token=self.secret, answered="1").text
        self.assertIn("Next we send you the agreement to sign.", page)
        self.answer(answer="considering", day="2026-12-10")
        self.assertEqual(self.call.due_date, date(2026, 12, 10))
        self.answer(answer="declining", reason="closing down")
        self.assertTrue(self.activities(self.notice, "renewal_declined"))
        self.assertIn("Your last answer", self.get(self.url, access_token=self.secret).text)

    def test_the_same_answer_sent_twice_is_one(self):
        """M56"""
        self.answer(answer="declining", reason="closing down")
        note = self.call.note
        self.answer(answer="declining", reason="closing down")
        self.assertEqual(self.call.note, note)
        with freeze_time("2026-11-30 03:00:00"):
            self.answer(answer="declining", reason="closing down")
        self.assertNotEqual(self.call.note, note)

    def test_a_refused_form_comes_back_with_what_was_entered(self):
        """M56"""
        for values in ({"answer": "declining"}, {"answer": "considering"}, {"answer": "maybe"}):
            answer = self.answer(reason=" ", **values)
            self.assertEqual(answer.status_code, 400, values)
            self.assertIn('value="Li Na"', answer.text)
        self.assertFalse(self.notice.written_answer)

    def test_m62_what_was_typed_comes_back_after_a_new_sign_in_in_another_tab(self):
        for token in ("0" * 40 + "o1", ""):
            answer = self.answer(answer="declining", reason="closing down", csrf_token=token)
            self.assertEqual(answer.status_code, 400)
            self.assertIn("signed in again", answer.text)
            for typed in ('value="closing down"', 'value="Li Na"'):
                self.assertIn(typed, answer.text)
        self.assertFalse(self.notice.written_answer)
        # the page that comes back is sent with the token of the present session
        self.answer(answer="declining", reason="closing down")
        self.assertEqual(self.notice.written_answer, "declining")

    def test_a_signed_in_customer_answers_in_their_own_name(self):
        user = self.make_user("lina", "base.group_portal", password="aftersales_lina")
        user.partner_id.parent_id = self.agreement.partner_id
        self.sign_in("aftersales_lina")
        self.answer(answer="renewing", name="Somebody else")
        self.assertEqual(self.notice.written_by, user.name)

    def test_m32_an_answer_to_another_letter_than_the_one_shown_is_not_taken(self):
        seen = self.notice._get_shown_hash()
        self.notice.installation_ids[:1].version = "NEW"
        for shown in ("", "é", seen):
            answer = self.answer(answer="declining", reason="dear", shown_hash=shown)
            self.assertEqual(answer.status_code, 400)
            self.assertIn("has been changed meanwhile", answer.text)
            self.assertIn('value="dear"', answer.text)
        self.assertFalse(self.notice.written_answer)

    def test_only_the_link_opens_it_and_no_colleague_answers(self):
        """M56"""
        self.make_user("bob", "base.group_portal", password="aftersales_bob")
        self.manager.password = "aftersales_manager"
        wrong = (None, "", self.secret + "a", *ODD_VALUES[:6])
        for login, secrets in (
            (None, wrong),
            ("aftersales_bob", (self.secret,)),
            ("aftersales_manager", (self.secret,)),
        ):
            self.sign_in(login)
            for secret in secrets:
                self.assertEqual(self.get(self.url, access_token=secret).status_code, 303)
                self.answer(secret or "-", answer="renewing")
        self.assertFalse(self.notice.written_answer)
        self.sign_in(None)
        self.assertEqual(self.get("/renewal/2147483647", access_token=self.secret).status_code, 303)

    def test_the_link_ends_with_the_service_the_letter_and_the_recipient(self):
        """M56"""

        def opened():
            self.env.flush_all()
            return self.get(self.url, access_token=self.secret).status_code == 200

        self.assertTrue(opened())
        with freeze_time("2027-01-02 02:00:00"):
            self.assertFalse(opened())
        self.contact.active = False
        self.assertFalse(opened())
        self.contact.active = True
        self.contact.parent_id = self.make_customer()
        self.assertFalse(opened())
        self.contact.parent_id = self.agreement.partner_id
        self.assertTrue(opened())
        self.link.with_user(self.manager).action_withdraw()
        self.assertFalse(opened(), "M33: withdrawn")
        self.secret = self.link._ensure(self.notice, self.contact).secret
        self.assertTrue(opened())
        self.notice._supersede()
        self.assertFalse(opened())

    def test_a_holder_of_the_link_is_asked_by_the_captcha(self):
        """M56"""
        target = type(self.env["ir.http"])
        refuse = patch.object(
            target, "_verify_request_recaptcha_token", side_effect=UserError("robot")
        )
        with refuse as asked:
            self.assertEqual(self.answer(answer="renewing").status_code, 400)
        self.assertTrue(asked.called)

    def test_nobody_reads_the_secret(self):
        """M56"""
        self.assertNotIn(self.secret, str(self.notice.mail_id.body))
        self.assertNotIn(self.secret, str(self.agreement.message_ids.mapped("body")))
        for user in (self.callback, self.manager, self.director):
            with self.assertRaises(AccessError):
                self.link.with_user(user).read(["secret"])

    def test_m33_the_link_is_its_recipients_and_ends_with_the_letter(self):
        self.assertEqual(self.link.partner_id, self.contact)
        self.assertFalse(self.link.valid_until)
        with freeze_time("2027-01-01 02:00:00"):
            self.link._end_links(self.company, date(2027, 1, 1))
        self.assertTrue(self.link.valid_until)

    def test_m33_no_letter_goes_to_a_contact_who_has_left_the_customer(self):
        agreement = self.signed()
        self.create_due()
        notice = self.notices.search([("contract_id", "=", agreement.id)])
        left = notice.contact_id
        left.email = "left@customer.example"
        left.parent_id = self.make_customer()
        self.send()
        self.assertNotEqual(notice.contact_id, left)
        self.assertNotIn(left.email, notice.mail_id.email_to or "")
        links = self.link.search([("res_model", "=", notice._name), ("res_id", "=", notice.id)])
        self.assertNotIn(left, links.partner_id)


@tagged("post_install", "-at_install")
class TestOfferWithNotice(NoticeCommon):
    """Service ends on 31 December, the notice is due on 30 November; the day is 25 November."""

    def setUp(self):
        super().setUp()
        self.company.aftersales_offer_with_notice = True
        self.product = self.make_software(price=1000)
        self.agreement = self.offered()

    def offered(self, **values):
        installation = self.make_installation(None, self.product, end=date(2026, 12, 31))
        return self.signed(installation, **values)

    def make(self, day="2026-11-25"):
        with freeze_time(f"{day} 02:00:00"):
            self.notices._make_offers(self.company, date.fromisoformat(day))
        return self.agreement.renewal_ids

    def notify(self):
        self.create_due()
        self.send()
        notice = self.notices_of().filtered(lambda row: row.contract_id == self.agreement)
        return str(notice.mail_id.body_html)

    def test_off_by_default_no_offer_is_made(self):
        """M56"""
        fresh = self.env["res.company"].default_get(["aftersales_offer_with_notice"])
        self.assertFalse(fresh.get("aftersales_offer_with_notice"))
        self.company.aftersales_offer_with_notice = False
        self.assertFalse(self.make())

    def test_the_offer_goes_out_with_the_notice_and_can_be_accepted(self):
        """M56"""
        offer = self.make()
        self.assertEqual(offer.agreement_stage, "draft")
        self.assertEqual(self.activities(offer, "offer_hold").user_id, self.specialist)
        self.make()
        self.assertEqual(len(self.agreement.renewal_ids), 1)
        body = self.notify()
        self.assertEqual(offer.agreement_stage, "sent")
        self.assertIn(offer.access_url, body)
        link = self.env["aftersales.portal.link"].search([("res_model", "=", offer._name)])
        self.assertEqual(link.partner_id, self.agreement.partner_id.software_contact_id)
        self.assertIn(link.secret, body)
        self.assertNotIn("/renewal/", body)
        self.assertFalse(offer._get_answer_obstacle())
        self.assertFalse(self.activities(offer, "offer_hold"))

    def test_a_held_offer_stays_and_the_link_leads_to_the_answers(self):
        """M56"""
        offer = self.make()
        with self.assertRaises(AccessError):
            offer.with_user(self.colleague).action_hold_offer()
        offer.with_user(self.specialist).action_hold_offer()
        with self.assertRaises(UserError):
            offer.with_user(self.specialist).action_hold_offer()
        self.assertIn("/renewal/", self.notify())
        self.assertEqual(offer.agreement_stage, "draft")

    def test_less_than_three_working_days_are_no_time_to_hold_it(self):
        """M56"""
        self.assertFalse(self.make("2026-11-30"))
        offer = self.make("2026-11-27")
        self.assertIn("/renewal/", self.notify())
        self.assertEqual(offer.agreement_stage, "draft")
        self.assertFalse(offer.offer_release_on)

    def test_changed_prices_or_software_are_the_specialists(self):
        """M56"""
        self.product.list_price = 1200
        self.assertFalse(self.make())
        self.product.list_price = 1000
        self.product.active = False
        self.assertFalse(self.make())
        self.product.active = True
        self.agreement.installation_ids.active = False
        self.assertFalse(self.make())
