from odoo.tests import tagged

from odoo.addons.jinyang_aftersales.tests.house import windows_common

PENALTY = "jinyang_aftersales_penalty"


@tagged("post_install", "-at_install")
class TestPenaltyWindows(windows_common.WindowChecks):
    """Section 5: lists of cases begin with what is to do, and each filter can be taken away."""

    addon = PENALTY
    unordered = {"aftersales_penalty_rule_action": "in the order of the regulation"}
    confined = {"aftersales_penalty_action_objections": "the others are in the menu beside it"}

    def test_every_list_of_documents_begins_with_what_is_to_do(self):
        self.check_something_comes_first()

    def test_default_filters_can_be_taken_away(self):
        self.check_filters_can_be_taken_away()

    def test_filters_exist_and_can_be_searched(self):
        self.check_filters_work()
