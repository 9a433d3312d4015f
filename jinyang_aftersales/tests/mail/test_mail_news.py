"""M43: what customers write on finished documents has an owner."""

from odoo.tests import TransactionCase, tagged

from ...models.mail.news import is_thanks
from .test_customer_mail import CustomerMail

NEWS = "jinyang_aftersales.mail_activity_news"


@tagged("post_install", "-at_install")
class TestMailNews(CustomerMail, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kind = cls.env.ref(NEWS)
        cls.closed_stage = cls.env.ref("helpdesk_mgmt.helpdesk_ticket_stage_cancelled")

    def finish(self, document):
        """Finish a document without its steps, which have tests of their own."""
        if document._name == "helpdesk.ticket":
            document.stage_id = self.closed_stage
            return
        name, value = "state", "done"
        if document._name == "contract.contract":
            name, value = "agreement_stage", "lost"
        elif document._name == "aftersales.complaint":
            value = "closed"
        elif document._name == "aftersales.implementation":
            value = "accepted"
        document._write_unlocked({name: value})

    def tasks(self, document):
        document.invalidate_recordset(["activity_ids"])
        return document.activity_ids.filtered(lambda row: row.activity_type_id == self.kind)

    def test_m43_every_document_says_when_it_is_over(self):
        for document in self.make_documents():
            self.assertFalse(document._is_over(), document)
            self.finish(document)
            self.assertTrue(document._is_over(), document)

    def test_m43_answer_to_a_finished_document_is_a_task_of_who_was_in_charge(self):
        for document in self.make_documents():
            message = self.write_to_customer(document)
            self.come_in(message, body="One question")
            self.assertFalse(self.tasks(document), "somebody works on it")
            self.finish(document)
            self.come_in(message, body="It is broken again")
            self.come_in(message, body="Hello?")
            tasks = self.tasks(document)
            self.assertTrue(tasks, document)
            self.assertEqual(len(tasks), len(tasks.user_id), "one each")
            for user in tasks.user_id:
                self.assertTrue(user.active)
                self.assertTrue(document.with_user(user).has_access("read"), (document, user.name))
            if document._name in ("helpdesk.ticket", "contract.contract"):
                self.assertEqual(tasks.user_id, self.specialist)

    def test_m43_managers_get_it_when_who_was_in_charge_has_left(self):
        document = self.make_documents()[0]
        message = self.write_to_customer(document)
        self.finish(document)
        document.user_id = self.colleague
        self.colleague.active = False
        self.come_in(message, body="It is broken again")
        self.assertEqual(self.tasks(document).user_id, self.company._aftersales_managers())

    def test_m43_stranger_and_portal_and_machine(self):
        document = self.make_documents()[0]
        message = self.write_to_customer(document)
        self.finish(document)
        self.come_in(message, headers="Auto-Submitted: auto-replied\n", body="I am on holiday")
        self.assertFalse(self.tasks(document), "a machine")
        self.come_in(message, sender="somebody@outside.example", body="Pay me")
        self.assertTrue(self.tasks(document), "a stranger")
        self.tasks(document).unlink()
        document.message_post(
            body="On the portal",
            author_id=self.contact.id,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        self.assertTrue(self.tasks(document), "the portal")
        document.message_post(body="Ours", author_id=self.specialist.partner_id.id)
        self.assertTrue(self.tasks(document), "a note is no answer")
        self.write_to_customer(document)
        self.assertFalse(self.tasks(document), "answered")

    def test_m43_who_only_thanks_leaves_a_note(self):
        document = self.make_documents()[0]
        message = self.write_to_customer(document)
        self.finish(document)
        self.come_in(
            message, body="谢谢！\n\n------------------ 原始邮件 ------------------\n发件人: 金阳"
        )
        self.assertFalse(self.tasks(document))
        self.assertTrue(self.newest(document).subtype_id.internal)
        for text, only in (
            ("谢谢", True),
            ("收到，非常感谢！", True),
            ("好的，谢谢您的支持。", True),
            ("Thank you very much!", True),
            ("OK, thanks.", True),
            ("谢谢，但是报表还是打不开", False),
            ("不好", False),
            ("收到的报表是空的", False),
            ("没有解决", False),
            ("", False),
        ):
            self.assertEqual(is_thanks(f"<p>{text}</p>"), only, text)

    def test_m43_answers_open_closed_tickets_where_the_company_wants_it(self):
        document = self.make_documents()[0]
        message = self.write_to_customer(document)
        for wanted in (False, True):
            self.finish(document)
            self.company.aftersales_reopen_tickets = wanted
            self.come_in(message, body="It is broken again")
            self.assertEqual(document.stage_id.closed, not wanted)
            self.assertEqual(bool(self.tasks(document)), not wanted)
            self.tasks(document).unlink()
