"""Walks over the models whose texts several people write."""

import json

from odoo.exceptions import UserError
from odoo.tools import SQL

# texts whose model has no history, and those that are written once
ALONE = {"aftersales.regulation.clause": {"text"}, "aftersales.delay": {"reason"}}


class TextChecks:
    """Checks of each addon, for classes of GuardWalk."""

    alone = ALONE

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.setUpExamples()

    def find_shared(self):
        """:return: names of the shared fields by model, of models that this addon defines or extends first"""
        found = {}
        for name, model in self.env.registry.items():
            shared = getattr(self.env[name], "_get_shared_fields", None)
            if shared and shared() and not model._abstract:
                own = model._original_module.startswith("jinyang_aftersales")
                if self.addon == (model._original_module if own else "jinyang_aftersales"):
                    found[name] = set(shared())
        self.assertTrue(found)
        return found

    def test_texts_of_several_people_are_not_overwritten_unseen(self):
        """M47: in all documents: the form knows its version, changes are tracked, the second one is told."""
        for model, names in self.find_shared().items():
            record = self.get_example(model)
            form = record.get_view(view_type="form")["arch"]
            self.assertEqual(form.count('name="texts_version"'), 1, model)
            self.assertFalse(names - record._track_get_fields(), model)
            for name in sorted(names):
                if record._fields[name].type not in ("char", "text"):
                    continue
                with self.subTest(model=model, field=name):
                    version = record.texts_version
                    self.assertIn(name, json.loads(version))
                    record._check_overwriting({name: "mine"}, version)
                    self.env.flush_all()
                    self.env.cr.execute(
                        SQL(
                            "UPDATE %s SET %s = 'theirs' WHERE id = %s",
                            SQL.identifier(record._table),
                            SQL.identifier(name),
                            record.id,
                        )
                    )
                    record.invalidate_recordset()
                    with self.assertRaisesRegex(UserError, "(?s)theirs.*mine"):
                        record.web_save({name: "mine", "texts_version": version}, {})
                    record._check_overwriting({name: "theirs"}, version)

    def test_each_text_that_is_typed_into_a_document_is_shared(self):
        """M47: nobody forgets a new text; the list names those that cannot be."""
        shared = self.find_shared()
        ledger = self.env.registry["aftersales.ledger.mixin"]

        def typed(model, field):
            return (
                field.type == "text"
                and not isinstance(model, ledger)
                and not field.readonly
                and not field.compute
                and field.name not in shared.get(model._name, ())
            )

        found = self.fields_by_model(typed)
        self.assertEqual(found, self.alone)
