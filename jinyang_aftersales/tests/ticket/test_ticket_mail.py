"""Mails to the customer about a ticket; automatic mails get no answer."""

from odoo.tests import TransactionCase, tagged

from ..mail.test_customer_mail import CustomerMail


@tagged("post_install", "-at_install")
class TestTicketMail(CustomerMail, TransactionCase):
    def closed(self, **values):
        """:return: the mail about the closing of a ticket"""
        ticket = self.env["helpdesk.ticket"].create(
            {
                "name": "Report is empty",
                "description": "x",
                "partner_id": self.contact.id,
                "company_id": self.company.id,
                "user_id": self.specialist.id,
                **values,
            }
        )
        self.env.cr.precommit.run()
        before = self.last_mail()
        ticket.stage_id = self.env.ref("helpdesk_mgmt.helpdesk_ticket_stage_cancelled")
        self.env.cr.precommit.run()
        return ticket, self.env["mail.mail"].sudo().search([("id", ">", before)])

    def test_customer_is_greeted_by_his_own_name_in_his_language(self):
        ticket, mail = self.closed()
        self.assertEqual(mail.recipient_ids, self.contact)
        self.assertIn(f"Ticket {ticket.number}: closed", mail.subject)
        self.assertIn(f"Dear {self.contact.name}", " ".join(mail.body_html.split()))
        template = self.env.ref("jinyang_aftersales.mail_template_ticket_closed")
        template.with_context(lang="zh_CN").subject = "工单 {{ object.number }} 已关闭"
        self.contact.lang = "zh_CN"
        self.assertIn("已关闭", self.closed()[1].subject)

    def test_sender_we_know_by_the_address_only_is_told_too(self):
        _ticket, mail = self.closed(
            partner_id=False, partner_name="Li Na", partner_email="lina@outside.example"
        )
        told = f"{mail.email_to} {mail.email_cc} {mail.recipient_ids.mapped('email')}"
        self.assertIn("lina@outside.example", told)
        self.assertIn("Li Na", mail.body_html)

    def unreached(self, **values):
        """:return: a closed ticket of a customer without a usable address, the mail, and who is asked to call"""
        self.contact.email = "-"
        self.contact.parent_id.email = False
        ticket, mail = self.closed(partner_email=False, **values)
        kind = self.env.ref("jinyang_aftersales.mail_activity_tell_customer")
        people = self.contact | self.contact.parent_id
        mail = mail.filtered(lambda row: not row.recipient_ids or row.recipient_ids & people)
        return ticket, mail, ticket.activity_ids.filtered(lambda row: row.activity_type_id == kind)

    def test_no_closing_mail_to_customers_without_a_usable_address(self):
        """M46: nothing that comes back, and no task where the customer waits for nothing."""
        _ticket, mail, asked = self.unreached()
        self.assertFalse(mail)
        self.assertFalse(asked)

    def test_customer_who_asked_to_be_told_is_called(self):
        """M46: once, by the colleague in charge."""
        ticket, mail, asked = self.unreached(wants_to_be_told=True)
        self.assertFalse(mail)
        self.assertEqual(asked.user_id, self.specialist)
        self.assertIn(ticket.number, asked.note)
        ticket.stage_id = self.env.ref("helpdesk_mgmt.helpdesk_ticket_stage_new")
        self.env.cr.precommit.run()
        ticket.stage_id = self.env.ref("helpdesk_mgmt.helpdesk_ticket_stage_rejected")
        self.env.cr.precommit.run()
        self.assertEqual(
            len(
                ticket.activity_ids.filtered(
                    lambda row: row.activity_type_id == asked.activity_type_id
                )
            ),
            1,
        )

    def test_customer_who_filed_the_ticket_is_called_unless_they_closed_it(self):
        """M46: on the portal, where nobody typed an address."""
        portal = self.make_user("filer", "base.group_portal", partner_id=self.contact.id)
        self.contact.email = "-"
        self.contact.parent_id.email = False
        kind = self.env.ref("jinyang_aftersales.mail_activity_tell_customer")
        for solved, expected in ((False, 1), ("2026-01-01 00:00:00", 0)):
            ticket = (
                self.env["helpdesk.ticket"]
                .with_user(portal)
                .sudo()
                .create(
                    {
                        "name": "Report is empty",
                        "description": "x",
                        "partner_id": self.contact.id,
                        "company_id": self.company.id,
                        "user_id": self.specialist.id,
                        "partner_email": False,
                    }
                )
                .with_env(self.env)
            )
            ticket._write_unlocked({"customer_solved_on": solved})
            self.env.cr.precommit.run()
            ticket.stage_id = self.env.ref("helpdesk_mgmt.helpdesk_ticket_stage_cancelled")
            self.env.cr.precommit.run()
            asked = ticket.activity_ids.filtered(lambda row: row.activity_type_id == kind)
            self.assertEqual(len(asked), expected)

    def test_customer_without_contact_address_is_mailed_at_the_companys(self):
        """M46: a contact whose address is none stands in nobody's way."""
        self.contact.email = "-"
        self.contact.parent_id.email = "office@outside.example"
        _ticket, mail = self.closed(partner_id=self.contact.parent_id.id)
        self.assertEqual(mail.recipient_ids, self.contact.parent_id)

    def test_answer_to_it_lands_on_the_ticket(self):
        ticket, mail = self.closed()
        self.assertIn("jinyang-mail.example", mail.reply_to)
        answered = self.come_in(mail.mail_message_id, to=mail.reply_to, body="It is not solved")
        self.assertEqual(answered, ticket.id)
        self.assertFalse(self.newest(ticket).is_internal)

    def test_machine_is_not_answered_by_a_stage(self):
        template = self.env.ref("jinyang_aftersales.mail_template_ticket_closed")
        new = self.env.ref("helpdesk_mgmt.helpdesk_ticket_stage_new")
        new.mail_template_id = template
        team = self.env["helpdesk.ticket.team"].create(
            {
                "name": "Line",
                "company_id": self.company.id,
                "alias_name": "line",
            }
        )
        nothing = self.env["mail.message"].new({"message_id": "<x@y>", "subject": "Disk full"})
        for headers, answered in (("Precedence: bulk\n", False), ("", True)):
            before = self.last_mail()
            number = self.come_in(nothing, headers=headers, to=team.alias_email)
            self.env.cr.precommit.run()
            self.assertEqual(self.env["helpdesk.ticket"].browse(number).stage_id, new)
            told, _addresses = self.people_written_to(before)
            self.assertEqual(bool(told), answered, headers)
