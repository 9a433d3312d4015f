from odoo.tests import TransactionCase, tagged

from odoo.addons.jinyang_aftersales.tests.house import test_said_days


@tagged("post_install", "-at_install")
class TestPenaltySaidDays(test_said_days.SaidDaysChecks, TransactionCase):
    """Days and amounts in the penalties' texts, by the core's rules."""

    addon_name = "jinyang_aftersales_penalty"
