"""Lists and pages of the portal cost the same however many documents there are."""

from odoo.tests import HttpCase, tagged

from .portal_examples import PortalExamples


@tagged("post_install", "-at_install")
class TestPortalCost(PortalExamples, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.setUpExamples()

    def add(self, count):
        """More documents of the customer and of the stranger."""
        partners = self.customer | self.stranger
        software = self.alpha["aftersales.installation"].product_id
        self.env["aftersales.installation"].create(
            [
                {
                    "partner_id": partner.id,
                    "product_id": software.id,
                    "serial_number": f"{partner.id}-{count}-{n}",
                }
                for partner in partners
                for n in range(count)
            ]
        )
        self.env["helpdesk.ticket"].create(
            [
                {
                    "name": f"Ticket {n}",
                    "description": "x",
                    "partner_id": user.partner_id.id,
                    "installation_id": self.env["aftersales.installation"]
                    .search([("partner_id", "=", user.commercial_partner_id.id)], limit=1)
                    .id,
                }
                for user in (self.alice, self.bob)
                for n in range(count)
            ]
        )
        self.env.flush_all()
        self.env.invalidate_all()

    def cost(self, url):
        """How many queries a page takes, once everything is warm."""
        for _turn in range(2):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertEqual(self.get(url).status_code, 200)
            cost = self.env.cr.sql_log_count - before
        return cost

    def test_lists_cost_the_same_with_10_and_200_documents(self):
        urls = ("/my/installations", "/my/tickets", "/my/contracts", "/my")
        self.add(80)
        self.sign_in("alice")
        few = {url: self.cost(url) for url in urls}
        self.add(120)
        many = {url: self.cost(url) for url in urls}
        self.assertEqual(few, many)

    def test_rows_of_a_list_cost_no_query_each(self):
        self.add(5)
        self.sign_in("alice")
        few = self.cost("/my/installations")
        self.add(14)
        self.assertLessEqual(self.cost("/my/installations"), few + 2)
