from odoo.tests import BaseCase, tagged

from odoo.addons.jinyang_aftersales.tests.house import test_layout


@tagged("post_install", "-at_install")
class TestPenaltyLayout(test_layout.LayoutChecks, BaseCase):
    """The layout of the penalties' code, by the core's rules."""

    addon_name = "jinyang_aftersales_penalty"
