"""How the code of an addon is laid out, read from its files: subjects, imports, files of each model."""

import ast
from collections import defaultdict
from functools import cached_property
from pathlib import Path

from odoo.tests.loader import get_test_modules


class Addon:
    """One addon on disk.

    :param str name: technical name of the addon
    :param list subjects_below: subjects of the addons it depends on
    """

    def __init__(self, name):
        module = __import__(f"odoo.addons.{name}", fromlist=["__file__"])
        self.name = name
        self.root = Path(module.__file__).parent

    @cached_property
    def subjects(self):
        """Subjects from the ground up, in the order in which ``models/__init__.py`` reads them.

        :rtype: list[str]
        """
        tree = ast.parse((self.root / "models" / "__init__.py").read_text())
        return [alias.name for node in tree.body for alias in node.names]

    def files(self, folder, pattern="*.py"):
        """Files below a folder of the addon, by their path in it.

        :param str folder: for example ``models``
        :param str pattern: of the names
        :rtype: list[Path]
        """
        found = (self.root / folder).rglob(pattern)
        return sorted(path for path in found if "__pycache__" not in path.parts)

    def imports_upwards(self):
        """Imports from a subject above the importing one.

        :return: ``file: subject`` for each
        :rtype: list[str]
        """
        rank = {subject: number for number, subject in enumerate(self.subjects)}
        found = []
        for path in self.files("models") + self.files("wizards"):
            subject = path.parent.name
            if subject not in rank:
                continue
            for imported in self._imported(path):
                if rank.get(imported, -1) > rank[subject]:
                    found.append(f"{path.relative_to(self.root)}: {imported}")
        return found

    def _imported(self, path):
        """Subjects a file imports from.

        :rtype: set[str]
        """
        package = path.relative_to(self.root).parent.parts
        found = set()
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and node.level:
                base = package[: len(package) - node.level + 1]
                whole = (*base, *(node.module or "").split("."))
                if whole[0] == "models" and len(whole) > 1:
                    found.add(whole[1])
        return found

    @cached_property
    def model_files(self):
        """Files in which each model is defined or extended.

        :rtype: dict[str, list[Path]]
        """
        found = defaultdict(list)
        for path in self.files("models"):
            names = {name for name, _node in self.classes(path) if name}
            for name in names:
                found[name].append(path)
        return found

    def classes(self, path):
        """Classes of models in a file.

        :return: pairs of the model's name, and the class as a syntax tree
        :rtype: list[tuple]
        """
        tree = ast.parse(path.read_text())
        constants = _assigned(tree.body)
        found = []
        for node in tree.body:
            if isinstance(node, ast.ClassDef):
                values = _assigned(node.body)
                name = values.get("_name", values.get("_inherit"))
                if isinstance(name, ast.Name):
                    name = constants.get(name.id)
                if isinstance(name, ast.Constant):
                    found.append((name.value, node))
        return found

    def data_files(self):
        """Files of data as the manifest lists them.

        :rtype: list[str]
        """
        manifest = ast.literal_eval((self.root / "__manifest__.py").read_text())
        return manifest["data"]

    def tests_not_loaded(self):
        """Modules of tests on disk that Odoo's loader does not find.

        :rtype: set[str]
        """
        on_disk = {path.stem for path in self.files("tests", "test_*.py")}
        loaded = {module.__name__.rpartition(".")[2] for module in get_test_modules(self.name)}
        return on_disk ^ loaded


def _assigned(body):
    """Single names assigned in a body of statements.

    :rtype: dict[str, ast.expr]
    """
    return {
        node.targets[0].id: node.value
        for node in body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }
