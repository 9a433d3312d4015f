"""Days and amounts stand in texts in the style of the reader's language, not as Python writes them."""

import ast
import re
from datetime import date

from odoo.tests import TransactionCase, tagged

from .layout import Addon

# variables that hold a day; the last day of a Deadline's note is text already
DAYS = re.compile(
    r"(day|today|due|last|first|until|since|start|end|begin|old|new|moment|usual|LAST_DAY)"
    r"|.*_(day|on|date|due)|date_.*"
)
RAW_CALLS = {
    "isoformat",
    "strftime",
    "to_string",
    "_aftersales_today",
    "_aftersales_day",
    "_get_today",
}
OTHERS = ("account.move", "contract.contract", "helpdesk.ticket", "hr.payslip")
RAW_TYPES = ("date", "datetime", "float", "monetary")


class SaidDaysChecks:
    """Checks of the texts in the code of each addon; a test class names the addon."""

    addon_name = None

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.addon = Addon(cls.addon_name)
        cls.raw = {
            name
            for model in cls.env.registry.models.values()
            if model._name.startswith("aftersales.") or model._name in OTHERS
            for name, field in model._fields.items()
            if field.type in RAW_TYPES
        }

    def find_raw(self, path):
        """Arguments of translated texts that are days or amounts nobody has put into words.

        :param Path path: a file of the addon
        :return: ``file:line expression`` for each
        :rtype: list[str]
        """
        tree, found = ast.parse(path.read_text()), []
        said = {
            id(node)
            for function in ast.walk(tree)
            if isinstance(function, (ast.Lambda, ast.FunctionDef))
            and len(function.args.args) == 2
            and function.args.args[0].arg != "self"
            for node in ast.walk(function)
            if isinstance(node, ast.Name) and node.id == "due"
        }
        for call in ast.walk(tree):
            if not (
                isinstance(call, ast.Call)
                and isinstance(call.func, ast.Attribute)
                and call.func.attr == "_"
            ):
                continue
            for argument in [*call.args[1:], *(keyword.value for keyword in call.keywords)]:
                parts = argument.values if isinstance(argument, ast.BoolOp) else [argument]
                found += [
                    f"{path.name}:{part.lineno} {ast.unparse(part)}"
                    for part in parts
                    if id(part) not in said and self.is_raw(part)
                ]
        return found

    def is_raw(self, node):
        """:return: whether an expression is a day or an amount by its name"""
        if isinstance(node, ast.Call):
            return isinstance(node.func, ast.Attribute) and node.func.attr in RAW_CALLS
        if isinstance(node, ast.Attribute):
            return node.attr in self.raw
        return isinstance(node, ast.Name) and bool(node.id in self.raw or DAYS.fullmatch(node.id))

    def test_days_and_amounts_are_put_into_words(self):
        found = []
        for folder in ("models", "wizards", "controllers"):
            for path in self.addon.files(folder):
                found += self.find_raw(path)
        self.assertEqual(found, [], "say them with _say_day() and _say_amount()")


@tagged("post_install", "-at_install")
class TestSaidDays(SaidDaysChecks, TransactionCase):
    addon_name = "jinyang_aftersales"

    def test_they_are_in_the_style_of_the_language(self):
        languages = self.env["res.lang"].with_context(active_test=False)
        languages.search([("code", "in", ("zh_CN", "en_US"))]).action_unarchive()
        currency = self.env.ref("base.CNY")
        base, day = self.env["res.partner"], date(2026, 3, 13)
        for lang in ("zh_CN", "en_US"):
            reader = base.with_context(lang=lang)
            style = self.env["res.lang"]._get_data(code=lang).date_format
            self.assertEqual(reader._say_day(day), day.strftime(style))
            self.assertIn("1,500.00", reader._say_amount(1500.0, currency))
            self.assertIn(currency.symbol, reader._say_amount(1500.0, currency))
        self.assertEqual(base._say_day(False), "")
