"""Malformed mail: it causes no error, is attributed to no customer and gets no answer."""

from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from .test_customer_mail import DOMAIN, CustomerMail

RECEIPT = """Content-Type: multipart/report; report-type=disposition-notification; boundary="b"

--b
Content-Type: text/plain

Your message was displayed.
--b
Content-Type: message/disposition-notification

Disposition: manual-action/MDN-sent-manually; displayed
--b--
"""
PLAIN = "Content-Type: text/plain; charset=utf-8\n\nThank you\n"


@tagged("post_install", "-at_install")
class TestStrangeMail(CustomerMail, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.documents = cls.make_documents()
        cls.team = cls.env["helpdesk.ticket.team"].create(
            {"name": "Line", "company_id": cls.company.id, "alias_name": "line"}
        )

    def arrive(self, message=None, to=None, content=PLAIN, **headers):
        """Process an incoming mail with exactly these headers.

        :param message: mail.message it replies to
        :return: id of the document it is assigned to
        """
        self.numbers += 1
        headers = {
            "To": to or f"catchall@{DOMAIN}",
            "Message-Id": f"<strange-{self.numbers}@elsewhere.example>",
            **({"In-Reply-To": message.message_id} if message else {}),
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }
        lines = "".join(f"{name}: {value}\n" for name, value in headers.items() if value)
        with mute_logger("odoo.addons.mail.models.mail_thread"):
            return self.env["mail.thread"].message_process(False, lines + content)

    def test_mail_without_a_sender_is_a_note_of_nobodys(self):
        for document in self.documents:
            message = self.write_to_customer(document)
            document.message_subscribe(partner_ids=self.contact.ids)
            for sender in ("", "undisclosed", "<>", '"Li Na"'):
                before = self.last_mail()
                self.arrive(message, From=sender)
                note = self.newest(document)
                self.assertTrue(note.subtype_id.internal, (document, sender))
                self.assertNotEqual(note.author_id, self.contact, (document, sender))
                people, addresses = self.people_written_to(before)
                self.assertFalse(people, (document, sender))
                self.assertFalse(addresses, (document, sender))

    def test_stranger_who_names_the_customer_as_a_second_sender_is_a_stranger(self):
        for document in self.documents:
            message = self.write_to_customer(document)
            self.arrive(message, From=f"{self.stranger.email}, {self.contact.email}")
            self.arrive(message, From=f'"{self.contact.email}" <somebody@outside.example>')
            notes = document.message_ids.filtered(lambda row: row.message_type == "email")
            self.assertEqual(len(notes), 2, document)
            self.assertTrue(all(note.subtype_id.internal for note in notes), document)
            self.assertNotIn(self.contact, notes.author_id, document)

    def test_receipts_and_reports_are_no_answer_of_the_customer(self):
        for document in self.documents:
            message = self.write_to_customer(document)
            before = self.last_mail()
            self.arrive(message, content=RECEIPT, From=self.contact.email)
            self.assertFalse(self.newest(document), document)
            for headers in (
                {"Return_Path": "<>"},
                {"Auto_Submitted": "auto-replied (vacation)"},
                {"Auto_Submitted": "auto-notified; x=1"},
            ):
                self.arrive(message, From=self.contact.email, **headers)
                self.assertTrue(self.newest(document).subtype_id.internal, (document, headers))
            self.assertEqual(self.last_mail(), before, document)
            self.arrive(message, From=self.contact.email, Auto_Submitted="no (I typed it)")
            self.assertFalse(self.newest(document).subtype_id.internal, document)

    def test_receipt_makes_no_ticket_and_a_person_called_after_a_server_does(self):
        tickets = self.env["helpdesk.ticket"]
        before, mail = tickets.search_count([]), self.last_mail()
        for headers in ({}, {"Return_Path": "<>"}):
            self.assertFalse(
                self.arrive(
                    content=RECEIPT, to=self.team.alias_email, From=self.contact.email, **headers
                )
            )
        self.assertEqual((tickets.search_count([]), self.last_mail()), (before, mail))
        sender = '"postmaster@heng.example" <webpostmaster@heng.example>'
        self.assertTrue(self.arrive(to=self.team.alias_email, From=sender))

    def test_subject_of_any_length_and_shape_breaks_nothing(self):
        message = self.write_to_customer(self.documents[0])
        for subject in (
            "x" * 100_000,
            "服" * 10_000,
            "=?utf-8?q?a=0D=0ABcc:_x@y.example?=",
            "=?nonsense?b?////?=",
            "",
        ):
            shown = subject[:30]
            self.assertTrue(self.arrive(message, From=self.contact.email, Subject=subject), shown)
            number = self.arrive(to=self.team.alias_email, From=self.contact.email, Subject=subject)
            ticket = self.env["helpdesk.ticket"].browse(number)
            self.assertTrue(ticket.name, shown)
            self.assertLessEqual(len(ticket.name), 200, shown)
            # a message of staff on that ticket can be sent by mail
            [mail] = self.queued(self.write_to_customer(ticket))
            self.assertNotRegex(mail.subject, r"[\r\n]", shown)

    def test_answer_that_names_two_customers_is_taken_for_one_of_neither(self):
        other = self.env["helpdesk.ticket"].create(
            {
                "name": "Theirs",
                "description": "x",
                "partner_id": self.stranger.id,
                "company_id": self.company.id,
            }
        )
        theirs = other.message_post(body="Secret", subtype_xmlid="mail.mt_comment")
        for document in self.documents:
            mine = self.write_to_customer(document)
            self.arrive(
                From=self.stranger.email, References=f"{theirs.message_id} {mine.message_id}"
            )
            note = self.newest(document)
            self.assertTrue(note.subtype_id.internal, document)
            self.assertEqual(note.author_id, self.stranger, document)
        self.assertFalse(self.newest(other))
