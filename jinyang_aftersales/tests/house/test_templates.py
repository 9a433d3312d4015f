"""What holds for every page and paper of ours."""

from lxml import etree

from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestTemplates(TransactionCase):
    def test_an_empty_value_leaves_its_cell_in_the_table(self):
        # an element with t-out vanishes with its value, and the cells behind it move up
        views = self.env["ir.ui.view"].search(
            [("type", "=", "qweb"), ("key", "=like", "jinyang_aftersales%")]
        )
        self.assertIn("jinyang_aftersales.portal_installation_row", views.mapped("key"))
        for view in views:
            for cell in etree.fromstring(view.arch_db).iter("td", "th"):
                self.assertFalse(
                    {"t-out", "t-field", "t-esc"} & set(cell.attrib), (view.key, cell.attrib)
                )
