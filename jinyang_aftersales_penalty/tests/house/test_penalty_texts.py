from odoo.tests import tagged

from odoo.addons.jinyang_aftersales.tests.house import guard_common, text_common

from .. import penalty_common


@tagged("post_install", "-at_install")
class TestPenaltyTexts(
    text_common.TextChecks, guard_common.GuardWalk, penalty_common.PenaltyCommon
):
    addon = "jinyang_aftersales_penalty"
    # what is copied from the evidence, and a row without a history
    alone = {
        "aftersales.penalty": {"evidence_copy"},
        "aftersales.sanction": {"evidence_copy"},
        "aftersales.penalty.exception": {"reason"},
    }

    @classmethod
    def setUpExamples(cls):
        cls.examples["hr.employee"] = cls.worker

    @classmethod
    def make_aftersales_penalty(cls):
        return cls.make_penalty(30)

    @classmethod
    def make_aftersales_penalty_rule(cls):
        return cls.env.ref("jinyang_aftersales_penalty.penalty_rule_misconduct")
