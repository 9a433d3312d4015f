"""All terms have a Chinese translation: those of our addons and of the OCA addons below them."""

import re
from collections import Counter

from odoo.tests import TransactionCase, tagged
from odoo.tools.misc import file_path
from odoo.tools.translate import PoFileReader, TranslationModuleReader

LANG = "zh_CN"
PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[.\d]*[sdf]|\{\{.*?\}\}|#[A-Z]+#")
TAG = re.compile(r"<[^>]+>")
READ_ALOUD = re.compile(r'\b(alt|aria-label|label|placeholder|string|title)="[^"]*"')


def fixed_parts(text):
    """Parts a translation may not change: placeholders, and tags without their readable attributes.

    :param str text: a term or its translation
    :rtype: collections.Counter
    """
    tags = [READ_ALOUD.sub(r"\1", tag) for tag in TAG.findall(text)]
    return Counter(PLACEHOLDER.findall(text) + tags)


HAN = "\u4e00-\u9fff"
HALF_WIDTH = re.compile(rf"[{HAN}§][,:;?!]|[{HAN}]\.(?:\s|$)|\([{HAN}]|[{HAN}]\)|[,:;?!]§")


def has_half_width(chinese):
    """Whether a translation has the punctuation of Latin script among Chinese.

    :param str chinese: the translation
    :rtype: bool
    """
    # addresses and clock times keep theirs; a placeholder may stand for Chinese
    text = re.sub(r"https?://\S+|\d[:,.]\d", "", TAG.sub("", chinese))
    return bool(HALF_WIDTH.search(re.sub(r"%\(\w+\)[sd]", "§", text)))


def is_missing(source, chinese):
    """Whether a term lacks its Chinese; abbreviations (ID, QQ) and plain expressions need none.

    :param str source: the English term
    :param chinese: its translation or a false value
    :rtype: bool
    """
    # {{ object.name }}, object.name, contract_id
    words = re.sub(r"\{\{.*?\}\}|^[a-z]+(?:[._][a-z]+)+$", "", source)
    return chinese in (None, "", source) and bool(re.search("[a-z]", words))


class TranslationCase(TransactionCase):
    """Compares the terms that Odoo exports of an installed addon with those of a translation file.

    A term is known by (type, "model,field", external id, source); for a string in code the two in
    the middle are empty.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        languages = cls.env["res.lang"].with_context(active_test=False)
        # this loads the translation files of all addons if Chinese was not active
        languages.search([("code", "=", LANG)]).action_unarchive()

    def exported(self, addon):
        """The terms of an installed addon, with the Chinese they have in the database.

        :param str addon: technical name
        :rtype: dict
        """
        terms = {}
        reader = TranslationModuleReader(self.cr, modules=[addon], lang=LANG)
        for _addon, kind, name, xmlid, source, value, _comments in reader:
            if kind == "code":
                name = xmlid = ""
            terms[kind, name, xmlid, source] = value
        return terms

    def translations_in(self, path):
        """The terms of a translation file as Odoo loads them, without terms that its .pot file lacks.

        :param str path: path in the addons path
        :rtype: tuple(polib.POFile, dict)
        """
        reader = PoFileReader(file_path(path))
        terms = {}
        for row in reader:
            name = xmlid = ""
            if row["type"] != "code":
                name, xmlid = row["name"], f"{row['module']}.{row['imd_name']}"
            terms[row["type"], name, xmlid, row["src"]] = row["value"]
        return reader.pofile, terms

    def assert_no_term(self, terms, problem):
        """Fails with the list of the terms, if there are any.

        :param terms: term keys as described in the class
        :param str problem: what is wrong with them
        """
        lines = [f"{source!r}: {kind} {name} {xmlid}" for kind, name, xmlid, source in terms]
        if lines:
            self.fail(problem + ":\n" + "\n".join(sorted(lines)))

    def assert_fixed_parts_kept(self, terms):
        """Fails with the terms whose translation has other placeholders or tags.

        :param dict terms: translation by term key
        """
        self.assert_no_term(
            [key for key, zh in terms.items() if zh and fixed_parts(zh) != fixed_parts(key[-1])],
            "placeholders or tags differ from the source",
        )

    def assert_translated(self, addon):
        """Fails unless i18n/zh_CN.po of the addon covers every term the addon has now.

        :param str addon: technical name
        """
        exported = self.exported(addon)
        if not exported:
            return
        file, chinese = self.translations_in(f"{addon}/i18n/{LANG}.po")
        fuzzy = [entry.msgid for entry in file if entry.fuzzy]
        self.assertFalse(fuzzy, "unsure translations (fuzzy)")
        empty = [e.msgid for e in file if not e.obsolete and is_missing(e.msgid, e.msgstr)]
        self.assertFalse(empty, "entries without Chinese")
        self.assert_no_term(
            [key for key in exported if is_missing(key[-1], chinese.get(key))],
            f"terms of {addon} without Chinese; run setup/i18n and translate",
        )
        self.assert_fixed_parts_kept(chinese)
        self.assert_no_term(
            [key for key, zh in chinese.items() if zh and has_half_width(zh)],
            "punctuation of Latin script among Chinese",
        )


@tagged("post_install", "-at_install")
class TestTranslations(TranslationCase):
    below = ("helpdesk_mgmt", "contract")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ours = cls.env["ir.module.module"].search(
            [("name", "=like", "jinyang\\_aftersales%"), ("state", "=", "installed")]
        )

    def read_extra(self):
        return self.translations_in(f"jinyang_aftersales/i18n_extra/{LANG}.po")

    def exported_below(self):
        """Terms of records of the addons below, without labels that our addons replace."""
        ours = {}
        for addon in self.ours.mapped("name"):
            ours.update(self.exported(addon))
        terms = {}
        for addon in self.below:
            for (kind, name, xmlid, source), value in self.exported(addon).items():
                own = [xmlid.replace(addon, our.name, 1) for our in self.ours]
                if kind != "code" and not any((kind, name, o, source) in ours for o in own):
                    terms[kind, name, xmlid, source] = value
        return terms

    def test_every_term_of_our_addons_is_in_chinese(self):
        self.assertIn("jinyang_aftersales", self.ours.mapped("name"))
        for addon in self.ours.mapped("name"):
            with self.subTest(addon=addon):
                self.assert_translated(addon)

    def test_every_term_of_helpdesk_and_contract_is_in_chinese(self):
        _file, chinese = self.translations_in(f"contract/i18n/{LANG}.po")
        chinese = {key: value for key, value in chinese.items() if value}
        chinese.update(self.read_extra()[1])
        self.assert_no_term(
            [key for key in self.exported_below() if is_missing(key[-1], chinese.get(key))],
            "terms without Chinese; add them to i18n_extra/zh_CN.po",
        )

    def test_extra_file_keeps_placeholders_and_tags(self):
        file, chinese = self.read_extra()
        self.assertFalse([entry.msgid for entry in file if entry.fuzzy or not entry.msgstr])
        self.assert_fixed_parts_kept(chinese)

    def test_extra_file_translates_no_wording_of_the_past(self):
        """Odoo loads labels by external id only, so that a changed label would keep the Chinese of the old one."""
        now = {key[:3]: key[3] for addon in self.below for key in self.exported(addon)}
        self.assert_no_term(
            [
                key
                for key in self.read_extra()[1]
                if key[0] == "model" and now.get(key[:3], key[3]) != key[3]
            ],
            "the source has changed since",
        )

    def test_extra_file_is_loaded_with_our_addon(self):
        extra = self.read_extra()[1]
        self.assert_no_term(
            [
                key
                for key, value in self.exported_below().items()
                if is_missing(key[-1], value) and not is_missing(key[-1], extra.get(key))
            ],
            "terms still English in the database",
        )

    def test_helpdesk_menu_and_stages_are_shown_in_chinese(self):
        def shown(name):
            return self.env.ref(f"helpdesk_mgmt.{name}").with_context(lang=LANG).name

        self.assertEqual(shown("helpdesk_ticket_main_menu"), "售后服务台")
        self.assertEqual(shown("helpdesk_ticket_menu"), "服务工单")
        self.assertEqual(shown("helpdesk_ticket_stage_in_progress"), "处理中")
        fields = self.env["helpdesk.ticket"].with_context(lang=LANG)
        label = fields.fields_get(["user_id", "qq_number"])
        self.assertEqual(label["user_id"]["string"], "负责人")
        # a channel is no number
        channel = self.env.ref("jinyang_aftersales.helpdesk_ticket_channel_qq")
        self.assertEqual(channel.with_context(lang=LANG).name, "QQ")
        self.assertEqual(label["qq_number"]["string"], "QQ号")

    def test_corrections_win_over_the_chinese_of_contract(self):
        def shown(name, field="name"):
            return self.env.ref(f"contract.{name}").with_context(lang=LANG)[field]

        self.assertEqual(shown("menu_config_contract"), "合同")
        self.assertEqual(shown("selection__contract_line__note_invoicing_mode__custom"), "自定义")
        self.assertIn("#END#", shown("contract_template_form_view", "arch_db"))
