from odoo.models import MAGIC_COLUMNS
from odoo.tests import TransactionCase, tagged

KINDS = ("role", "fact")
PEOPLE = ("res.users", "hr.employee")


class PersonChecks:
    """Every field of a user or employee declares ``person``; a test class names the addon."""

    addon_name = None

    def person_fields(self):
        """Fields of users and employees that the addon defines, without those of dialogues, which are not kept."""
        return [
            field
            for model in self.env.registry.values()
            if not model._transient
            for name, field in model._fields.items()
            if field.type in ("many2one", "many2many")
            and field.comodel_name in PEOPLE
            and name not in MAGIC_COLUMNS
            and self.addon_name in field._modules
        ]

    def test_every_person_is_named_for_a_role_or_as_a_fact(self):
        fields = self.person_fields()
        self.assertTrue(fields)
        wrong = [str(field) for field in fields if getattr(field, "person", None) not in KINDS]
        self.assertEqual(
            wrong, [], "say person='role' or person='fact', see models/company/base.py"
        )


@tagged("post_install", "-at_install")
class TestPersonFields(PersonChecks, TransactionCase):
    """Fields of persons are roles, which can be taken over, or facts."""

    addon_name = "jinyang_aftersales"

    def test_declaration_comes_along_with_inheritance_and_related_fields(self):
        for model, name, kind in (
            ("aftersales.visit", "user_id", "role"),
            ("aftersales.visit", "decided_by_id", "fact"),
            ("mail.activity", "approval_requested_by_id", "fact"),
            ("res.company", "aftersales_callback_user_id", "role"),
            ("res.users", "service_user_id", "role"),
        ):
            with self.subTest(model=model, name=name):
                self.assertEqual(self.env[model]._fields[name].person, kind)
