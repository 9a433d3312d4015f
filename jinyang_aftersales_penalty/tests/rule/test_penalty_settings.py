from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.jinyang_aftersales.tests.company.settings_common import SettingsChecks

from ..penalty_common import PenaltyCommon


@tagged("post_install", "-at_install")
class TestPenaltySettings(SettingsChecks, PenaltyCommon):
    """Settings of penalties are on both screens, on the managers' for administrators only."""

    def test_settings_of_penalties_are_for_administrators(self):
        shown = self.shown("aftersales.service.settings", self.manager)
        hidden = {
            "aftersales_objection_days",
            "aftersales_ceiling",
            "aftersales_ceiling_percent",
            "aftersales_minimum_wage",
        }
        self.assertEqual(set(self.settings) - set(shown), hidden)
        screen = self.env["aftersales.service.settings"].with_user(self.manager).create({})
        with self.assertRaises(AccessError):
            screen.read(["aftersales_minimum_wage"])
