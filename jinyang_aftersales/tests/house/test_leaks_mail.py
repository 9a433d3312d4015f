from odoo.tests import TransactionCase, tagged

from ..portal.common_portal import PortalPeople


@tagged("post_install", "-at_install")
class TestLeaksMail(PortalPeople, TransactionCase):
    """V2, F37: customers only get mail about their own documents, also as followers of others."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.setUpPeople()
        cls.setUpDocuments()
        cls.env.company.email = "service@jinyang.example.cn"
        cls.threads = cls.ticket, cls.contract

    def follow(self, *partners):
        for thread in self.threads:
            thread.message_subscribe(partner_ids=[partner.id for partner in partners])

    def post(self, thread, **values):
        """Post a message to all followers; return the notified partners and those who got a mail."""
        message = thread.message_post(
            body="Your password is needed",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            **values,
        )
        notified = message.notification_ids.res_partner_id
        mailed = self.env["mail.mail"].search([("mail_message_id", "=", message.id)]).recipient_ids
        return notified, mailed

    def test_followers_of_another_company_are_not_told(self):
        self.ivan.notification_type = "inbox"
        alice, bob, ivan = (user.partner_id for user in (self.alice, self.bob, self.ivan))
        outsider = self.env["res.partner"].create({"name": "Beta", "email": "beta@example.com"})
        self.follow(alice, bob, ivan, outsider)
        for thread in self.threads:
            with self.subTest(thread=thread._name):
                notified, mailed = self.post(thread)
                self.assertEqual(notified, alice | ivan)
                self.assertEqual(mailed, alice)

    def test_strangers_chosen_by_hand_are_not_told_and_the_writer_learns_it(self):
        alice, bob = self.alice.partner_id, self.bob.partner_id
        for thread in self.threads:
            with self.subTest(thread=thread._name):
                notified, mailed = self.post(thread, partner_ids=(alice | bob).ids)
                self.assertEqual(notified | mailed, alice)
                note = thread.message_ids[0]
                self.assertIn(f"Not sent to {bob.display_name}", note.body)
                self.assertFalse(note.notification_ids)
                self.assertTrue(note.is_internal or note.subtype_id.internal)

    def test_each_message_names_its_own_strangers(self):
        alice, bob = self.alice.partner_id, self.bob.partner_id
        ticket = self.ticket
        for people in (alice, bob, alice, bob):
            before = ticket.message_ids
            self.post(ticket, partner_ids=people.ids)
            logged = [
                message.body
                for message in ticket.message_ids - before
                if "Not sent" in message.body
            ]
            self.assertEqual(len(logged), 1 if people == bob else 0)

    def test_asking_for_the_recipients_writes_nothing(self):
        alice, bob = self.alice.partner_id, self.bob.partner_id
        for thread in self.threads:
            with self.subTest(thread=thread._name):
                message = thread.message_post(body="x", partner_ids=(alice | bob).ids)
                before = thread.message_ids
                rows = thread._notify_get_recipients(message)
                self.assertEqual([row["id"] for row in rows], alice.ids)
                self.assertEqual(thread.message_ids, before)

    def test_who_moves_to_another_company_is_told_no_more(self):
        alice = self.alice.partner_id
        self.follow(alice)
        alice.parent_id = self.stranger
        for thread in (self.contract, self._moved_ticket()):
            notified, mailed = self.post(thread)
            self.assertFalse(notified | mailed)

    def _moved_ticket(self):
        """The ticket, after its contact was changed to a colleague who stayed at the company."""
        self.ticket.partner_id = self.carol.partner_id
        self.ticket.message_unsubscribe(self.carol.partner_id.ids)
        return self.ticket

    def test_a_document_given_to_another_customer_is_no_news_for_the_old_one(self):
        self.follow(self.alice.partner_id, self.bob.partner_id)
        self.ticket.partner_id = self.bob.partner_id
        notified, mailed = self.post(self.ticket)
        self.assertEqual(notified | mailed, self.bob.partner_id)

    def test_whoever_wrote_first_is_answered_though_nobody_knows_who_it_is(self):
        self.ticket.partner_id = False
        writer = self.env["res.partner"].create({"name": "Who", "email": "who@example.com"})
        self.ticket.message_subscribe(partner_ids=writer.ids)
        notified, mailed = self.post(self.ticket)
        self.assertEqual((notified, mailed), (writer, writer))

    def test_contacts_of_our_own_and_other_documents_are_left_alone(self):
        ours = self.env["res.partner"].create(
            {
                "name": "Workshop",
                "email": "workshop@example.com",
                "parent_id": self.env.company.partner_id.id,
            }
        )
        notified, _mailed = self.post(self.ticket, partner_ids=ours.ids)
        self.assertEqual(notified, ours)
        notified, _mailed = self.post(self.customer, partner_ids=self.bob.partner_id.ids)
        self.assertEqual(notified, self.bob.partner_id)
