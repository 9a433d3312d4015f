from odoo.tests import tagged

from odoo.addons.jinyang_aftersales.tests.house import guard_common, text_common

from . import penalty_examples


@tagged("post_install", "-at_install")
class TestPenaltyTexts(
    text_common.TextChecks, guard_common.GuardWalk, penalty_examples.PenaltyExamples
):
    addon = "jinyang_aftersales_penalty"
    # what is copied from the evidence, and a row without a history
    alone = {
        "aftersales.penalty": {"evidence_copy"},
        "aftersales.sanction": {"evidence_copy"},
        "aftersales.penalty.exception": {"reason"},
    }
