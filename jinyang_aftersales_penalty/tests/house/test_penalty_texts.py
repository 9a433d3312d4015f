from odoo.tests import tagged

from odoo.addons.jinyang_aftersales.tests.house import guard_common, text_common

from .. import penalty_common


@tagged("post_install", "-at_install")
class TestPenaltyTexts(
    text_common.TextChecks, guard_common.GuardWalk, penalty_common.PenaltyCommon
):
    addon = "jinyang_aftersales_penalty"
    alone = {}

    @classmethod
    def setUpExamples(cls):
        cls.examples["hr.employee"] = cls.worker

    @classmethod
    def make_aftersales_penalty(cls):
        return cls.make_penalty(30)
