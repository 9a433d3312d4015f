"""How notices reach customers: addresses, languages, mails, replies and failures."""

from datetime import datetime
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import BaseCase, freeze_time, tagged
from odoo.tools import mute_logger

from odoo.addons.mail.tests.common import MailCommon

from ...tools.mail import header_text, usable_addresses
from .notice_common import NoticeCommon

SENDING_LOGGER = "odoo.addons.jinyang_aftersales.models.notice.sending"


@tagged("post_install", "-at_install")
class TestMailTools(BaseCase):
    def test_addresses_as_people_type_them(self):
        for typed, usable in (
            ("a@b.cn", ["a@b.cn"]),
            ("Zhang San <a@b.cn>", ["a@b.cn"]),
            ("a@b.cn, c@d.cn", ["a@b.cn", "c@d.cn"]),
            ("a@b.cn；c@d.cn", ["a@b.cn", "c@d.cn"]),
            ("a@b.cn、c@d.cn", ["a@b.cn", "c@d.cn"]),
            ("a@b.cn;a@b.cn", ["a@b.cn"]),
            ("ａ＠b.cn", ["a@b.cn"]),
            ("a@例子.中国", ["a@xn--fsqu00a.xn--fiqs8s"]),
            ("a@b.cn\r\nBcc: evil@x.cn", ["a@b.cn"]),
            ("a@b.cn\n evil@x.cn", ["a@b.cn"]),
            ("a@, c@d.cn", ["c@d.cn"]),
            ("", []),
            (False, []),
            ("-", []),
            ("a@", []),
            ("@b.cn", []),
            ("a@b", []),
            ("a b", []),
            ("a@-b.cn", []),
            ("a@b..cn", []),
        ):
            with self.subTest(typed=typed):
                self.assertEqual(usable_addresses(typed), usable)

    def test_header_text_is_one_clean_line(self):
        self.assertEqual(header_text("Heng\r\nBcc: x@y.cn\x00"), "Heng Bcc: x@y.cn")
        self.assertEqual(header_text("abc\u202ecba 😀"), "abccba 😀")
        self.assertEqual(len(header_text("字" * 10_000)), 200)
        self.assertEqual(header_text(False), "")


@tagged("post_install", "-at_install")
class TestNoticeMail(NoticeCommon, MailCommon):
    def test_mail_is_queued_for_the_morning_and_never_sent_in_the_transaction(self):
        agreement = self.signed()
        with freeze_time("2026-11-29 16:30:00"), self.mock_mail_gateway():
            notice = self.announce(agreement)
        self.assertFalse(self._mails, "nothing may leave before the transaction is committed")
        self.assertRecordValues(
            notice.mail_id,
            [
                {
                    "state": "outgoing",
                    "scheduled_date": datetime(2026, 11, 30, 0, 30),
                    "auto_delete": False,
                    "model": "contract.contract",
                    "res_id": agreement.id,
                    "email_to": agreement.partner_id.software_contact_id.email,
                    "record_company_id": self.company.id,
                }
            ],
        )
        self.assertRecordValues(
            notice,
            [
                {
                    "state": "sent",
                    "channel": "mail",
                    "sent_on": datetime(2026, 11, 30, 0, 30),
                    "delivery": "queued",
                    "sent_to": agreement.partner_id.software_contact_id.email,
                }
            ],
        )
        self.assertIn(notice.mail_id.mail_message_id, agreement.message_ids)
        queue = self.env.ref("mail.ir_cron_mail_scheduler_action")
        triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", queue.id)])
        self.assertIn(datetime(2026, 11, 30, 0, 30), triggers.mapped("call_at"))

    def test_mail_without_agreement_belongs_to_the_notice(self):
        self.make_installation(end=fields.Date.to_date("2026-12-31"))
        notice = self.create_due()
        self.send()
        self.assertEqual(
            (notice.mail_id.model, notice.mail_id.res_id), ("aftersales.renewal.notice", notice.id)
        )
        self.assertIn(self.callback.partner_id, notice.message_partner_ids)

    def test_mail_names_customer_software_serial_and_end_and_carries_the_letter(self):
        agreement = self.signed()
        agreement.partner_id.software_contact_id.lang = "en_US"
        notice = self.announce(agreement)
        installation = agreement.installation_ids
        for part in (
            agreement.partner_id.name,
            agreement.partner_id.software_contact_id.name,
            installation.product_id.name,
            installation.serial_number,
            "December 31, 2026",
            self.callback.name,
        ):
            self.assertIn(part, notice.mail_id.body_html)
        self.assertIn(self.line.brand, notice.mail_id.subject)
        letter = notice.mail_id.attachment_ids
        self.assertEqual(letter, notice.letter_id)
        self.assertTrue(letter.name.endswith(f"{notice.name}.pdf"))
        self.assertEqual((letter.res_model, letter.res_id), (notice._name, notice.id))

    def test_no_token_but_that_of_the_letter_and_no_follower_is_mailed(self):
        agreement = self.signed()
        agreement.message_subscribe(partner_ids=[self.specialist.partner_id.id])
        with self.mock_mail_gateway():
            notice = self.announce(agreement)
            notice.mail_id.send()
        self.assertEqual(len(self._mails), 1)
        body = self._mails[0]["body"]
        self.assertEqual(body.count("access_token"), body.count(f"/renewal/{notice.id}?access"))
        for secret in ("hash=", "auth_signup_token", "auth_login", "/mail/view"):
            self.assertNotIn(secret, self._mails[0]["body"])
        self.assertEqual(len(self._new_mails), 1)

    def test_delivery_follows_the_mail_and_is_searchable(self):
        notice = self.announce()
        for state, delivery in (
            ("outgoing", "queued"),
            ("sent", "delivered"),
            ("exception", "failed"),
            ("cancel", "failed"),
        ):
            with self.subTest(state=state):
                notice.mail_id.state = state
                seen = notice.with_user(self.callback)
                self.assertEqual(seen.delivery, delivery)
                self.assertEqual(seen.search([("delivery", "=", delivery)]), notice)
        self.assertFalse(seen.search([("delivery", "in", ["queued", "delivered"])]))
        self.assertFalse(seen.search([("delivery", "=", False)]))

    def test_two_addresses_in_one_field_both_get_the_one_mail(self):
        agreement = self.signed()
        agreement.partner_id.software_contact_id.email = "one@example.cn；two@example.cn"
        with self.mock_mail_gateway():
            notice = self.announce(agreement)
            notice.mail_id.send()
        self.assertEqual(len(self._mails), 1)
        self.assertEqual(self._mails[0]["email_to"], ["one@example.cn", "two@example.cn"])
        self.assertEqual(notice.mail_id.state, "sent")

    def test_names_with_line_breaks_inject_no_header(self):
        evil = "Heng\r\nBcc: evil@example.com"
        self.line.brand = evil
        self.company.name = f"Jinyang {evil}"
        agreement = self.signed()
        agreement.partner_id.name = evil
        agreement.partner_id.software_contact_id.write({"name": evil})
        self.callback.partner_id.name = evil
        with self.mock_mail_gateway():
            notice = self.announce(agreement)
            notice.mail_id.send()
        self.assertEqual(notice.mail_id.state, "sent")
        mail = self._mails[0]["EmailMessage"]
        self.assertFalse(mail["Bcc"])
        self.assertNotIn("evil@example.com", mail["To"])
        self.assertNotRegex(notice.letter_id.name, r"[\r\n]")

    def test_very_long_and_odd_names_are_mailed(self):
        agreement = self.signed()
        agreement.partner_id.name = "恒" * 10_000 + "\u202e😀"
        with self.mock_mail_gateway():
            notice = self.announce(agreement)
            notice.mail_id.send()
        self.assertEqual(notice.mail_id.state, "sent")

    def test_letter_that_cannot_be_printed_is_not_mailed(self):
        reports = type(self.env["ir.actions.report"])
        with (
            patch.object(reports, "_run_wkhtmltopdf", side_effect=UserError("crashed")),
            patch.object(
                reports,
                "_pre_render_qweb_pdf",
                lambda report, ref, res_ids=None, data=None: (
                    report._render_qweb_pdf_prepare_streams(ref, data, res_ids),
                    "pdf",
                ),
            ),
            mute_logger(SENDING_LOGGER),
        ):
            notice = self.announce()
        self.assertRecordValues(
            notice,
            [{"state": "pending", "error": "crashed", "fail_count": 1, "mail_id": False}],
        )
        self.assertFalse(self.env["mail.mail"].search([("model", "=", "contract.contract")]))


@tagged("post_install", "-at_install")
class TestNoticeRecipient(NoticeCommon):
    def test_contact_is_the_person_in_charge_of_the_software_else_the_customer(self):
        agreement = self.signed()
        partner = agreement.partner_id
        contact = partner.software_contact_id
        self.assertEqual(self.notices._default_contact(partner), contact)
        contact.active = False
        self.assertEqual(self.notices._default_contact(partner), partner)
        partner.software_contact_id = self.make_customer()
        self.assertEqual(self.notices._default_contact(partner), partner, "not somebody else's")

    def test_contact_who_left_after_the_notice_was_made_is_replaced(self):
        agreement = self.signed()
        notice = self.create_due()
        agreement.partner_id.software_contact_id.active = False
        self.send()
        self.assertEqual(notice.contact_id, agreement.partner_id)
        self.assertEqual(notice.sent_to, agreement.partner_id.email)

    def test_customer_without_usable_address_becomes_a_print_task(self):
        for typed in (False, "", "-", "a@", "none", " "):
            with self.subTest(typed=typed):
                agreement = self.signed()
                agreement.partner_id.email = typed
                agreement.partner_id.software_contact_id.email = typed
                notice = self.announce(agreement)
                self.assertEqual(notice.state, "print")
                self.assertFalse(notice.mail_id)
                self.assertEqual(self.activities(notice, "print_letter").user_id, self.callback)
                self.assertEqual(notice.callback_ids.state, "todo")

    def test_customers_own_address_serves_where_the_contact_has_none(self):
        agreement = self.signed()
        agreement.partner_id.software_contact_id.email = "-"
        self.assertEqual(self.announce(agreement).sent_to, agreement.partner_id.email)

    def test_print_task_without_anybody_stays_visible_in_the_list(self):
        agreement = self.signed()
        (agreement.partner_id + agreement.partner_id.software_contact_id).email = False
        with patch.object(
            type(self.company), "_aftersales_users", return_value=self.env["res.users"]
        ):
            notice = self.announce(agreement)
        self.assertEqual(notice.state, "print")
        self.assertFalse(notice.activity_ids)

    def test_language_is_the_contacts_else_the_customers_else_the_companys(self):
        langs = self.env["res.lang"]
        langs._activate_lang("zh_CN")
        langs._activate_lang("fr_FR")
        agreement = self.signed()
        partner, contact = agreement.partner_id, agreement.partner_id.software_contact_id
        self.company.partner_id.lang = "fr_FR"
        notice = self.create_due()
        for contact_lang, partner_lang, lang in (
            ("zh_CN", "en_US", "zh_CN"),
            (False, "zh_CN", "zh_CN"),
            (False, False, "fr_FR"),
        ):
            with self.subTest(lang=lang):
                contact.lang, partner.lang = contact_lang, partner_lang
                self.assertEqual(notice.lang, lang)

    def test_language_that_is_not_installed_is_no_obstacle(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        agreement = self.signed()
        partners = agreement.partner_id + agreement.partner_id.software_contact_id
        (partners + self.company.partner_id).lang = "fr_FR"
        self.env["res.users"].search([("lang", "=", "fr_FR")]).lang = "en_US"
        self.env.cr.execute("UPDATE res_lang SET active = FALSE WHERE code = 'fr_FR'")
        self.env.registry.clear_cache("stable")
        self.env.invalidate_all()
        notice = self.announce(agreement)
        self.assertEqual(notice.state, "sent")
        self.assertNotEqual(notice.lang, "fr_FR")

    def test_date_is_written_as_in_china_for_the_chinese(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        agreement = self.signed()
        agreement.partner_id.software_contact_id.lang = "zh_CN"
        self.assertIn("2026年12月31日", self.announce(agreement).mail_id.body_html)

    def test_company_without_any_address_is_said_on_the_notice(self):
        self.company.write({"email": False, "alias_domain_id": False})
        self.callback.email = False
        with mute_logger(SENDING_LOGGER):
            notice = self.announce()
        self.assertIn("no e-mail address", notice.error)


@tagged("post_install", "-at_install")
class TestNoticeReply(NoticeCommon, MailCommon):
    def reply(self, notice, **values):
        mail = notice.mail_id
        return (
            f"From: Zhang San <zhang@example.cn>\nTo: {mail.reply_to}\nSubject: Re: {mail.subject}\n"
            f"Message-Id: <reply-1@example.cn>\nIn-Reply-To: {mail.message_id}\n"
            f"References: {mail.message_id}\nDate: Tue, 01 Dec 2026 10:00:00 +0800\n"
            "Content-Type: text/plain; charset=utf-8\n\nWe renew.\n"
        )

    def test_reply_lands_on_the_agreement_and_the_caller_sees_it(self):
        notice = self.announce()
        self.assertIn(self.company.catchall_email, notice.mail_id.reply_to)
        self.deliver(notice)
        with mute_logger("odoo.addons.mail.models.mail_thread"), self.mock_mail_gateway():
            self.env["mail.thread"].message_process(False, self.reply(notice))
        message = notice.contract_id.message_ids[0]
        self.assertIn("We renew.", message.body)
        self.assertEqual(message.email_from, '"Zhang San" <zhang@example.cn>')
        self.assertIn(self.callback.partner_id, message.notified_partner_ids)

    def test_reply_without_agreement_lands_on_the_notice(self):
        self.make_installation(end=fields.Date.to_date("2026-12-31"))
        notice = self.create_due()
        self.send()
        with mute_logger("odoo.addons.mail.models.mail_thread"), self.mock_mail_gateway():
            self.env["mail.thread"].message_process(False, self.reply(notice))
        self.assertIn("We renew.", notice.message_ids[0].body)

    def test_without_catch_all_replies_go_to_a_person_and_the_set_up_warns(self):
        self.assertFalse(self.warnings("catch-all"))
        self.company.alias_domain_id = False
        notice = self.announce()
        self.assertIn(self.callback.email, notice.mail_id.reply_to)
        self.assertTrue(self.warnings("catch-all"))

    def warnings(self, word):
        return [text for text in self.company._aftersales_setup_warnings() if word in text]

    def test_set_up_warns_of_what_keeps_notices_from_going_out(self):
        self.company.email = False
        self.assertTrue(self.warnings("no e-mail address"))
        self.company._write_unlocked({"aftersales_run_error": "broken"})
        self.assertTrue(self.warnings("broken"))
        self.env.ref("jinyang_aftersales.ir_cron_hourly").active = False
        self.assertTrue(self.warnings("switched off"))
        with patch.object(
            type(self.company), "_aftersales_users", return_value=self.env["res.users"]
        ):
            self.assertTrue(self.warnings("Nobody"))

    def test_bounce_makes_a_print_task(self):
        notice = self.announce()
        self.deliver(notice)
        address = notice.sent_to
        bounce = (
            f"Return-Path: <>\nFrom: MAILER-DAEMON <mailer-daemon@example.cn>\n"
            f"To: {self.company.bounce_email}\nSubject: Undelivered Mail Returned to Sender\n"
            "Message-Id: <bounce-1@example.cn>\nDate: Tue, 01 Dec 2026 10:00:00 +0800\nMIME-Version: 1.0\n"
            'Content-Type: multipart/report; report-type=delivery-status; boundary="cut"\n\n'
            "--cut\nContent-Type: text/plain\n\nUnknown user.\n\n"
            "--cut\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; example.cn\n\n"
            f"Final-Recipient: rfc822; {address}\nAction: failed\nStatus: 5.1.1\n\n"
            "--cut\nContent-Type: text/rfc822-headers\n\n"
            f"Message-Id: {notice.mail_id.message_id}\nSubject: {notice.mail_id.subject}\n\n--cut--\n"
        )
        before = len(notice.contract_id.message_ids)
        with mute_logger("odoo.addons.mail.models.mail_thread"), self.mock_mail_gateway():
            self.env["mail.thread"].message_process(False, bounce)
        self.assertFalse(self._new_mails, "a bounce is never answered")
        self.assertEqual(notice.state, "print")
        self.assertTrue(self.activities(notice, "print_letter"))
        self.assertIn(address, self.activities(notice, "notice_trouble").note)
        self.assertEqual(len(notice.contract_id.message_ids), before)
