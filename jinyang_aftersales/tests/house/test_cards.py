from odoo.tests import tagged

from . import card_common


@tagged("post_install", "-at_install")
class TestCards(card_common.CardChecks):
    """A phone shows cards instead of the lists of this addon."""

    addon = "jinyang_aftersales"
    # lists of the helpdesk for what is set up once, at a desk
    no_cards = frozenset(
        f"helpdesk.ticket.{name}" for name in ("category", "channel", "stage", "tag", "team")
    )

    def test_actions_open_as_cards(self):
        self.check_actions_open_as_cards()

    def test_cards_show_what_lists_show(self):
        checked = self.check_cards_show_what_lists_show()
        self.assertEqual(checked, {"number", "customer", "person", "day", "telephone"})

    def test_people_are_named(self):
        self.check_people_are_named()
