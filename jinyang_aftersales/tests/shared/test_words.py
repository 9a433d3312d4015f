"""Words in a row are separated as the language of the reader separates them."""

from odoo.tests import TransactionCase, tagged

from odoo.addons.jinyang_aftersales.tools.text import list_words


@tagged("post_install", "-at_install")
class TestWords(TransactionCase):
    def test_words_are_separated_as_in_the_language_of_the_reader(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        for lang, text in (("zh_CN", "甲、乙、丙"), ("en_US", "甲, 乙, 丙"), (False, "甲, 乙, 丙")):
            env = self.env(context={"lang": lang})
            self.assertEqual(list_words(env, iter("甲乙丙")), text, lang)
        self.assertEqual(list_words(self.env, []), "")
