"""M42, M45, M65: where mail goes that answers no message, and whose it is."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, TransactionCase, tagged

from ...tools.mail import find_numbers, is_authenticated
from .test_customer_mail import DOMAIN, CustomerMail

SERVER = "mx.jinyang.example"
VACATION = "Auto-Submitted: auto-replied\n"
NEWSLETTER = "Precedence: bulk\n"


def vouch(domain, server=SERVER, method="dmarc", result="pass"):
    """:return: the header of a mail server about a sender"""
    where = {"dmarc": "header.from", "dkim": "header.d", "spf": "smtp.mailfrom"}[method]
    return f"Authentication-Results: {server};\n {method}={result} {where}={domain}\n"


class MailWithoutPlace(CustomerMail):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.lang = "en_US"
        cls.nothing = cls.env["mail.message"].new({"message_id": "<x@y>", "subject": "Help"})
        cls.unplaced = cls.env["aftersales.unplaced.mail"]

    def write_to_us(self, subject="Help", **values):
        """:return: the id of the record that the mail made or reached"""
        self.nothing.subject = subject
        return self.come_in(self.nothing, **values)

    def last_unplaced(self):
        return self.unplaced.search([], limit=1, order="id desc")

    def sent_since(self, before):
        return self.env["mail.mail"].sudo().search([("id", ">", before)])


@tagged("post_install", "-at_install")
class TestMailPlace(MailWithoutPlace, TransactionCase):
    def test_number_in_the_subject_finds_the_document_of_the_senders_customer(self):
        """M42"""
        for document in self.make_documents():
            number = document.number if document._name == "helpdesk.ticket" else document.name
            for subject in (f"回复：关于{number}的问题", f"re: [{number.lower()}]"):
                self.assertEqual(self.write_to_us(subject), document.id, (document, subject))
                answer = self.newest(document)
                self.assertEqual(answer.author_id, self.contact, document)
                self.assertFalse(answer.is_internal)
                self.assertFalse(answer.subtype_id.internal, document)

    def test_mail_of_an_address_at_two_customers_is_taken_for_neithers(self):
        """M42: a customer gives a contact of theirs somebody else's address, and would read the mail."""
        team = self.env["helpdesk.ticket.team"].create(
            {"name": "Line", "company_id": self.company.id, "alias_name": "line"}
        )
        self.env["res.partner"].create(
            {"name": "Thief", "parent_id": self.stranger.parent_id.id, "email": self.contact.email}
        )
        for to in (team.alias_email, self.company.email):
            ticket = self.env["helpdesk.ticket"].browse(self.write_to_us("Secret", to=to))
            self.assertTrue(ticket.exists(), to)
            self.assertFalse(ticket.partner_id | ticket.commercial_partner_id, to)
            self.assertIn(self.contact.email, ticket.partner_email)
        # the number says whose it is
        [document] = self.make_documents()[:1]
        number = document.number if document._name == "helpdesk.ticket" else document.name
        self.assertEqual(self.write_to_us(f"Re: {number}"), document.id)
        self.assertEqual(self.newest(document).author_id, self.contact)

    def test_number_finds_nothing_for_people_of_others(self):
        """M42"""
        for document in self.make_documents():
            number = document.number if document._name == "helpdesk.ticket" else document.name
            for sender in (self.stranger.email, "somebody@outside.example"):
                self.write_to_us(f"Re: {number}", sender=sender)
                self.assertFalse(self.newest(document), (document, sender))

    def test_companys_address_makes_a_ticket_of_its_contacts(self):
        """M42"""
        ticket = self.env["helpdesk.ticket"].browse(self.write_to_us(to=self.company.email))
        self.assertRecordValues(
            ticket,
            [{"name": "Re: Help", "partner_id": self.contact.id, "company_id": self.company.id}],
        )
        self.write_to_us(to=self.company.email, sender="somebody@outside.example")
        self.assertEqual(self.last_unplaced().reason, "unknown")

    def test_contact_who_writes_to_nowhere_is_told_what_to_do_in_his_language(self):
        """M42"""
        for lang, word in (("zh_CN", "单据编号"), ("en_US", "number of the document")):
            self.contact.lang = lang
            before = self.last_mail()
            self.assertFalse(self.write_to_us())
            [mail] = self.sent_since(before)
            self.assertIn(self.contact.email, mail.email_to)
            self.assertIn(word, mail.body_html)
            self.assertIn(self.company.email, mail.body_html)
            self.assertIn("auto-generated", mail.headers)

    def test_nothing_is_sent_to_strangers_and_forged_senders(self):
        """M42"""
        self.company.aftersales_mail_server_name = SERVER
        for sender, headers, reason in (
            ("somebody@outside.example", "", "unknown"),
            (self.contact.email, "", "unverified"),
            (self.contact.email, vouch("example.cn", result="fail"), "unverified"),
            (self.specialist.email, "", "unverified"),
            ("undisclosed", "", "nobody"),
        ):
            before, count = self.last_mail(), self.unplaced.search_count([])
            headers += "Return-Path: <victim@outside.example>\n"
            self.write_to_us(sender=sender, headers=headers, body="See this")
            self.assertEqual(self.unplaced.search_count([]), count + 1, (sender, headers))
            mail = self.last_unplaced()
            self.assertEqual(mail.reason, reason)
            self.assertIn(
                "See this", mail.message_ids.filtered("body")[-1:].body or mail.message_ids[0].body
            )
            to_outside = self.sent_since(before).filtered("email_to")
            self.assertFalse(to_outside, (sender, to_outside.mapped("email_to")))
            task = mail.activity_ids
            self.assertEqual(task.user_id, self.company._aftersales_callback_user())

    def test_task_goes_to_somebody_who_reads_the_list(self):
        """M42"""
        self.company.aftersales_callback_user_id = self.specialist
        for expected in (self.callback, self.manager):
            self.write_to_us(sender="lina@outside.example")
            self.assertEqual(self.last_unplaced().activity_ids.user_id, expected)
            self.callback.active = False

    def test_call_back_desk_makes_a_ticket_of_a_mail_or_moves_it_or_dismisses_it(self):
        """M42"""
        self.write_to_us("请帮忙", sender="lina@outside.example", body="Report is empty")
        mail = self.last_unplaced().with_user(self.callback)
        with self.assertRaises(UserError):
            mail.action_place()
        mail.partner_id = self.contact
        mail.action_place()
        ticket = mail.ticket_id.sudo()
        self.assertRecordValues(ticket, [{"partner_id": self.contact.id, "name": "Re: 请帮忙"}])
        self.assertIn("Report is empty", ticket.description)
        self.assertIn("Report is empty", "".join(ticket.message_ids.mapped("body")))
        self.assertRecordValues(mail, [{"state": "placed", "handled_by_id": self.callback.id}])
        self.assertFalse(mail.activity_ids)
        ticket.user_id = self.specialist
        self.write_to_us("补充", sender="lina@outside.example", body="More of it")
        mail = self.last_unplaced().with_user(self.manager)
        mail.ticket_id = ticket
        mail.action_place()
        [added] = ticket.message_ids.filtered(lambda row: "More of it" in row.body)
        self.assertTrue(added.subtype_id.internal, "the customer reads nothing of a stranger")
        self.assertEqual(ticket.activity_ids.user_id, self.specialist)
        self.write_to_us("广告", sender="sales@outside.example")
        mail = self.last_unplaced().with_user(self.callback)
        with self.assertRaises(UserError):
            mail.action_dismiss("  ")
        mail.action_dismiss("Advertising")
        self.assertRecordValues(mail, [{"state": "dismissed", "dismissal": "Advertising"}])
        with self.assertRaises(UserError):
            mail.action_place()

    def test_nobody_else_reads_the_list_and_nobody_changes_what_came_in(self):
        """M42"""
        self.write_to_us(sender="lina@outside.example")
        mail = self.last_unplaced()
        for user in (self.specialist, self.employee, self.developer):
            with self.assertRaises(AccessError):
                mail.with_user(user).read(["name"])
        for user in (self.callback, self.manager):
            own = mail.with_user(user)
            with self.assertRaises(UserError):
                own.write({"email_from": self.contact.email})
            with self.assertRaises(UserError):
                own.write({"state": "dismissed"})
            with self.assertRaises(AccessError):
                own.unlink()
            with self.assertRaises(AccessError):
                self.unplaced.with_user(user).create({"name": "x", "reason": "unknown"})

    def test_absence_notes_are_a_note_in_their_thread_else_in_the_list(self):
        """M45"""
        tickets = self.env["helpdesk.ticket"].search_count([])
        team = self.env["helpdesk.ticket.team"].create(
            {"name": "Line", "company_id": self.company.id, "alias_name": "line"}
        )
        for to in (team.alias_email, self.company.email, f"catchall@{DOMAIN}"):
            count = self.unplaced.search_count([])
            self.write_to_us(to=to, headers=VACATION)
            self.assertEqual(self.unplaced.search_count([]), count + 1)
            self.assertEqual(self.last_unplaced().reason, "machine")
            self.assertFalse(self.last_unplaced().activity_ids)
        self.assertEqual(self.env["helpdesk.ticket"].search_count([]), tickets)
        document = self.make_documents()[0]
        self.write_to_us(f"Automatic reply: {document.number}", headers=VACATION)
        self.assertTrue(self.newest(document).subtype_id.internal)

    def test_other_machines_of_contacts_make_a_ticket_that_says_so(self):
        """M45"""
        team = self.env["helpdesk.ticket.team"].create(
            {"name": "Line", "company_id": self.company.id, "alias_name": "line"}
        )
        for headers, automatic in ((NEWSLETTER, True), ("", False)):
            number = self.write_to_us("Disk full", to=team.alias_email, headers=headers)
            ticket = self.env["helpdesk.ticket"].browse(number)
            self.assertRecordValues(
                ticket, [{"partner_id": self.contact.id, "is_automatic": automatic}]
            )
        tickets = self.env["helpdesk.ticket"].search_count([])
        self.write_to_us(to=team.alias_email, headers=NEWSLETTER, sender="list@outside.example")
        self.assertEqual(self.env["helpdesk.ticket"].search_count([]), tickets)
        self.assertEqual(self.last_unplaced().reason, "machine")

    def test_mail_in_a_colleagues_name_is_his_only_when_our_server_says_so(self):
        """M65"""
        self.specialist.email = "wei@jinyang.example"
        for document in self.make_documents():
            message = self.write_to_customer(document)
            for server, headers in (
                (False, ""),
                (False, vouch("jinyang.example")),
                (SERVER, ""),
                (SERVER, vouch("jinyang.example", server="mx.evil.example")),
                (SERVER, vouch("evil.example")),
                (SERVER, vouch("jinyang.example", result="fail")),
            ):
                self.company.aftersales_mail_server_name = server
                before = self.last_mail()
                self.come_in(message, sender=self.specialist.email, headers=headers, body="Pay us")
                note = self.newest(document)
                self.assertFalse(note.author_id, (document, headers))
                self.assertTrue(note.subtype_id.internal, (document, headers))
                self.assertIn("not verified", note.body)
                self.assertFalse(self.people_written_to(before)[0], (document, headers))
            self.come_in(message, sender=self.specialist.email, headers=vouch("jinyang.example"))
            answer = self.newest(document)
            self.assertEqual(answer.author_id, self.specialist.partner_id, document)
            self.assertFalse(answer.subtype_id.internal)
            self.assertNotIn("not verified", answer.body)

    def test_mail_in_a_customers_name_gives_nothing_when_our_server_does_not_vouch(self):
        """M65"""
        for document in self.make_documents():
            message = self.write_to_customer(document)
            self.company.aftersales_mail_server_name = SERVER
            self.come_in(message, body="Cancel it")
            note = self.newest(document)
            self.assertFalse(note.author_id, document)
            self.assertTrue(note.subtype_id.internal, document)
            self.assertIn("not verified", note.body)
            self.come_in(message, headers=vouch("example.cn", method="dkim"))
            self.assertEqual(self.newest(document).author_id, self.contact, document)
            self.company.aftersales_mail_server_name = False
            self.come_in(message)
            self.assertEqual(self.newest(document).author_id, self.contact, document)

    def test_customers_mail_is_marked_and_has_no_rights_while_no_server_vouches(self):
        """M65"""
        portal_user = self.env["res.users"].search([("partner_id", "=", self.contact.id)])
        self.assertFalse(self.company.aftersales_mail_server_name)
        for document in self.make_documents():
            message = self.write_to_customer(document)
            self.come_in(message, body="Help us")
            answer = self.newest(document)
            self.assertEqual(answer.author_id, self.contact, document)
            self.assertFalse(answer.subtype_id.internal, document)
            self.assertIn("Sender not verified", answer.body)
            self.assertNotIn(answer.create_uid, portal_user)
            self.company.aftersales_mail_server_name = SERVER
            self.come_in(message, headers=vouch("example.cn", method="dkim"), body="Help us")
            self.assertNotIn("not verified", self.newest(document).body)
            self.company.aftersales_mail_server_name = False
        number = self.write_to_us(to=self.company.email, body="Report is empty")
        ticket = self.env["helpdesk.ticket"].browse(number)
        self.assertNotIn("not verified", ticket.description)
        self.assertIn("Sender not verified", "".join(ticket.message_ids.mapped("body")))

    def test_a_manager_says_which_server_vouches(self):
        """M65"""
        screen = self.env["aftersales.service.settings"].with_user(self.manager)
        with Form(screen) as form:
            form.aftersales_mail_server_name = SERVER
        form.record.action_save()
        self.assertEqual(self.company.aftersales_mail_server_name, SERVER)

    def test_mail_without_a_sender_is_nobodys(self):
        """M65"""
        team = self.env["helpdesk.ticket.team"].create(
            {"name": "Line", "company_id": self.company.id, "alias_name": "line"}
        )
        for sender in ("undisclosed", "<>", '"Li Na"'):
            for to in (team.alias_email, self.company.email):
                self.write_to_us(to=to, sender=sender)
                self.assertEqual(self.last_unplaced().reason, "nobody", (sender, to))
            [document] = self.make_documents()[:1]
            self.come_in(self.write_to_customer(document), sender=sender)
            self.assertFalse(self.newest(document).author_id)

    def test_only_the_newest_word_of_our_own_server_counts(self):
        """M65"""
        good = f"{SERVER}; spf=pass smtp.mailfrom=a@heng.example; dkim=none"
        for results, expected in (
            ([good], True),
            # the sender chooses the name before the @, also one that looks like a result
            (
                [
                    f'{SERVER}; spf=pass smtp.mailfrom="; dmarc=pass header.from=heng.example "@bad.example'
                ],
                False,
            ),
            (
                [f'{SERVER}; spf=pass smtp.mailfrom="a smtp.mailfrom=heng.example "@bad.example'],
                False,
            ),
            (
                [
                    f'{SERVER}; spf=none (of "a) ; dmarc=pass header.from=heng.example; ("@bad.example)'
                ],
                False,
            ),
            ([f"{SERVER}; spf=none (of (x) ; dmarc=pass header.from=heng.example; x)"], False),
            ([f'{SERVER}; spf=none smtp.mailfrom="; dmarc=pass header.from=heng.example'], False),
            ([f'{SERVER}; dmarc=pass (policy "none") header.from=heng.example'], True),
            ([f"{SERVER} 1; dmarc=pass (p=none) header.from=heng.example"], True),
            ([f"{SERVER}; dkim=pass header.d=mail.heng.example"], True),
            ([f"{SERVER}; dkim=fail header.d=heng.example", good], False),
            (["mx.other.example; dmarc=pass header.from=heng.example"], False),
            ([f"{SERVER}; dmarc=pass header.from=evil.example"], False),
            ([f"{SERVER}; dmarc=fail (dmarc=pass header.from=heng.example)"], False),
            ([f"x ({SERVER}; dmarc=pass header.from=heng.example)"], False),
            ([f"{SERVER}; dkim=pass header.d=example"], False),
            ([], False),
        ):
            self.assertEqual(is_authenticated(results, SERVER, "a@heng.example"), expected, results)
            self.assertFalse(is_authenticated(results, "", "a@heng.example"))

    def test_numbers_are_found_beside_chinese(self):
        """M42"""
        self.assertEqual(
            find_numbers("回复：工单HT00012（ＦＷ2026-0003），2026"),
            ["HT00012", "FW2026-0003", "2026"],
        )
