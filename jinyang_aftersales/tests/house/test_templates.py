"""Checks of all our templates of pages and PDFs."""

from lxml import etree

from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestTemplates(TransactionCase):
    def test_an_empty_value_leaves_its_cell_in_the_table(self):
        # a cell with t-out and an empty value is not rendered, so that the following cells move
        views = self.env["ir.ui.view"].search(
            [("type", "=", "qweb"), ("key", "=like", "jinyang_aftersales%")]
        )
        self.assertIn("jinyang_aftersales.portal_installation_row", views.mapped("key"))
        for view in views:
            for cell in etree.fromstring(view.arch_db).iter("td", "th"):
                self.assertFalse(
                    {"t-out", "t-field", "t-esc"} & set(cell.attrib), (view.key, cell.attrib)
                )
