from odoo.tests import tagged

from odoo.addons.jinyang_aftersales.tests.house import test_translations


@tagged("post_install", "-at_install")
class TestPenaltyTranslations(test_translations.TranslationCase):
    def test_every_term_is_in_chinese(self):
        self.assert_translated("jinyang_aftersales_penalty")
