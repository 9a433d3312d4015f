from odoo.tests import tagged

from odoo.addons.jinyang_aftersales.tests.house import found_common

from . import penalty_examples


@tagged("post_install", "-at_install")
class TestPenaltyFound(found_common.FoundChecks, penalty_examples.PenaltyExamples):
    """Cases, funds and rules are found by what they show as their names."""

    addon = "jinyang_aftersales_penalty"
