import ast
import re
from collections import Counter

from odoo.tests import BaseCase, tagged

from .layout import Addon

# models that many subjects extend: they may be in twelve files
WIDE_MODELS = {"res.partner", "res.company", "helpdesk.ticket", "aftersales.settings.mixin"}
MAX_FILES = 6
MAX_WIDE_FILES = 12
MAX_OWN_FILES = 5
MIN_LINES = 15


class LayoutChecks:
    """Checks of the layout of each addon; a test class names the addon."""

    addon_name = None

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.addon = Addon(cls.addon_name)

    def test_subject_uses_only_those_below_it(self):
        self.assertEqual(self.addon.imports_upwards(), [])

    def test_model_has_few_files(self):
        for model, files in self.addon.model_files.items():
            subjects = Counter(path.parent.name for path in files)
            own, count = subjects.most_common(1)[0]
            with self.subTest(model=model):
                self.assertLessEqual(count, MAX_OWN_FILES)
                self.assertLessEqual(
                    len(files), MAX_WIDE_FILES if model in WIDE_MODELS else MAX_FILES
                )
                several = {name for name, number in subjects.items() if number > 1} - {own}
                self.assertFalse(several, "more than one file in a subject that adds to the model")

    def test_short_file_is_named_after_the_model_it_extends(self):
        for path in self.addon.files("models"):
            lines = path.read_text().count("\n")
            if path.name == "__init__.py" or lines >= MIN_LINES:
                continue
            with self.subTest(file=path.name, lines=lines):
                names = {model.replace(".", "_") for model, _node in self.addon.classes(path)}
                self.assertEqual(names, {path.stem})

    def test_inherit_is_a_list_only_where_it_lists_several(self):
        for path in self.addon.files("models") + self.addon.files("wizards"):
            for model, node in self.addon.classes(path):
                values = {
                    statement.targets[0].id: statement.value
                    for statement in node.body
                    if isinstance(statement, ast.Assign)
                    and isinstance(statement.targets[0], ast.Name)
                }
                name, inherit = values.get("_name"), values.get("_inherit")
                with self.subTest(file=path.name, model=model):
                    if isinstance(inherit, ast.List):
                        self.assertGreater(len(inherit.elts), 1)
                    elif inherit is not None and name is not None:
                        self.assertNotEqual(ast.unparse(name), ast.unparse(inherit))

    def test_every_test_on_disk_is_loaded(self):
        self.assertEqual(self.addon.tests_not_loaded(), set())

    def test_manifest_lists_every_file_by_subject(self):
        listed = self.addon.data_files()
        folders = ("security", "data", "reports", "wizards", "views")
        on_disk = {
            str(path.relative_to(self.addon.root))
            for folder in folders
            for path in self.addon.files(folder, "*.xml")
        }
        self.assertEqual({name for name in listed if name.endswith(".xml")}, on_disk)
        subjects = [*self.addon.subjects, "mypage"]
        placed = [
            subjects.index(found.group(1))
            for name in listed
            if (found := re.match(r"(?:views|security|data)/(\w+)[./]", name))
            and found.group(1) in subjects
        ]
        self.assertEqual(placed, sorted(placed))


@tagged("post_install", "-at_install")
class TestLayout(LayoutChecks, BaseCase):
    """The layout of the code described by the ``__init__.py`` of the subjects."""

    addon_name = "jinyang_aftersales"
