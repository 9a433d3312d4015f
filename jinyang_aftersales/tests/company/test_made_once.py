"""Rows that are made once, whatever another transaction does."""

from unittest.mock import patch

from odoo.exceptions import ConcurrencyError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .. import common


@tagged("post_install", "-at_install")
class TestMadeOnce(common.AftersalesCommon):
    """Tried on make-up days, of which a company has one a day."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.days = cls.env["aftersales.makeup.day"]
        cls.key = {"company_id": cls.company.id, "date": "2026-10-10"}

    def unseen(self):
        """Another transaction has committed after this one began: it cannot be read, but holds the key."""
        return patch.object(type(self.days), "search", lambda days, domain: days.browse())

    def test_found_or_created(self):
        day = self.days._create_once(self.key, {"name": "National Day"})
        self.assertEqual((day.name, str(day.date)), ("National Day", "2026-10-10"))
        self.assertEqual(self.days._create_once(self.key, {"name": "Other"}), day)
        self.assertEqual(day.name, "National Day")

    def test_archived_one_is_found(self):
        partners = self.env["res.partner"]
        partner = partners.create({"name": "Archived", "ref": "made once", "active": False})
        self.assertEqual(partners._create_once({"ref": "made once"}, {"name": "New"}), partner)

    def test_who_is_slower_is_run_again(self):
        self.days._create_once(self.key, {"name": "National Day"})
        with (
            self.unseen(),
            mute_logger("odoo.sql_db"),
            self.assertRaisesRegex(ConcurrencyError, "one_per_day"),
        ):
            self.days._create_once(self.key, {"name": "Other"})

    def test_nothing_is_created_where_the_key_is_taken(self):
        vals = {**self.key, "name": "National Day"}
        day = self.days._create_unless_taken(vals)
        self.assertTrue(day)
        self.assertFalse(self.days._create_unless_taken(vals))
        # what was done before goes on
        self.assertEqual(self.days.search([("date", "=", "2026-10-10")]), day)

    def test_another_key_that_is_taken_is_a_conflict(self):
        self.days._create_once(self.key, {"name": "National Day"})

        def create(partners, vals):
            self.days.create({**self.key, "name": "Other"})

        partners = self.env["res.partner"]
        with (
            patch.object(type(partners), "create", create),
            self.assertRaisesRegex(ConcurrencyError, "one_per_day"),
        ):
            partners._create_unless_taken({"name": "New"})
