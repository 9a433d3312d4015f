"""Tries to write the guarded fields of all models in every way.

The fields are derived from the definitions of the fields and not from the guard, so that a field fails the test if the
guard misses it. A test class names the addon and its list of fields, see ``guarded_fields.py``.
"""

from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.service.model import call_kw

from ..common import AftersalesCommon

CORE = "jinyang_aftersales"
ROLES = (
    "director",
    "manager",
    "specialist",
    "callback",
    "archivist",
    "developer",
    "employee",
    "accountant",
)
# an id without a record
NOBODY = 999999
# values to try for a field, of which one differs from the present value
FORGED = {
    "boolean": (True, False),
    "integer": (77, 78),
    "many2one_reference": (77, 78),
    "float": (77.0, 78.0),
    "monetary": (77.0, 78.0),
    "date": ("2001-01-01", "2001-01-02"),
    "datetime": ("2001-01-01 00:00:00", "2001-01-02 00:00:00"),
    "json": ('"forged"', '"forger"'),
    "binary": (b"Zm9yZ2Vk", b"Zm9yZ2Vy"),
}


class GuardWalk(AftersalesCommon):
    addon = CORE
    guarded = {}
    editable = {}
    # beginnings of refusals of models with their own message for a field
    also_told = (
        "An agreement begins as a draft.",
        "Choose the software an agreement covers on the agreement itself.",
        "Duplicating a company is not allowed.",
    )
    # values a new record needs in addition to its required fields, by model
    given = {}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.admin = cls.make_user("admin", "base.group_system,jinyang_aftersales.group_director")
        cls.customer = cls.make_customer()
        cls.examples = {
            "res.company": cls.company,
            "res.partner": cls.customer,
            "res.users": cls.specialist,
            "res.currency": cls.company.currency_id,
        }

    # === Which fields === #

    @classmethod
    def fields_by_model(cls, wanted):
        """Names of the addon's stored fields that a function selects, by model with a table of its own."""
        found = {}
        for name in cls.env.registry:
            model = cls.env[name]
            if model._abstract or model._transient or not model._auto:
                continue
            names = {
                field.name
                for field in model._fields.values()
                if field.store
                and field.name not in models.MAGIC_COLUMNS
                and cls.is_of_addon(model, field)
                and wanted(model, field)
            }
            if names:
                found[name] = names
        return found

    @classmethod
    def is_of_addon(cls, model, field):
        """:return: whether the addon defines the field; core unless the model or the field is another addon's"""
        own = {name for name in field._modules if name.startswith(CORE)}
        if not own and field.name not in cls.get_protected(model):
            return False
        if model._original_module.startswith(f"{CORE}_"):
            return cls.addon == model._original_module
        return cls.addon == (CORE if CORE in own or not own else max(own))

    @staticmethod
    def get_protected(model):
        protected = getattr(model, "_get_protected_fields", None)
        return protected() if protected else set()

    @classmethod
    def find_guarded(cls):
        """Guarded fields: read-only in Python, computed without an inverse method, or named by the model."""
        return cls.fields_by_model(
            lambda model, field: (
                field.readonly
                or (field.compute and not field.inverse and field.readonly)
                or field.name in cls.get_protected(model)
            )
        )

    @classmethod
    def find_editable(cls):
        return cls.fields_by_model(
            lambda model, field: (
                field.compute
                and not field.related
                and not field.readonly
                and field.name not in cls.get_protected(model)
            )
        )

    # === Examples === #

    @classmethod
    def get_example(cls, name):
        """A record of a model: made by the product's method, or with generated values for its required fields."""
        if name not in cls.examples:
            maker = getattr(cls, f"make_{name.replace('.', '_')}", None)
            cls.examples[name] = maker() if maker else cls.make_example(name)
        return cls.examples[name].with_env(cls.env)

    @classmethod
    def make_helpdesk_ticket(cls):
        return cls.env["helpdesk.ticket"].create(
            {
                "name": "Question",
                "description": "How?",
                "partner_id": cls.customer.software_contact_id.id,
                "company_id": cls.company.id,
            }
        )

    @classmethod
    def make_mail_activity(cls):
        ticket = cls.get_example("helpdesk.ticket")
        return ticket.activity_schedule("mail.mail_activity_data_todo", user_id=cls.specialist.id)

    @classmethod
    def make_product_product(cls):
        return cls.make_software()

    @classmethod
    def make_example(cls, name):
        model = cls.env[name]
        values = dict(cls.given.get(name, {}))
        defaults = model.default_get(list(model._fields))
        for field in model._fields.values():
            if (
                field.required
                and field.store
                and field.name not in values
                and not (field.compute or field.related or defaults.get(field.name))
                and field.type not in ("one2many", "many2many")
            ):
                values[field.name] = cls.get_value(field)
        create = getattr(model, "_create_unlocked", model.create)
        return create(values)

    @classmethod
    def get_value(cls, field):
        """A value for a required field."""
        if field.type == "many2one":
            return cls.get_example(field.comodel_name).id
        if field.type == "selection":
            return field.get_values(cls.env)[0]
        if field.name.endswith("_model"):
            return "helpdesk.ticket"
        if field.type == "many2one_reference":
            return cls.get_example("helpdesk.ticket").id
        return FORGED.get(field.type, ("Example",))[0]

    def forge(self, record, name):
        """A value that differs from the present and the initial one, as a caller sends it."""
        field, value = record._fields[name], record[name]
        start = record._get_start_values().get(name)
        if field.type in ("one2many", "many2many"):
            return [Command.create({})] if field.type == "one2many" else [Command.clear()]
        if field.type == "many2one":
            other = self.env[field.comodel_name].sudo().search([("id", "!=", value.id)], limit=1)
            return other.id or NOBODY
        if field.type == "selection":
            return next(key for key in field.get_values(self.env) if key not in (value, start))
        if field.type in FORGED:
            first, second = FORGED[field.type]
            taken = field.convert_to_cache(first, record) == field.convert_to_cache(value, record)
            return second if taken else first
        return "forged"

    @staticmethod
    def give(record, name, value):
        """Values of a new record, without those it begins with anyway."""
        return {name: value if value or name not in record._get_start_values() else True}

    # === Attempts === #

    def get_refusal(self, record, name):
        """Error message of the guard for a field of a record."""
        try:
            record._refuse_fields([name])
        except UserError as error:
            return str(error)
        raise AssertionError("the guard refuses nothing")

    def attempt(self, record, name, how, function, *args, rights=False):
        """Call a function that the guard has to refuse, or missing rights if ``rights`` is set.

        :return: list of errors, empty if it was refused as expected
        """
        what = f"{how} {record._name}.{name}"
        try:
            result = function(*args)
        except UserError as error:
            told = {self.get_refusal(record, name), self.get_refusal(record.browse(), name)}
            told = rights or str(error) in told or str(error).startswith(self.also_told)
            return [] if told else [f"{what}: {error}"]
        except Exception as error:
            return [f"{what}: {type(error).__name__} {error}"]
        return [f"{what}: {result}"]

    def attempt_load(self, record, name, columns, row):
        """Import a row, which has to fail with the guard's message and change nothing."""
        result = record.browse().load(columns, [row])
        messages = [message["message"] for message in result["messages"]]
        told = {self.get_refusal(record, name), self.get_refusal(record.browse(), name)}
        refused = [text for text in messages if text in told or text.startswith(self.also_told)]
        if result["ids"] or not refused:
            return [f"load {record._name}.{name}: {result}"]
        return []

    def find_owner(self, record):
        """:return: a record of another model with this one among its lines, and the one2many field"""
        for field in record._fields.values():
            if field.type != "many2one" or not field.store or not record[field.name]:
                continue
            owner = record[field.name]
            for inverse in self.env.registry.field_inverses[field]:
                if inverse.type == "one2many" and inverse.name not in self.find_guarded().get(
                    owner._name, ()
                ):
                    return owner, inverse.name
        return None, None

    def walk(self, walk, record, names):
        """:return: errors of one of the methods below, or that the model has no guard"""
        guarded = isinstance(record, self.env.registry["aftersales.guard.mixin"])
        return walk(record, names) if guarded else [f"{record._name} has no guard"]

    def walk_record(self, record, names):
        """Try all fields of one record as superuser, in every way.

        :return: attempts that were not refused, or for another reason
        """
        wrong = []
        record = record.sudo()
        owner, lines = self.find_owner(record)
        for name in sorted(names):
            value = self.forge(record, name)
            wrong += self.attempt(record, name, "write", record.write, {name: value})
            if record._fields[name].readonly or record[name]:
                wrong += self.attempt(record, name, "write nothing", record.write, {name: False})
            given = self.give(record, name, value)
            wrong += self.attempt(record, name, "create", record.browse().create, given)
            wrong += self.attempt(record, name, "copy", record.copy, given)
            if owner:
                for command in (Command.update(record.id, given), Command.create(given)):
                    wrong += self.attempt(record, name, "line", owner.write, {lines: [command]})
        return wrong

    def walk_imports(self, record, names):
        """Import the simple fields of one record, one at a time."""
        wrong = []
        record = record.sudo()
        for name in sorted(names):
            field = record._fields[name]
            if field.type in ("one2many", "many2many", "binary", "many2one_reference"):
                continue
            value, column = self.forge(record, name), name
            if value == NOBODY:
                continue
            if field.type == "many2one":
                column = f"{name}/.id"
            text = str(int(value) if field.type == "boolean" else value)
            wrong += self.attempt_load(record, name, [".id", column], [str(record.id), text])
        return wrong

    def walk_roles(self, record, names):
        """Write, create and load by each role and the administrator, which has to be refused."""
        wrong = []
        for role in (*ROLES, "admin"):
            user = getattr(self, role)
            own = record.with_user(user)
            for name in sorted(names):
                value = self.forge(record.sudo(), name)
                given = self.give(record, name, value)
                for how, function, args in (
                    (f"{role}: write", own.write, [{name: value}]),
                    (f"{role}: create", own.browse().create, [given]),
                    (
                        f"{role}: call",
                        call_kw,
                        [own.browse(), "write", [own.ids, {name: value}], {}],
                    ),
                ):
                    wrong += self.attempt(record, name, how, function, *args, rights=True)
            wrong += self.attempt(record, name, f"{role}: copy", own.copy, given, rights=True)
        return wrong


class CoreExamples:
    """Makers of examples of the core addon's models."""

    given = {
        "aftersales.visit": {"address": "Nanjing"},
        "aftersales.callback": {"kind": "renewal"},
    }

    @classmethod
    def make_aftersales_installation(cls):
        return cls.make_installation(cls.customer)

    @classmethod
    def make_contract_contract(cls):
        return cls.make_agreement(cls.get_example("aftersales.installation"), signed=True)

    @classmethod
    def make_hr_employee(cls):
        return cls.env["hr.employee"].create({"name": "Worker", "company_id": cls.company.id})

    @classmethod
    def make_aftersales_archive_entry(cls):
        return cls.get_example("contract.contract").archive_entry_ids

    @classmethod
    def make_aftersales_archive_register(cls):
        return cls.env["aftersales.archive.register"]._get(cls.company, "countersigned_contract")


class GuardChecks:
    """Checks of the guarded fields of each addon; a test class names the addon and its lists."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.setUpExamples()
        for model in cls.find_guarded():
            cls.get_example(model)
        cls.env.flush_all()

    @classmethod
    def setUpExamples(cls):
        """Prepare records that the examples of an addon need."""

    def test_guarded_fields_are_those_of_the_list(self):
        found = {model: " ".join(sorted(names)) for model, names in self.find_guarded().items()}
        self.maxDiff = None
        self.assertEqual(
            found, {model: " ".join(names.split()) for model, names in self.guarded.items()}
        )

    def test_editable_computed_fields_are_those_of_the_list(self):
        found = {model: sorted(names) for model, names in self.find_editable().items()}
        self.maxDiff = None
        self.assertEqual(found, {model: sorted(names) for model, names in self.editable.items()})
        for model, reasons in self.editable.items():
            for name, reason in reasons.items():
                self.assertTrue(reason, f"{model}.{name}")

    def test_guard_knows_them(self):
        for model, names in self.find_guarded().items():
            with self.subTest(model=model):
                guarded = getattr(self.env[model], "_get_guarded_fields", set)()
                self.assertLessEqual(names, guarded)

    def test_no_other_way_into_them(self):
        """Translations and inverse sides of relations cannot be written by another way than ``write``."""
        for model, names in self.find_guarded().items():
            for name in names:
                field = self.env[model]._fields[name]
                with self.subTest(field=field):
                    self.assertFalse(getattr(field, "translate", False))

    def test_superuser_writes_none(self):
        wrong = []
        for model, names in self.find_guarded().items():
            wrong += self.walk(self.walk_record, self.get_example(model), names)
        self.assertFalse(wrong, "\n".join(wrong))

    def test_import_brings_none(self):
        wrong = []
        for model, names in self.find_guarded().items():
            wrong += self.walk(self.walk_imports, self.get_example(model), names)
        self.assertFalse(wrong, "\n".join(wrong))

    def test_no_role_writes_any(self):
        wrong = []
        for model, names in self.find_guarded().items():
            wrong += self.walk(self.walk_roles, self.get_example(model), names)
        self.assertFalse(wrong, "\n".join(wrong))
