"""Mails to the customer at each step: recipients, language and the customer's replies."""

from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .change_common import ChangeCommon

ANSWER = """From: {sender}
To: {to}
Subject: Re: {subject}
Message-Id: <{number}@example.cn>
In-Reply-To: {reference}
References: {reference}
{headers}Content-Type: text/plain; charset=utf-8

{body}
"""


@tagged("post_install", "-at_install")
class TestChangeMail(ChangeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        domain = cls.env["mail.alias.domain"].create({"name": "jinyang-change.example"})
        cls.company.alias_domain_id = domain

    def steps(self, change):
        return [mail.subject.split(": ", 1)[1] for mail in reversed(self.mails(change))]

    def test_a_mail_at_each_step(self):
        change = self.make_change(state="testing")
        change.action_invite_customer()
        change.action_record_test("fail", "Empty")
        change.with_user(self.developer).action_to_testing()
        change.action_record_test("pass")
        change.action_announce_delay("promise", "2099-01-01", "Long")
        change.action_deploy()
        change.action_record_opinion("satisfied")
        change.action_done()
        steps = self.steps(change)
        texts = (
            "received",
            "agreed",
            "promised for",
            "has begun",
            "test it",
            "test passed",
            "new date",
            "think of it",
            "closed",
        )
        for text, step in zip(texts, steps, strict=True):
            self.assertIn(text, step)
        refused = self.steps(self.make_change(state="refused"))
        self.assertIn("cannot take it up", refused[-1])
        cancelled = self.make_change(state="submitted")
        cancelled.action_cancel()
        self.assertIn("cancelled", self.steps(cancelled)[-1])
        self.assertFalse(self.steps(self.make_change(state="cancelled")))

    def test_customer_who_is_not_content_hears_that_it_is_worked_on_again(self):
        change = self.make_change(state="deployed")
        change.action_record_opinion("unsatisfied", "Wrong column")
        change.action_send_back("development", "Our own words")
        self.assertIn("once more", self.steps(change)[-1])
        self.assertNotIn("Our own words", "".join(self.mails(change).mapped("body")))

    def test_contact_who_has_left_the_customer_is_told_nothing_and_a_colleague_is(self):
        leaver = self.env["res.partner"].create(
            {"name": "Leaver", "parent_id": self.customer.id, "email": "leaver@example.cn"}
        )
        change = self.make_change(contact_id=leaver.id, state="approved")
        self.assertIn(leaver, self.mails(change)[0].notified_partner_ids)
        leaver.parent_id = self.make_customer()
        change.action_announce_delay("promise", "2099-01-01", "Long")
        told = self.mails(change)[0].notified_partner_ids
        self.assertEqual(told.filtered("partner_share"), self.contact)

    def test_mail_is_queued_and_goes_to_the_contact_alone(self):
        change = self.make_change(state="submitted")
        message = self.mails(change)
        self.assertEqual(message.notified_partner_ids, self.contact)
        self.assertEqual(message.author_id, self.company.partner_id)
        mail = self.env["mail.mail"].search([("mail_message_id", "=", message.id)])
        self.assertEqual(mail.state, "outgoing")
        self.assertIn("service@jinyang.example", mail.email_from)
        self.assertIn("jinyang-change.example", mail.reply_to)
        self.assertIn("X-Auto-Response-Suppress", mail.headers)

    def test_customer_who_acts_on_the_portal_is_told_all_the_same(self):
        portal = new_test_user(
            self.env, "aftersales_portal", groups="base.group_portal", email="p@example.cn"
        )
        portal.partner_id.parent_id = self.customer
        change = self.make_change(contact_id=portal.partner_id.id)
        change.with_user(portal).sudo().action_submit()
        self.assertEqual(change.submitted_by_id, portal)
        self.assertIn(portal.partner_id, self.mails(change).notified_partner_ids)

    def test_language_is_the_customers_whoever_acts(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        template = self.env.ref("jinyang_aftersales.mail_template_change_submitted")
        template.with_context(lang="zh_CN").subject = "程序修改 {{ object.name }}：已收到"
        for lang, text in (("zh_CN", "已收到"), ("en_US", "received")):
            self.contact.lang = lang
            self.specialist.lang = "en_US" if lang == "zh_CN" else "zh_CN"
            change = self.make_change(state="submitted")
            self.assertIn(text, self.mails(change).subject)

    def test_without_an_address_of_the_contact_the_customer_is_told(self):
        self.contact.email = "-"
        change = self.make_change(state="submitted")
        self.assertEqual(self.mails(change).partner_ids, self.customer)

    def test_without_any_address_the_specialist_calls(self):
        (self.contact | self.customer).email = False
        change = self.make_change(state="submitted")
        self.assertFalse(self.mails(change))
        notes = "".join(str(note) for note in change.sudo().activity_ids.mapped("note"))
        self.assertIn("请电话通知", notes, "in the language of the specialist")

    def test_names_break_no_header_and_no_page(self):
        change = self.make_change(
            title="a\r\nBcc: x@example.com <script>alert(1)</script> 😀",
            state="submitted",
        )
        mail = self.mails(change)
        self.assertNotIn("\n", mail.subject)
        self.assertNotIn("<script>", mail.body)

    def answer(self, change, headers="", number=1, body="Thank you"):
        message = self.mails(change)[0]
        return self.env["mail.thread"].message_process(
            False,
            ANSWER.format(
                sender=f'"{self.contact.name}" <{self.contact.email}>',
                to="catchall@jinyang-change.example",
                subject=message.subject,
                reference=message.message_id,
                headers=headers,
                number=number,
                body=body,
            ),
        )

    def test_answer_lands_on_the_document(self):
        change = self.make_change(state="submitted")
        self.assertEqual(self.answer(change), change.id)
        message = change.message_ids[0]
        self.assertEqual(message.message_type, "email")
        self.assertEqual(message.author_id, self.contact)
        self.assertIn("Thank you", message.body)

    def test_nothing_answers_an_answering_machine(self):
        change = self.make_change(state="deployed")
        mails = self.env["mail.mail"].sudo()
        last, state = mails.search([], order="id desc", limit=1).id, change.state
        with mute_logger("odoo.addons.mail.models.mail_thread"):
            for number in range(3):
                self.answer(
                    change,
                    headers="Auto-Submitted: auto-replied\nX-Autoreply: yes\n",
                    number=number,
                    body="I am satisfied with my holidays",
                )
        self.assertEqual(change.state, state)
        self.assertFalse(change.opinion_result)
        new = mails.search([("id", ">", last)])
        self.assertFalse(new.filtered(lambda mail: self.contact in mail.recipient_ids))

    # === Timeline === #

    def test_timeline_is_plain_and_tells_of_every_move(self):
        change = self.make_change(state="development")
        old = change.date_promised
        change.action_announce_delay("promise", "2099-01-01", "A report is concerned")
        rows = change._get_timeline()
        self.assertEqual(
            [row["state"] for row in rows],
            ["draft", "submitted", "confirmed", "approved", "moved", "development"],
        )
        self.assertEqual([row["state"] for row in rows if row["current"]], ["development"])
        self.assertEqual(set(rows[0]), {"state", "label", "date", "note", "current"})
        self.assertIn("A report is concerned", rows[4]["note"])
        self.assertIn(str(old.year), rows[3]["note"])
        text = "".join(row["label"] + row["note"] for row in rows)
        for name in (self.specialist.name, self.manager.name, self.developer.name):
            self.assertNotIn(name, text)

    def test_timeline_of_each_state_knows_where_it_stands(self):
        for state in (
            "draft",
            "submitted",
            "confirmed",
            "approved",
            "development",
            "testing",
            "deploying",
            "deployed",
            "done",
            "refused",
            "cancelled",
        ):
            change = self.make_change(state=state)
            rows = change._get_timeline()
            [current] = [row["state"] for row in rows if row["current"]]
            self.assertEqual(current, change.state)
