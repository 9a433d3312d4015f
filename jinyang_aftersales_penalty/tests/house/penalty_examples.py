"""Makers of examples of the models of this addon."""

from .. import penalty_common


class PenaltyExamples(penalty_common.PenaltyCommon):
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
