"""V24, F14, F15: mail about every document of a customer, and the replies to it."""

from datetime import timedelta

from odoo import fields
from odoo.fields import Command
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from ..change.change_common import PDF
from ..common import AftersalesCommon
from ..visit.visit_common import drawing

DOMAIN = "jinyang-mail.example"
ANSWER = """From: {sender}
To: {to}
Cc: {cc}
Subject: Re: {subject}
Message-Id: <{number}@elsewhere.example>
In-Reply-To: {reference}
References: {reference}
{headers}Content-Type: text/plain; charset=utf-8

{body}
"""
# headers by which mail programs, lists and servers mark automatic mails
MACHINES = (
    "Auto-Submitted: auto-replied\n",
    "Auto-Submitted: auto-generated; owner-email=x@example.cn\n",
    "auto-submitted: AUTO-REPLIED\n",
    "Precedence: auto_reply\n",
    "Precedence: bulk\n",
    "X-Autoreply: yes\n",
    "X-Autorespond: Out of office\n",
)


class CustomerMail(AftersalesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for lang in ("en_US", "zh_CN"):
            cls.env["res.lang"]._activate_lang(lang)
        cls.domain = cls.env["mail.alias.domain"].create({"name": DOMAIN})
        cls.company.alias_domain_id = cls.domain
        cls.company.email = "service@jinyang.example"
        cls.customer = cls.make_customer("Heng Da", lang="en_US", city="Wuhan", street="1")
        cls.contact = cls.customer.software_contact_id
        cls.contact.lang = "en_US"
        cls.stranger = cls.make_customer("Beta").software_contact_id
        cls.installation = cls.make_installation(cls.customer)
        cls.start = fields.Datetime.now().replace(microsecond=0) + timedelta(days=1)

    @classmethod
    def make(cls, model, **values):
        return (
            cls.env[model]
            .with_user(cls.specialist)
            .create(
                {
                    "partner_id": cls.customer.id,
                    "company_id": cls.company.id,
                    **(
                        {"contact_id": cls.contact.id}
                        if "contact_id" in cls.env[model]._fields
                        else {}
                    ),
                    **values,
                }
            )
        )

    @classmethod
    def make_visit(cls, **values):
        return cls.make(
            "aftersales.visit",
            problem="Closing",
            date_planned_start=cls.start,
            date_planned_end=cls.start + timedelta(hours=2),
            arrival_agreed_with_id=cls.contact.id,
            technician_ids=[Command.set(cls.specialist.ids)],
            **values,
        )

    @classmethod
    def make_application(cls, **values):
        return cls.make(
            "aftersales.application",
            kind="data_clearing",
            description="2019",
            scan=PDF,
            scan_name="a.pdf",
            **values,
        )

    @classmethod
    def make_documents(cls):
        """:return: one document of each kind about which customers get mail, as superuser"""
        ticket = cls.env["helpdesk.ticket"].create(
            {
                "name": "Report is empty",
                "description": "x",
                "partner_id": cls.contact.id,
                "company_id": cls.company.id,
                "user_id": cls.specialist.id,
            }
        )
        agreement = cls.make_agreement(cls.installation)
        agreement._enter("sent")
        documents = [
            ticket,
            agreement,
            cls.make_visit(),
            cls.make_application(),
            cls.make("aftersales.change.request", title="Driver", description="x", scan=PDF),
            cls.make("aftersales.complaint", kind="delay", description="Late"),
            cls.make(
                "aftersales.implementation",
                product_id=cls.installation.product_id.id,
                engineer_ids=[Command.set(cls.specialist.ids)],
            ),
        ]
        return [document.sudo().with_env(cls.env) for document in documents]

    def setUp(self):
        super().setUp()
        self.numbers = 0

    def write_to_customer(self, document):
        """:return: the message of the specialist"""
        message = document.with_context(mail_notify_force_send=False).message_post(
            body="How are you?",
            author_id=self.specialist.partner_id.id,
            partner_ids=self.contact.ids,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        self.assertIn(self.contact, message.notified_partner_ids, document)
        return message

    def queued(self, message):
        return self.env["mail.mail"].sudo().search([("mail_message_id", "=", message.id)])

    def come_in(self, message, sender=None, headers="", to=None, cc="", body="Thank you"):
        """Process an incoming mail that replies to a message."""
        self.numbers += 1
        with mute_logger("odoo.addons.mail.models.mail_thread"):
            return self.env["mail.thread"].message_process(
                False,
                ANSWER.format(
                    sender=sender or self.contact.email,
                    to=to or f"catchall@{DOMAIN}",
                    cc=cc,
                    subject=message.subject,
                    reference=message.message_id,
                    headers=headers,
                    number=f"{self.numbers}-{message.id}",
                    body=body,
                ),
            )

    def people_written_to(self, before):
        """:return: external recipients of mails queued after the id ``before``"""
        mails = self.env["mail.mail"].sudo().search([("id", ">", before)])
        return mails.recipient_ids.filtered("partner_share"), "".join(
            mails.filtered("email_to").mapped("email_to")
        )

    def newest(self, document):
        """:return: the newest message"""
        came = document.message_ids.filtered(lambda row: row.message_type == "email")
        return came.sorted("id")[-1:]

    def last_mail(self):
        return self.env["mail.mail"].sudo().search([], order="id desc", limit=1).id or 0


@tagged("post_install", "-at_install")
class TestCustomerMailIn(CustomerMail, TransactionCase):
    def test_answers_land_on_their_document_in_the_customers_name(self):
        for document in self.make_documents():
            message = self.write_to_customer(document)
            [mail] = self.queued(message).filtered(lambda row: self.contact in row.recipient_ids)
            self.assertIn(DOMAIN, mail.reply_to, document)
            self.assertEqual(self.come_in(message, to=mail.reply_to), document.id, document)
            answer = self.newest(document)
            self.assertRecordValues(
                answer,
                [{"message_type": "email", "author_id": self.contact.id, "is_internal": False}],
            )
            self.assertEqual(answer.subtype_id, self.env.ref("mail.mt_comment"))
            self.assertIn("Thank you", answer.body)

    def test_answers_to_us_are_not_mailed_to_ourselves(self):
        for document in self.make_documents():
            message = document.message_post(
                body="Told",
                author_id=self.company.partner_id.id,
                partner_ids=self.contact.ids,
                subtype_xmlid="mail.mt_comment",
            )
            before = self.last_mail()
            self.come_in(message)
            people, addresses = self.people_written_to(before)
            self.assertFalse(people | self.company.partner_id & people, document)
            self.assertFalse(addresses, document)

    def test_answering_machines_are_noted_and_nobody_answers_them(self):
        for document in self.make_documents():
            message = self.write_to_customer(document)
            state = "state" in document._fields and document.state
            document.message_subscribe(partner_ids=(self.contact | self.customer).ids)
            for headers in MACHINES:
                before = self.last_mail()
                for _turn in range(2):
                    self.come_in(message, headers=headers, body="I am on holiday")
                note = self.newest(document)
                self.assertIn("I am on holiday", note.body, (document, headers))
                self.assertTrue(note.subtype_id.internal, (document, headers))
                self.assertFalse(note.notified_partner_ids, (document, headers))
                self.assertEqual(
                    self.env["mail.mail"].sudo().search_count([("id", ">", before)]), 0, headers
                )
            self.assertEqual("state" in document._fields and document.state, state)

    def test_mail_of_servers_and_of_ourselves_is_taken_for_no_answer(self):
        team = self.env["helpdesk.ticket.team"].create(
            {"name": "Line", "company_id": self.company.id, "alias_name": "line"}
        )
        self.assertEqual(team.alias_email, f"line@{DOMAIN}")
        for document in self.make_documents():
            message = self.write_to_customer(document)
            count, before = len(document.message_ids), self.last_mail()
            tickets = self.env["helpdesk.ticket"].search_count([])
            for sender in (
                "MAILER-DAEMON@elsewhere.example",
                f'"Jinyang" <catchall@{DOMAIN}>',
                f"bounce@{DOMAIN}",
                f"LINE@{DOMAIN}",
                "postmaster@elsewhere.example",
            ):
                for to in (f"catchall@{DOMAIN}", f"line@{DOMAIN}"):
                    self.assertFalse(self.come_in(message, sender=sender, to=to), sender)
            self.assertEqual(len(document.message_ids), count, document)
            self.assertEqual(self.last_mail(), before, document)
            self.assertEqual(self.env["helpdesk.ticket"].search_count([]), tickets)

    def test_absence_note_makes_no_ticket_and_no_bounce_and_a_person_does(self):
        team = self.env["helpdesk.ticket.team"].create(
            {"name": "Line", "company_id": self.company.id, "alias_name": "line"}
        )
        nothing = self.env["mail.message"].new({"message_id": "<x@y>", "subject": "Help"})
        before = self.last_mail()
        tickets = self.env["helpdesk.ticket"].search_count([])
        for to in (team.alias_email, f"catchall@{DOMAIN}"):
            self.come_in(nothing, headers="Auto-Submitted: auto-replied\n", to=to)
        self.assertEqual(self.env["helpdesk.ticket"].search_count([]), tickets)
        self.assertEqual(self.last_mail(), before)
        ticket = self.env["helpdesk.ticket"].browse(self.come_in(nothing, to=team.alias_email))
        self.assertEqual(ticket.partner_id, self.contact)
        refused = "Auto-Submitted: no\n"
        self.assertTrue(self.come_in(nothing, headers=refused, to=team.alias_email))

    def test_answer_of_a_stranger_is_a_note_and_gives_him_nothing(self):
        outside = "somebody@outside.example"
        for document in self.make_documents():
            message = self.write_to_customer(document)
            document.message_subscribe(partner_ids=self.contact.ids)
            for sender, author in ((self.stranger.email, self.stranger), (outside, None)):
                before = self.last_mail()
                self.come_in(message, sender=sender, cc=self.stranger.email, body="Pay me")
                note = self.newest(document)
                self.assertIn("Pay me", note.body, document)
                self.assertEqual(note.author_id, author or note.author_id.browse(), document)
                self.assertTrue(note.subtype_id.internal, "the customer does not read it as ours")
                people, addresses = self.people_written_to(before)
                self.assertFalse(people, (document, sender))
                self.assertFalse(addresses, (document, sender))
            before = self.last_mail()
            self.write_to_customer(document)
            people, addresses = self.people_written_to(before)
            self.assertEqual(people, self.contact, document)
            self.assertNotIn(outside, addresses)

    def test_person_two_customers_know_speaks_for_the_one_of_the_document(self):
        self.stranger.email = self.contact.email
        for document in self.make_documents():
            self.come_in(self.write_to_customer(document))
            answer = self.newest(document)
            self.assertEqual(answer.author_id, self.contact, document)
            self.assertFalse(answer.subtype_id.internal)


@tagged("post_install", "-at_install")
class TestCustomerMailOut(CustomerMail, TransactionCase):
    """Mails of visits and applications at each step; changes, complaints and agreements have tests of their own."""

    def told(self, document):
        messages = document.sudo().message_ids.filtered(
            lambda row: row.message_type == "auto_comment"
        )
        return messages.sorted("id")

    def take_steps(self):
        """Take all steps of both documents; yields each with the expected texts of its mails, in their order."""
        visit = self.make_visit()
        visit.action_submit()
        visit.with_user(self.manager).action_approve("Internal opinion")
        later = self.start + timedelta(days=1)
        visit.action_reschedule(later, later + timedelta(hours=1), self.contact, "Strike")
        visit.action_cancel("Not needed")
        yield visit, ("_get_arranged_text", "_get_rescheduled_text", "_get_cancelled_text")
        done = self.make_visit()
        done.action_submit()
        done.with_user(self.manager).action_approve()
        done.action_leave()
        done.action_arrive()
        scores = dict.fromkeys(("score_attitude", "score_skill", "score_result"), "5")
        done.write(
            {
                "result": "Closed",
                "customer_opinion": "Good",
                "signed_by_id": self.contact.id,
                "customer_signature": drawing(),
                **scores,
            }
        )
        done.action_sign()
        yield done, ("_get_arranged_text", "_get_signed_text")
        application = self.make_application()
        application.action_submit()
        application.with_user(self.manager).action_approve("Internal opinion")
        application.write({"tool_used": "Cleaner", "backup_taken": True})
        application.action_execute()
        yield application, ("_get_approved_text", "_get_executed_text")
        for refused in (self.make_visit(), self.make_application()):
            refused.action_submit()
            refused.with_user(self.manager).action_refuse("Internal opinion")
            yield refused, ("_get_refused_text",)

    def test_contact_is_told_at_each_step_in_his_language_whoever_entered_it(self):
        for lang in ("en_US", "zh_CN"):
            self.contact.lang = lang
            self.specialist.lang = "zh_CN" if lang == "en_US" else "en_US"
            for document, texts in self.take_steps():
                told = self.told(document)
                self.assertEqual(len(told), len(texts), (document, lang))
                spoken = document.sudo().with_context(lang=lang)
                self.assertIn(getattr(spoken, texts[-1])(), told[-1].body)
                people = told.notified_partner_ids.filtered("partner_share")
                self.assertEqual(people, self.contact)
                self.assertNotIn("Internal opinion", "".join(told.mapped("body")))
                for message in told:
                    [mail] = self.queued(message).filtered(
                        lambda row: self.contact in row.recipient_ids
                    )
                    self.assertEqual(mail.state, "outgoing")
                    self.assertIn("X-Auto-Response-Suppress", mail.headers)

    def test_customer_hears_nothing_of_drafts_and_neither_does_who_has_left_him(self):
        for document, reason in ((self.make_visit(), ["Why"]), (self.make_application(), [])):
            document.action_submit()
            document.action_cancel(*reason)
            self.assertFalse(self.told(document), "nobody had told them of it")
        leaver = self.env["res.partner"].create(
            {"name": "Leaver", "parent_id": self.customer.id, "email": "leaver@example.cn"}
        )
        visit = self.make_visit(contact_id=leaver.id)
        visit.action_submit()
        visit.with_user(self.manager).action_approve()
        told = self.told(visit).notified_partner_ids
        self.assertEqual(told.filtered("partner_share"), leaver)
        leaver.active = False
        visit.action_cancel("Not needed")
        told = self.told(visit)[-1].notified_partner_ids
        self.assertEqual(told.filtered("partner_share"), self.contact)
