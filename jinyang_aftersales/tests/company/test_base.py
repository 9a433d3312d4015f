"""Helpers of all models: rows created once, counts and lists of smart buttons."""

from unittest.mock import patch

from odoo.exceptions import ConcurrencyError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .. import common


@tagged("post_install", "-at_install")
class TestMadeOnce(common.AftersalesCommon):
    """Tested with make-up days, which are unique by company and date."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.days = cls.env["aftersales.makeup.day"]
        cls.key = {"company_id": cls.company.id, "date": "2026-10-10"}

    def unseen(self):
        """Simulate a row committed after this transaction began: it is not visible, but its key is taken."""
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
        # earlier changes of the transaction are kept
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


@tagged("post_install", "-at_install")
class TestSmartButtons(common.AftersalesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partners = cls.env["res.partner"].create([{"name": name} for name in ("A", "B", "C")])
        cls.contacts = cls.env["res.partner"].create(
            [{"name": "Contact", "parent_id": cls.partners[number].id} for number in (0, 0, 1)]
        )

    def test_counted_by_what_they_are_linked_to(self):
        first, second, third = self.partners.ids
        counts = self.env["res.partner"]._count_by("parent_id", [first, third])
        self.assertEqual(counts, {first: 2})
        self.assertEqual((counts[third], counts[False]), (0, 0))
        some = [("id", "in", self.contacts[1:].ids)]
        counts = self.env["res.partner"]._count_by("parent_id", self.partners.ids, some)
        self.assertEqual(counts, {first: 1, second: 1})

    def test_only_what_the_user_may_read_is_counted(self):
        self.env["ir.rule"].create(
            {
                "name": "Hidden contact",
                "model_id": self.env.ref("base.model_res_partner").id,
                "domain_force": f"[('id', '!=', {self.contacts[0].id})]",
            }
        )
        partners = self.env["res.partner"].with_user(self.specialist)
        first, second, _third = self.partners.ids
        counts = partners._count_by("parent_id", self.partners.ids)
        self.assertEqual(counts, {first: 1, second: 1})

    def test_list_of_some_records(self):
        name = "jinyang_aftersales.aftersales_visit_action"
        domain = [("id", "in", [1, 2])]
        action = self.partners._get_list_action(name, domain, {})
        self.assertEqual((action["domain"], action["context"]), (domain, {}))
        self.assertEqual(action["res_model"], "aftersales.visit")
        self.assertFalse(action["res_id"])
        own = self.env["ir.actions.act_window"]._for_xml_id(name)["context"]
        self.assertEqual(self.partners._get_list_action(name, domain)["context"], own)

    def test_a_single_record_is_opened_at_once(self):
        """Section G: a smart button with one record opens that record's form."""
        name = "jinyang_aftersales.aftersales_installation_action"
        lines = self.env["aftersales.product.line"].search([], limit=1)
        self.assertTrue(lines)
        action = self.partners._get_list_action(
            "jinyang_aftersales.aftersales_product_line_action", [("id", "=", lines.id)]
        )
        self.assertEqual((action["res_id"], action["views"][0][1]), (lines.id, "form"))
        self.assertEqual(len(action["views"]), 1)
        self.assertFalse(self.partners._get_list_action(name, [("id", "=", 0)])["res_id"])
