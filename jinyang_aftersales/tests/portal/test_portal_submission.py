"""A form of the portal makes one document, however often it is sent."""

from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, ConcurrencyError
from odoo.tests import TransactionCase, new_test_user, tagged
from odoo.tools import mute_logger

from ...models.portal.aftersales_portal_submission import KEPT_DAYS


@tagged("post_install", "-at_install")
class TestPortalSubmission(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = new_test_user(cls.env, "submitting_customer", groups="base.group_portal")
        cls.rows = cls.env["aftersales.portal.submission"]
        cls.made = []

    def send(self, key="key", user=None):
        def make():
            partner = self.env["res.partner"].create({"name": "Made"})
            self.made.append(partner)
            return partner

        user = user or self.user
        return self.rows.with_user(user)._once(user, key, "res.partner", make)

    def test_same_key_of_the_same_user_leads_to_the_same_document(self):
        first = self.send()
        self.assertEqual(self.send(), first)
        self.assertNotEqual(self.send(key="other"), first)
        self.assertNotEqual(self.send(user=self.env.user), first)

    def test_two_requests_at_once_end_in_one_document(self):
        self.send()
        # the search finds nothing, because the other request commits only between search and write
        with (
            patch.object(self.env.registry[self.rows._name], "search", lambda rows, domain: rows),
            self.assertRaises(ConcurrencyError),
            mute_logger("odoo.sql_db"),
        ):
            self.send()

    def test_nothing_is_kept_of_a_form_that_failed(self):
        def fail():
            raise ValueError

        with self.assertRaises(ValueError), self.cr.savepoint():
            self.rows._once(self.user, "failed", "res.partner", fail)
        self.assertFalse(self.rows.search([("key", "=", "failed")]))

    def test_customers_read_and_write_no_rows(self):
        self.send()
        row = self.rows.search([("key", "=", "key")]).with_user(self.user)
        for access in (
            lambda: row.read(["key"]),
            lambda: row.write({"key": "x"}),
            lambda: row.create({"key": "y", "user_id": self.user.id, "res_model": "res.partner"}),
        ):
            with self.assertRaises(AccessError):
                access()

    def test_old_rows_go(self):
        self.send()
        row = self.rows.search([("key", "=", "key")])
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE aftersales_portal_submission SET create_date = %s WHERE id = %s",
            (fields.Datetime.now() - timedelta(days=KEPT_DAYS + 1), row.id),
        )
        self.env.invalidate_all()
        self.rows._gc_submissions()
        self.assertFalse(row.exists())
