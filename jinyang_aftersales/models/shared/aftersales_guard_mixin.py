from contextlib import contextmanager

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import ormcache
from odoo.tools.misc import clean_context

from odoo.addons.base.models.ir_model import MODULE_UNINSTALL_FLAG

# Where the keys are in the context. What a caller from outside sends under this name is no object of this process.
KEY = "aftersales_unlocked"
# Fields of other addons are their own affair, also on models of ours
OWN_MODULES = "jinyang_aftersales"
# stands among the fields of a key that opens a deletion
DELETION = "unlink()"


class UnlockedWrite:
    """A key: one write, creation or deletion of one model, and the fields that it may set.

    :ivar str model: name of the model
    :ivar set fields: names of its fields, or ``DELETION``
    :ivar ids: records that are still to be written with it, a set; None while it is lent to methods of Odoo
    :ivar int rows: records that are still to be created with it
    """

    __slots__ = ("model", "fields", "ids", "rows")

    def __init__(self, model, names, ids=(), rows=0):
        self.model = model
        self.fields = set(names)
        self.ids = ids if ids is None else set(ids)
        self.rows = rows

    def opens(self, records, rows=0):
        """:return: whether it opens a write of these records, or the creation of as many rows"""
        if self.model != records._name:
            return False
        if self.ids is None:
            return True
        return self.rows >= rows if rows else bool(records) and self.ids.issuperset(records._ids)

    def use(self, records, rows=0):
        """What has been written once is not written with the same key again."""
        if self.ids is not None:
            self.ids.difference_update(records._ids)
            self.rows -= rows

    def end(self):
        """It opens nothing any more, whoever still holds it."""
        self.ids, self.rows = set(), 0


class AftersalesGuardMixin(models.AbstractModel):
    """Fields that only the methods of a document write: by form, import, RPC and ``sudo()`` alike.

    Guarded are the stored fields of our addons that are read-only in Python, whether they are computed or written by
    methods, and those that a model names in :meth:`_get_protected_fields`. Values for them are refused, not ignored.

    A method of the product writes them with :meth:`_write_unlocked`, :meth:`_create_unlocked` and
    :meth:`_unlink_unlocked`. Each makes a key for that one write; a ``write`` or ``create`` that adds a guarded value
    on its way calls ``super()`` on :meth:`_unlocked`. The key is taken out of the context before Odoo's own ``write``
    runs, so that neither a method of another model nor a second write of the same record is opened by it.

    What Odoo recomputes is stored without ``write`` and passes.
    """

    _name = "aftersales.guard.mixin"
    _description = "Guarded Fields"

    # === Which fields === #

    @api.model
    def _get_protected_fields(self):
        """Guarded fields beyond those that are read-only in Python: a board drags cards along them, for example.

        The answer is kept for the registry: it may depend on the model only.

        :rtype: set[str]
        """
        return set()

    @api.model
    @ormcache()
    def _get_guarded_fields(self):
        """Stored fields of our addons that only methods write.

        :rtype: frozenset[str]
        """
        named = self._get_protected_fields()
        return frozenset(
            name
            for name, field in self._fields.items()
            if name not in models.MAGIC_COLUMNS
            and field.store
            and (name in named or field.readonly and self._is_own_field(field))
        )

    @api.model
    def _is_own_field(self, field):
        """:return: whether one of our addons defines or changes the field"""
        return any(module.startswith(OWN_MODULES) for module in field._modules)

    @api.model
    def _get_start_values(self):
        """With what a new record begins, whatever defaults a caller sends along or somebody saved.

        :return: values by name of the field, None for no default at all
        :rtype: dict
        """
        return {}

    # === Unlocking === #

    def _write_unlocked(self, vals):
        """Write what only methods write; defaults of the caller do not count there.

        :param dict vals: values, guarded fields among them
        """
        key = UnlockedWrite(self._name, vals, self._ids)
        return self._with_key(key, cleaned=True).write(vals)

    @api.model
    def _create_unlocked(self, vals_list):
        """Create records with values that only methods give; defaults of the caller do not count there.

        :param vals_list: values of one record, or a list of them
        :return: the records, in the environment of the caller
        """
        rows = [vals_list] if isinstance(vals_list, dict) else vals_list
        key = UnlockedWrite(self._name, set().union(*rows), rows=len(rows))
        return self._with_key(key, cleaned=True).create(rows).with_env(self.env)

    def _unlink_unlocked(self):
        """Delete what only methods delete."""
        return self._with_key(UnlockedWrite(self._name, [DELETION], self._ids)).unlink()

    def _unlocked(self, names, rows=0):
        """The same records, whose next write may also set these fields.

        In an override of ``write`` or ``create`` that adds a guarded value before it calls ``super()``.

        :param names: names of fields
        :param int rows: how many records are created; 0 when these records are written
        """
        key = self._find_key(rows)
        if key:
            key.fields.update(names)
            return self
        return self._with_key(UnlockedWrite(self._name, names, self._ids, rows))

    @contextmanager
    def _lend_key(self, model, names):
        """For methods of Odoo that create, write or delete rows of another model on their way.

        :param str model: name of that model
        :param names: names of its fields, ``DELETION`` among them where rows are deleted
        :return: a context manager: the same records; what they write of the other model is open until it ends
        """
        key = UnlockedWrite(model, names, ids=None)
        try:
            yield self._with_key(key)
        finally:
            key.end()

    def _with_key(self, key, cleaned=False):
        context = self.env.context
        keys = context.get(KEY)
        # a caller from outside sends no tuple
        kept = keys if type(keys) is tuple else ()
        if cleaned:
            context = clean_context(context)
        return self.with_env(self.env(context={**context, KEY: (*kept, key)}))

    def _find_key(self, rows=0):
        keys = self.env.context.get(KEY)
        if type(keys) is tuple:
            for key in reversed(keys):
                if isinstance(key, UnlockedWrite) and key.opens(self, rows):
                    return key
        return None

    def _get_unlocked_fields(self, rows=0):
        """Fields that the present write, creation or deletion of these records may set.

        :param int rows: how many records are created; 0 when these records are written or deleted
        :rtype: set[str]
        """
        context = self.env.context
        key = KEY in context and self._find_key(rows)
        if key:
            return key.fields
        if context.get(MODULE_UNINSTALL_FLAG) and self._is_uninstalling():
            return {*self._fields, DELETION}
        return set()

    def _is_uninstalling(self):
        """:return: whether one of our addons is being uninstalled: its rows go, whatever their state"""
        # sudo: callers send this context, too; what counts is whether an addon is on its way out
        modules = self.env["ir.module.module"].sudo()
        return bool(
            modules.search_count(
                [("name", "=like", f"{OWN_MODULES}%"), ("state", "=", "to remove")], limit=1
            )
        )

    def _take_key(self, rows=0):
        """Use the key of this write, and go on without it; keys lent to methods of Odoo go on.

        :return: the same records, and the fields the key opens
        """
        if KEY not in self.env.context:
            return self, frozenset()
        used = self._find_key(rows)
        if used:
            used.use(self, rows)
        context = dict(self.env.context)
        keys = context.pop(KEY)
        # most often the key is the only one, and is used up
        if type(keys) is tuple and (keys != (used,) or used.ids is None):
            left = [key for key in keys if isinstance(key, UnlockedWrite) and key.ids is None]
            if left:
                context[KEY] = tuple(left)
        records = self.with_env(self.env(context=context))
        return records, used.fields if used else frozenset()

    # === CRUD === #

    @api.model
    def default_get(self, fields):
        """Guarded fields begin as the model says, whatever defaults a caller sends along or somebody saved."""
        values = super().default_get(fields)
        starts = self._get_start_values()
        saved = self.env["ir.default"]._get_model_defaults(self._name)
        for name in self._get_guarded_fields() & values.keys() - starts.keys():
            if f"default_{name}" in self.env.context or name in saved:
                default = self._fields[name].default
                starts = {**starts, name: default(self) if default else None}
        for name in starts.keys() & values.keys():
            if starts[name] is None:
                del values[name]
            else:
                values[name] = starts[name]
        return values

    @api.model_create_multi
    def create(self, vals_list):
        self._check_guarded_vals(vals_list)
        model, _fields = self._take_key(rows=len(vals_list))
        return super(AftersalesGuardMixin, model).create(vals_list)

    def write(self, vals):
        records, unlocked = self._take_key()
        if self._get_guarded_fields() & vals.keys() - unlocked:
            wrong = records._find_refused({name: vals[name] for name in vals.keys() - unlocked})
            if wrong:
                self._refuse_fields(wrong)
        return super(AftersalesGuardMixin, records).write(vals)

    def unlink(self):
        records, _fields = self._take_key()
        return super(AftersalesGuardMixin, records).unlink()

    def copy_data(self, default=None):
        """A copy does not take along what methods wrote; values that a caller gives for it are refused."""
        vals_list = super().copy_data(default)
        left = self._get_guarded_fields() - (default or {}).keys()
        # no values for a record that is copied already, further up in the same copy
        return [
            vals and {name: value for name, value in vals.items() if name not in left}
            for vals in vals_list
        ]

    def _find_refused(self, vals):
        """Guarded fields that these values may not set.

        Where a field is guarded by name only, forms and imports may send along what is there already.

        :param dict vals: values about to be written
        :rtype: set[str]
        """
        wrong = self._get_guarded_fields() & vals.keys()
        if wrong:
            wrong -= self._get_unlocked_fields()
        if not wrong:
            return set()
        named = {name for name in wrong if not self._fields[name].readonly}
        named -= {name for name in named if self._fields[name].type in ("one2many", "many2many")}
        changed = (record._changed_fields(vals, named) for record in self if named)
        return (wrong - named).union(*changed) if self else set()

    @api.model
    def _check_guarded_vals(self, vals_list):
        """Refuse values for guarded fields of new records; called by a ``create`` that fills some of them in.

        :param list vals_list: values as the caller gave them
        :raises UserError: naming the fields
        """
        guarded = self._get_guarded_fields()
        if guarded.isdisjoint(set().union(*vals_list)):
            return
        guarded -= self._get_unlocked_fields(rows=len(vals_list))
        for vals in vals_list:
            wrong = {name for name in guarded & vals.keys() if not self._starts_so(name, vals)}
            if wrong:
                # who may create nothing at all is told that
                self.check_access("create")
                self._refuse_fields(wrong)

    @api.model
    def _starts_so(self, name, vals):
        """:return: whether a new record begins with this value anyway: forms send it along"""
        value, start = vals[name], self._get_start_values().get(name)
        if start is None:
            return False
        if self._fields[name].type in ("one2many", "many2many"):
            return not value
        return (value or False) == (start or False)

    # === Messages === #

    def _changed_fields(self, vals, names):
        """Those of the fields to which the values give another content.

        :param dict vals: values about to be written
        :param names: the fields in question, a set
        :rtype: set[str]
        """
        self.ensure_one()
        changed = set()
        for name in set(names) & set(vals):
            field = self._fields[name]
            if field.type in ("one2many", "many2many"):
                if vals[name]:
                    changed.add(name)
            elif field.convert_to_cache(vals[name], self) != field.convert_to_cache(
                self[name], self
            ):
                changed.add(name)
        return changed

    def _labels(self, names):
        """Names of fields as the user knows them, for messages.

        :param names: names of fields
        :rtype: str
        """
        described = self.fields_get(list(names), ["string"])
        return ", ".join(sorted(described[name]["string"] for name in names if name in described))

    def _refuse_fields(self, names):
        """Tell who tried that these fields are written by the buttons only.

        :param names: names of fields
        :raises UserError: always
        """
        raise UserError(self.env._("Use the buttons instead of entering: %s", self._labels(names)))
