from odoo.tests import tagged

from odoo.addons.jinyang_aftersales.tests.house import guard_common

from .. import penalty_common
from .guarded_fields import EDITABLE, GUARDED


@tagged("post_install", "-at_install")
class TestPenaltyGuard(
    guard_common.GuardChecks, guard_common.GuardWalk, penalty_common.PenaltyCommon
):
    addon = "jinyang_aftersales_penalty"
    guarded = GUARDED
    editable = EDITABLE
    given = {
        "aftersales.penalty.exception": {"family": "misconduct"},
    }

    @classmethod
    def setUpExamples(cls):
        cls.examples["hr.employee"] = cls.worker

    @classmethod
    def make_aftersales_penalty(cls):
        return cls.make_penalty(30)

    @classmethod
    def make_hr_payslip(cls):
        cls.get_example("aftersales.penalty")
        slip = cls.make_slip()
        slip.action_payslip_done()
        return slip

    @classmethod
    def make_aftersales_penalty_deduction(cls):
        return cls.get_example("hr.payslip").deduction_ids

    @classmethod
    def make_aftersales_fund_move(cls):
        return cls.env["aftersales.fund.move"].search(
            [("penalty_id", "=", cls.get_example("aftersales.penalty").id)]
        )

    @classmethod
    def make_aftersales_penalty_rule(cls):
        return cls.env.ref("jinyang_aftersales_penalty.penalty_rule_misconduct")
