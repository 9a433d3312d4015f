"""Customers answer the offer of an agreement on the portal (五.2.3)."""

import base64
import io
from datetime import timedelta

from PIL import Image, ImageDraw

from odoo.exceptions import UserError
from odoo.tests import HttpCase, freeze_time, tagged

from ..common import AftersalesCommon
from ..portal.common_portal import ODD_VALUES, PortalBrowser

OFFER_ACTIVITY = "jinyang_aftersales.mail_activity_offer_answer"


def drawing(line=True, size=(120, 40)):
    """A PNG like that of the signature form.

    :param bool line: whether something was drawn
    """
    image = Image.new("RGBA", size)
    if line:
        ImageDraw.Draw(image).line((2, 2, 100, 30), fill="black")
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return base64.b64encode(buffer.getvalue()).decode()


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10 04:00:00")
class TestPortalOffer(PortalBrowser, AftersalesCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("en_US")
        cls.env["ir.default"].set("res.partner", "lang", "en_US")
        cls.offer = cls.make_agreement(start=cls.day("2026-04-01"), price=1888)
        cls.fax(cls.offer)
        cls.people = {
            name: cls.make_user(
                name,
                "base.group_portal",
                lang="en_US",
                password=f"aftersales_{name}",
                partner_id=cls.env["res.partner"].create({"name": name, "parent_id": parent.id}).id,
            )
            for name, parent in {
                "alice": cls.offer.partner_id,
                "bob": cls.make_customer(),
            }.items()
        }
        cls.url = f"/my/contracts/{cls.offer.id}"

    def sign_in_as(self, name):
        self.sign_in(name and f"aftersales_{name}")

    def accept(self, **params):
        """Send the form with the signature, return the answer."""
        values = {
            "name": "Li Na",
            "signature": drawing(),
            "shown_hash": self.offer._get_shown_hash(),
            **params,
        }
        answer = self.post(f"{self.url}/accept", **values)
        self.env.invalidate_all()
        return answer

    def decline(self, **params):
        values = {"reason": "Too dear", "shown_hash": self.offer._get_shown_hash(), **params}
        answer = self.post(f"{self.url}/decline", **values)
        self.env.invalidate_all()
        return answer

    # === Signed by both === #

    def test_customer_hears_in_his_language_that_we_have_signed_too(self):
        contact = self.offer.partner_id.software_contact_id
        contact.write({"lang": "en_US", "email": "lina@example.cn"})
        self.sign(self.offer)
        [message] = self.offer.message_ids.filtered(lambda row: row.message_type == "auto_comment")
        self.assertEqual(message.notified_partner_ids, contact)
        self.assertIn(f"The agreement {self.offer.name} from 04/01/2026", message.body)

    def test_contact_who_has_left_the_customer_does_not_hear_of_it(self):
        customer = self.offer.partner_id
        left = customer.software_contact_id
        left.email = "left@example.cn"
        customer.email = "office@example.cn"
        left.parent_id = self.make_customer("Beta")
        customer.software_contact_id = left
        self.sign(self.offer, invoice_contact_id=customer.id)
        [message] = self.offer.message_ids.filtered(lambda row: row.message_type == "auto_comment")
        self.assertEqual(message.notified_partner_ids, customer)

    def test_an_agreement_entered_long_after_it_was_signed_is_no_news(self):
        self.offer.signed_on = self.company._aftersales_today() - timedelta(days=8)
        self.sign(self.offer)
        self.assertEqual(self.offer.agreement_stage, "signed")
        self.assertFalse(
            self.offer.message_ids.filtered(lambda row: row.message_type == "auto_comment")
        )

    # === Accepting === #

    def test_customer_accepts_and_a_colleague_is_asked_to_sign_for_us(self):
        self.sign_in_as("alice")
        self.assertIn("agreement_accept", self.get(self.url).text)
        answer = self.accept()
        self.assertEqual(answer.status_code, 303)
        self.assertEqual(self.offer.accepted_by_name, "Li Na")
        self.assertEqual(self.offer.accepted_by_id, self.people["alice"].partner_id)
        self.assertTrue(self.offer.accepted_on)
        self.assertTrue(self.offer.acceptance_valid)
        # the customer's signature alone does not sign the agreement: same stage, no invoice
        self.assertEqual(self.offer.agreement_stage, "sent")
        self.assertFalse(self.offer.invoice_ids)
        activity = self.offer.activity_ids
        self.assertEqual(activity.activity_type_id, self.env.ref(OFFER_ACTIVITY))
        self.assertEqual(activity.user_id, self.specialist)
        page = self.url_open(answer.headers["Location"]).text
        self.assertIn("Accepted by", page)
        self.assertNotIn("agreement_accept", page)

    def test_a_drawing_as_large_as_those_of_browsers_is_taken(self):
        image = Image.effect_noise((300, 100), 100).convert("RGBA")
        buffer = io.BytesIO()
        image.save(buffer, "PNG")
        signature = base64.b64encode(buffer.getvalue()).decode()
        self.assertGreater(len(signature), 20000)
        self.sign_in_as("alice")
        self.assertEqual(self.accept(signature=signature).status_code, 303)
        self.assertEqual(self.offer.acceptance_signature.decode(), signature)

    def test_signing_for_us_takes_over_who_signed_for_the_customer(self):
        self.sign_in_as("alice")
        self.accept()
        self.sign(self.offer)
        self.assertEqual(self.offer.customer_signatory, "Li Na")
        self.assertFalse(self.offer.activity_ids)
        self.assertTrue(self.offer.acceptance_valid)

    def test_offer_is_accepted_once(self):
        self.sign_in_as("alice")
        self.accept()
        answer = self.accept(name="Wang Wei")
        self.assertEqual(answer.status_code, 400)
        self.assertIn("already been accepted", answer.text)
        self.assertEqual(self.offer.accepted_by_name, "Li Na")

    def test_acceptance_is_void_when_the_offer_is_changed(self):
        self.sign_in_as("alice")
        self.accept()
        self.offer.action_draft()
        self.assertFalse(self.offer.accepted_on)
        self.assertFalse(self.offer.acceptance_signature)
        self.assertFalse(self.offer.activity_ids)

    def test_hash_shows_what_was_changed_past_the_product(self):
        self.sign_in_as("alice")
        self.accept()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE contract_contract SET term_end = '2027-12-31' WHERE id = %s", (self.offer.id,)
        )
        self.env.invalidate_all()
        self.assertFalse(self.offer.acceptance_valid)

    def test_nobody_enters_an_acceptance_by_hand(self):
        for vals in (
            {"accepted_on": "2026-03-01"},
            {"accepted_by_name": "Forged"},
            {"acceptance_signature": drawing()},
            {"decline_reason": "Forged"},
        ):
            with self.assertRaises(UserError):
                self.offer.with_user(self.manager).write(vals)

    def test_nothing_is_accepted_without_a_drawing_or_a_name(self):
        self.sign_in_as("alice")
        svg = base64.b64encode(b"<svg xmlns='http://www.w3.org/2000/svg'/>").decode()
        for params in (
            {"signature": ""},
            {"signature": "x"},
            {"signature": "not base64"},
            {"signature": svg},
            {"signature": drawing(line=False)},
            {"signature": "A" * 3_000_000},
            {"name": ""},
            {"name": " "},
        ):
            self.assertEqual(self.accept(**params).status_code, 400, params)
        self.assertFalse(self.offer.accepted_on)

    # === Declining === #

    def test_customer_declines_with_a_reason_and_may_still_change_his_mind(self):
        self.sign_in_as("alice")
        self.assertEqual(self.decline().status_code, 303)
        self.assertEqual(self.offer.decline_reason, "Too dear")
        self.assertEqual(self.offer.agreement_stage, "sent")
        self.assertIn("Too dear", str(self.offer.activity_ids.mapped("note")))
        # the managers hear of a renewal that is declined
        self.assertIn(self.manager, self.offer.activity_ids.user_id)
        self.assertIn("Too dear", self.get(self.url).text)
        self.accept()
        self.assertTrue(self.offer.accepted_on)
        self.assertFalse(self.offer.declined_on)
        self.assertEqual(len(self.offer.activity_ids), 1)

    def test_who_calls_about_the_renewal_knows_that_it_was_declined(self):
        callback = self.env["aftersales.callback"].create(
            {
                "kind": "renewal",
                "company_id": self.company.id,
                "partner_id": self.offer.partner_id.id,
                "contract_id": self.offer.id,
                "user_id": self.callback.id,
                "due_date": "2026-03-12",
            }
        )
        self.sign_in_as("alice")
        self.decline()
        self.assertIn("Too dear", callback.note)
        self.assertEqual(callback.state, "todo")

    def test_declining_needs_a_reason_and_a_form_of_ours(self):
        self.sign_in_as("alice")
        answer = self.decline(reason=" ")
        self.assertEqual(answer.status_code, 400)
        self.assertIn("Please tell us why", answer.text)
        self.assertEqual(self.get(f"{self.url}/decline", reason="x").status_code, 405)
        answer = self.decline(csrf_token="wrong")
        self.assertEqual(answer.status_code, 400)
        self.assertIn("Too dear", answer.text, "what was entered is kept")
        self.assertEqual(self.accept(csrf_token="wrong").status_code, 400)
        self.assertFalse(self.offer.accepted_on)
        self.assertFalse(self.offer.declined_on)

    # === Who, and when === #

    def test_strangers_and_staff_answer_no_offer(self):
        self.offer.message_subscribe(partner_ids=self.people["bob"].partner_id.ids)
        self.manager.password = "aftersales_manager"
        token = self.offer._portal_ensure_token()
        for name, access_token in (
            (None, None),
            (None, token + "a"),
            ("bob", None),
            ("bob", token),
            ("manager", None),
            ("manager", token),
        ):
            self.sign_in_as(name)
            answer = self.accept(access_token=access_token or "")
            self.assertEqual(answer.status_code, 303, (name, access_token))
            self.decline(access_token=access_token or "")
            page = self.get(self.url, access_token=access_token or "").text
            self.assertNotIn("agreement_accept", page)
        self.assertFalse(self.offer.accepted_on)
        self.assertFalse(self.offer.declined_on)

    def test_who_holds_the_link_of_the_mail_accepts_without_an_account(self):
        self.sign_in_as(None)
        token = self.offer._portal_ensure_token()
        self.assertIn("agreement_accept", self.get(self.url, access_token=token).text)
        answer = self.accept(access_token=token)
        self.assertEqual(answer.status_code, 303)
        self.assertEqual(self.offer.accepted_by_name, "Li Na")
        self.assertFalse(self.offer.accepted_by_id)
        self.assertTrue(self.offer.acceptance_address)

    def test_only_what_was_sent_and_is_not_over_is_answered(self):
        self.sign_in_as("alice")
        self.offer.action_draft()
        self.accept()
        self.assertFalse(self.offer.accepted_on)
        self.fax(self.offer)
        with freeze_time("2027-05-01 04:00:00"):
            self.sign_in_as("alice")
            self.assertIn("The term of this offer is over", self.accept().text)
        self.sign_in_as("alice")
        self.offer.action_lose("no money")
        self.accept()
        self.assertFalse(self.offer.accepted_on)

    def test_odd_values_break_nothing(self):
        self.sign_in_as(None)
        for value in ODD_VALUES:
            answer = self.accept(name=value, signature=value, access_token=value, shown_hash=value)
            self.assertEqual(answer.status_code, 303)
            self.assertEqual(self.decline(access_token=value, name=value).status_code, 303)
            self.assertLess(self.get(self.url, notice=value).status_code, 400)

    def test_contact_in_charge_gets_the_link_and_colleagues_of_ours_do_not(self):
        contact = self.offer.partner_id.software_contact_id
        self.offer.message_subscribe(partner_ids=self.specialist.partner_id.ids)
        with self.mock_mail() as sent:
            self.offer.message_post(
                body="Your offer",
                partner_ids=contact.ids,
                subtype_xmlid="mail.mt_comment",
                message_type="comment",
            )
        [link] = self.env["aftersales.portal.link"].search(
            [("res_model", "=", self.offer._name), ("partner_id", "=", contact.id)]
        )
        self.assertIn(link.secret, sent[contact.email])
        for address, body in sent.items():
            if address != contact.email:
                self.assertNotIn("access_token", body, address)

    def mock_mail(self):
        """Collect the bodies of mails by address instead of sending them."""
        return _Outbox(self.env)


class _Outbox:
    def __init__(self, env):
        self.env, self.sent = env, {}

    def __enter__(self):
        self.before = self.env["mail.mail"].search([])
        return self.sent

    def __exit__(self, *args):
        for mail in self.env["mail.mail"].search([]) - self.before:
            for partner in mail.recipient_ids:
                self.sent[partner.email] = mail.body_html
