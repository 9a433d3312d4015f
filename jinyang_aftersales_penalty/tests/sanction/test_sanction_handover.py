from odoo.tests import tagged

from odoo.addons.jinyang_aftersales.tests.handover import handover_common

from .. import penalty_common


@tagged("post_install", "-at_install")
class TestSanctionHandover(handover_common.HandoverWalk, penalty_common.PenaltyCommon):
    """M44: a sanction at HR is handed over, too; who proposed and decided it stays."""

    addon = "jinyang_aftersales_penalty"

    @classmethod
    def setUpExamples(cls):
        cls.examples["hr.employee"] = cls.worker

    @classmethod
    def make_aftersales_penalty_rule(cls):
        return cls.env.ref("jinyang_aftersales_penalty.penalty_rule_misconduct")
