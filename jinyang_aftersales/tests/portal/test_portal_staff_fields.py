"""Customers neither read nor search by what our people note down about them (M38)."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, tagged

from .portal_examples import PortalExamples


@tagged("post_install", "-at_install")
class TestPortalStaffFields(PortalExamples, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.setUpExamples()
        cls.customer.comment = "Pays late"

    def test_notes_about_the_own_company_are_for_staff(self):
        """M38"""
        partner = self.customer.with_user(self.alice)
        self.assertTrue(partner.has_access("read"))
        for attempt in (
            lambda: partner.read(["comment"]),
            lambda: partner.search([("comment", "ilike", "late")]),
            lambda: partner.search([], order="comment"),
            lambda: partner.export_data(["comment"]),
        ):
            with self.assertRaises(UserError):
                attempt()
        self.assertNotIn("comment", partner.fields_get())
        self.assertIn("late", self.customer.with_user(self.ivan).comment)

    def staff_fields(self):
        """Fields without a column that customers may not read, of models they read, with the example to find."""
        examples = [*self.alpha.values(), self.customer]
        for record in examples:
            own = record.with_user(self.alice)
            if not own.has_access("read"):
                continue
            for name, field in record._fields.items():
                if name == "message_partner_ids":
                    # answers for oneself only
                    continue
                if not field.store and field.search and not own._has_field_access(field, "read"):
                    yield own, name

    def is_refused(self, attempt):
        try:
            with self.cr.savepoint():
                attempt()
        except (UserError, ValueError):
            # customers export nothing, and Odoo orders and groups by some of these fields only
            return True
        return False

    def test_fields_without_a_column_are_not_searched_by_customers(self):
        """M38: search, order, groups and export alike."""
        tried = set()
        for record, name in self.staff_fields():
            tried.add(f"{record._name}.{name}")
            for attempt in (
                lambda record=record, name=name: record.search([(name, "!=", False)]),
                lambda record=record, name=name: record.search(
                    ["!", "|", (name, "=", True), ("id", "=", 0)]
                ),
                lambda record=record, name=name: record.search([], order=name),
                lambda record=record, name=name: record.formatted_read_group([], [name]),
                lambda record=record, name=name: record.export_data([name]),
            ):
                with self.subTest(field=f"{record._name}.{name}"):
                    self.assertTrue(self.is_refused(attempt))
        self.assertLessEqual(
            {"res.partner.service_state", "helpdesk.ticket.is_record_overdue"}, tried, tried
        )

    def test_a_path_does_not_lead_there_either(self):
        """M38"""
        visits = self.env["aftersales.visit"].with_user(self.alice)
        self.assertTrue(visits.search([]))
        for domain in (
            [("partner_id.service_state", "=", "none")],
            [("partner_id", "any", [("service_state", "=", "none")])],
            [("partner_id.comment", "ilike", "late")],
        ):
            with self.assertRaises(AccessError):
                visits.search(domain)
