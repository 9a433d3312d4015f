"""Whether each record is found by what it shows as its name."""

from odoo.tools.misc import mute_logger

from . import guard_common

# models of others that have the search by anything
SEARCHED = {"res.partner", "helpdesk.ticket", "contract.contract"}
# nobody looks for these by a name: they are read with what they belong to
UNNAMED = {"aftersales.partner.key", "aftersales.partner.double"}


def widen(text):
    """:return: the text in full width, as some input methods write it"""
    return "".join(
        chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else "\u3000" if char == " " else char
        for char in text
    )


class FoundChecks(guard_common.GuardWalk):
    """Checks of the models of each addon; a test class names the addon."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        prepare = getattr(cls, "setUpExamples", None)
        if prepare:
            prepare()
        for name in cls.searched_models():
            if cls.env[name]._auto:
                cls.get_example(name)
        cls.env.flush_all()

    @classmethod
    def searched_models(cls):
        """Models of the addon with records of their own.

        :rtype: list[str]
        """
        found = []
        for name, model in sorted(cls.env.registry.items()):
            own = name.startswith("aftersales.") and model._original_module == cls.addon
            others = name in SEARCHED and cls.addon == guard_common.CORE
            if (own or others) and not (model._abstract or model._transient):
                found.append(name)
        return found

    def get_named_records(self):
        """Examples of the models, each with a name.

        :rtype: list[odoo.models.BaseModel]
        """
        found = []
        for name in sorted(set(self.searched_models()) - UNNAMED):
            model = self.env[name]
            record = self.get_example(name) if model._auto else model.search([], limit=1)
            if record and record.display_name:
                found.append(record)
        return found

    def test_every_model_is_searched_by_anything(self):
        mixin = self.env.registry["aftersales.search.mixin"]
        for name in sorted(set(self.searched_models()) - UNNAMED):
            with self.subTest(model=name):
                self.assertTrue(issubclass(self.env.registry[name], mixin))
                self.assertEqual(self.env[name]._fields["aftersales_any"].store, False)

    def test_what_a_record_shows_as_its_name_finds_it(self):
        wrong = []
        for record in self.get_named_records():
            shown = record.display_name
            for text in (shown, f"  {shown}\n", f"【{shown}】", f"“{shown}”，", widen(shown)):
                found = record.browse().name_search(text, limit=8)
                first = found and found[0][1]
                if first != shown or record.id not in [row[0] for row in found]:
                    wrong.append(f"{record} {text!r}: {found}")
                if record not in record.browse()._find_any(text.strip()):
                    wrong.append(f"{record} {text!r} is not found by anything")
        self.assertFalse(wrong, "\n".join(wrong))

    def test_an_import_finds_a_record_by_what_it_shows_as_its_name(self):
        wrong = []
        for record in self.get_named_records():
            shown = record.display_name
            for text in (shown, widen(shown)):
                found = record.browse().name_search(text, operator="=")
                names = {row[1] for row in found}
                if record.id not in [row[0] for row in found] or names != {shown}:
                    wrong.append(f"{record} {text!r}: {found}")
        self.assertFalse(wrong, "\n".join(wrong))

    def test_nothing_that_is_typed_breaks_a_search(self):
        odd = (
            "%",
            "_",
            "\\",
            "'",
            '"',
            "a",
            " ",
            "😀",
            "——！！",
            "%' OR 1=1 --",
            "\\%_",
            "\x00\x01\x1f",
            "(((",
            "x" * 10000,
            "金" * 10000,
            "13800001111 " * 50,
            "\ud800",
            "１２３４５６７８",
            "028-",
            "+86",
        )
        for name in sorted(set(self.searched_models()) - UNNAMED):
            model = self.env[name]
            with self.subTest(model=name):
                for text in odd:
                    model.search([("aftersales_any", "ilike", text)], limit=1)
                    model._find_any(text, limit=1)
                    model.search([("aftersales_any", "not ilike", text)], limit=1)
                    if "\ud800" not in text and "\x00" not in text:
                        with mute_logger("odoo.sql_db"):
                            model.name_search(text, limit=1)
                            model.name_search(text, operator="=", limit=1)
