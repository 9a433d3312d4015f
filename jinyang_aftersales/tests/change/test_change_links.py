"""Program changes from tickets, smart buttons, settings, and how many queries lists take."""

import base64
from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo.exceptions import ConcurrencyError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..ticket.common_record import RecordCommon
from .change_common import PDF, ChangeCommon


@tagged("post_install", "-at_install")
class TestChangeFromTicket(RecordCommon):
    def changes(self, ticket):
        self.env.flush_all()
        return self.env["aftersales.change.request"].search([("ticket_id", "=", ticket.id)])

    def test_bug_with_a_complete_record_becomes_one_program_change(self):
        ticket = self.make_ticket("bug")
        self.assertFalse(self.changes(ticket))
        self.complete(ticket)
        change = self.changes(ticket)
        self.assertEqual(change.state, "submitted")
        self.assertEqual(change.kind, "bug")
        self.assertEqual(change.title, ticket.name)
        self.assertIn(ticket.steps, change.description)
        self.assertIn(ticket.error_shown, change.description)
        self.assertEqual(change.partner_id, ticket.commercial_partner_id)
        self.assertEqual(change.user_id, self.specialist)
        self.assertTrue(change.from_record)
        for _time in range(2):
            ticket.steps = False
            ticket.steps = "Again"
        ticket.stage_id = self.stage["done"]
        self.env.flush_all()
        self.assertEqual(self.changes(ticket), change)

    def test_no_second_one_beside_that_of_the_specialist(self):
        ticket = self.make_ticket("bug")
        own = self.submit_change(ticket)
        self.complete(ticket)
        self.assertEqual(self.changes(ticket), own)

    def test_other_records_become_none(self):
        ticket = self.complete(self.make_ticket("report"))
        self.assertFalse(self.changes(ticket))

    def test_database_keeps_it_to_one(self):
        ticket = self.complete(self.make_ticket("bug"))
        self.assertTrue(self.changes(ticket))
        changes = self.env["aftersales.change.request"].sudo()
        changes._create_from_record(ticket.sudo())
        self.assertEqual(len(self.changes(ticket)), 1)
        # the search finds nothing, because another transaction commits only between search and write
        with (
            patch.object(type(changes), "search", lambda changes, domain: changes.browse()),
            self.assertRaisesRegex(ConcurrencyError, "one_from_record"),
        ):
            changes._create_from_record(ticket.sudo())

    def test_record_of_a_program_change_is_its_link(self):
        ticket = self.make_ticket("change")
        ticket.write(self.answers("change"))
        self.assertEqual(ticket._get_missing_record_fields(), ["change_request_ids"])
        with self.assertRaises(ValidationError):
            ticket.stage_id = self.stage["done"]
        change = self.submit_change(ticket)
        self.assertEqual(ticket._get_missing_record_fields(), [])
        ticket.stage_id = self.stage["done"]
        change.with_user(self.manager).action_cancel()
        self.assertTrue(ticket.record_complete)

    def test_request_begins_with_what_the_ticket_says(self):
        ticket = self.make_ticket("change", "qq", need="增加一列", contact_id=self.contact.id)
        action = ticket.action_request_change()
        form = Form(
            self.env["aftersales.change.request"]
            .with_user(self.specialist)
            .with_context(**action["context"])
        )
        self.assertEqual(form.partner_id, self.customer)
        self.assertEqual(form.contact_id, self.contact)
        self.assertEqual(form.title, ticket.name)
        self.assertEqual(form.description, "增加一列")
        change = form.save()
        self.assertEqual(change.ticket_id, ticket)

    def test_counts_and_buttons_lead_both_ways(self):
        ticket = self.complete(self.make_ticket("bug"))
        change = self.changes(ticket)
        installation = self.make_installation(self.customer)
        change.sudo()._write_unlocked({"installation_id": installation.id})
        for record in (ticket, installation, self.customer, self.contact):
            record = record.with_user(self.specialist)
            self.assertEqual(record.change_request_count, 1, record)
            action = record.action_view_changes()
            self.assertEqual(change.search(action["domain"]), change)
        self.assertEqual(change.action_view_ticket()["res_id"], ticket.id)


@tagged("post_install", "-at_install")
class TestChangeScreens(ChangeCommon):
    def test_settings_are_the_managers(self):
        wizard = self.env["aftersales.service.settings"].with_user(self.manager).create({})
        self.assertEqual(wizard.aftersales_opinion_days, 5)
        wizard.write({"aftersales_opinion_days": 7, "aftersales_change_warn_days": 2})
        wizard.action_save()
        self.assertEqual(self.company.aftersales_opinion_days, 7)
        self.assertEqual(self.company.aftersales_change_warn_days, 2)

    def count_queries(self, view, limit):
        """Queries to read rows as a view does."""
        arch = self.env["aftersales.change.request"].get_view(
            self.env.ref(f"jinyang_aftersales.aftersales_change_request_view_{view}").id
        )
        names = list(arch["models"]["aftersales.change.request"])
        specification = {
            name: {"fields": {"display_name": {}}}
            if self.env["aftersales.change.request"]._fields[name].relational
            else {}
            for name in names
        }
        model = self.env["aftersales.change.request"].with_user(self.specialist)
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        model.web_search_read([], specification, limit=limit)
        return self.env.cr.sql_log_count - before

    def test_queries_do_not_grow_with_the_rows(self):
        states = ("draft", "submitted", "confirmed", "approved", "deployed")
        for state in states * 2:
            self.make_change(state=state)
        for view in ("list", "kanban", "calendar"):
            self.count_queries(view, 5)
            self.assertLessEqual(self.count_queries(view, 10), self.count_queries(view, 5), view)

    def test_printed_form_says_what_was_agreed_and_promised(self):
        change = self.make_change(state="done", reason="Fewer calls", module="Delivery")
        html = self.env["ir.actions.report"]._render_qweb_html(
            "jinyang_aftersales.report_change", change.ids
        )[0]
        html = html.decode()
        for text in (
            change.name,
            change.title,
            change.description,
            "Fewer calls",
            "Delivery",
            change.confirmed_need,
            "OK",
            self.developer.name,
            "Satisfied",
        ):
            self.assertIn(text, html)

    def test_strange_values_are_refused_or_stored_harmlessly(self):
        text = "😀<script>alert(1)</script>\r\n" * 500
        change = self.make_change(title=text, description=text, module=text, reason=text)
        change.action_submit()
        change.confirmed_need = text
        change.action_confirm()
        self.assertEqual(change.title, text)
        html = b"<!DOCTYPE html><html><script>1</script></html>"
        big = b"%PDF-1.4\n" + b"0" * (10 * 1024 * 1024 + 1)
        for raw in (html, big, b"MZ\x00"):
            with self.assertRaises(ValidationError):
                self.make_change(scan=base64.b64encode(raw).decode())
        with self.assertRaises(ValidationError):
            self.make_change(scan="no base64 \0")
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.env.cr.savepoint(),
        ):
            self.make_change(estimated_hours=-1).flush_recordset()
        self.assertEqual(self.make_change(scan=PDF, scan_name="../../x.pdf").scan_name, "x.pdf")
