from odoo.tests import TransactionCase, tagged

from odoo.addons.jinyang_aftersales.tests.house import test_texts


@tagged("post_install", "-at_install")
class TestPenaltyTexts(test_texts.TextChecks, TransactionCase):
    """Days and amounts in the penalties' texts, by the core's rules."""

    addon_name = "jinyang_aftersales_penalty"
