from odoo.tests import tagged

from odoo.addons.jinyang_aftersales.tests.house import guard_common

from . import penalty_examples
from .guarded_fields import EDITABLE, GUARDED


@tagged("post_install", "-at_install")
class TestPenaltyGuard(
    guard_common.GuardChecks, guard_common.GuardWalk, penalty_examples.PenaltyExamples
):
    addon = "jinyang_aftersales_penalty"
    guarded = GUARDED
    editable = EDITABLE
