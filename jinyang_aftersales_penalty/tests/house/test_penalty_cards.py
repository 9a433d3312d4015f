from odoo.tests import tagged

from odoo.addons.jinyang_aftersales.tests.house import card_common


@tagged("post_install", "-at_install")
class TestPenaltyCards(card_common.CardChecks):
    """A phone shows cards instead of the lists of this addon."""

    addon = "jinyang_aftersales_penalty"

    def test_actions_open_as_cards(self):
        self.check_actions_open_as_cards()

    def test_cards_show_what_lists_show(self):
        self.check_cards_show_what_lists_show()

    def test_people_are_named(self):
        self.check_people_are_named()
