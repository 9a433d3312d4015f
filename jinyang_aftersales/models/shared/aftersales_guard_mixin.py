from contextlib import contextmanager

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import frozendict, ormcache
from odoo.tools.misc import clean_context

from odoo.addons.base.models.ir_model import MODULE_UNINSTALL_FLAG

from ...tools.text import list_words
from .keys import DELETION, KEY, UnlockedWrite

# Fields that other addons define stay with those addons, also on models of the product.
OWN_MODULES = "jinyang_aftersales"


class AftersalesGuardMixin(models.AbstractModel):
    """Fields that only methods of the product write: forms, imports, RPC and ``sudo()`` are refused alike.

    Guarded are the stored fields of our addons that are read-only in Python, whether they are computed or written by
    methods, and those that a model names in :meth:`_get_protected_fields`. Values for them are refused, not ignored.

    A method of the product writes them with :meth:`_write_unlocked`, :meth:`_create_unlocked` and
    :meth:`_unlink_unlocked`. Each makes a key for that one write; a ``write`` or ``create`` that adds a guarded value
    on its way calls ``super()`` on :meth:`_unlocked`. ``write``, ``create`` and ``unlink`` of this mixin look the key
    up once, take it out of the context before Odoo's own method runs, and refuse what it does not open. So a key
    opens neither a method of another model nor a second write of the same record. A model that refuses more says so
    in :meth:`_check_locked_vals`, :meth:`_check_new_vals` and :meth:`_check_locked_deletion`.

    Values that Odoo recomputes are stored without ``write`` and pass.
    """

    _name = "aftersales.guard.mixin"
    _description = "Guarded Fields"

    # === Guarded fields === #

    @api.model
    def _get_protected_fields(self):
        """Guarded fields beyond those that are read-only in Python, e.g. the state along which a board drags cards.

        The answer is cached with the registry: it may depend on the model only.

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
        """Values with which a new record begins, whatever defaults a caller sends along or a user has saved.

        The answer is cached with the registry: it may depend on the model only.

        :return: values by name of the field, None for no default at all
        :rtype: dict
        """
        return {}

    @api.model
    @ormcache()
    def _get_cached_start_values(self):
        """:return: the values of :meth:`_get_start_values`, cached with the registry"""
        return frozendict(self._get_start_values())

    @api.model
    def _comes_back(self, name):
        """Leave what only methods write out of files that can be imported, but for the beginning of a state."""
        starts = self._get_cached_start_values()
        if name in self._get_guarded_fields() and starts.get(name) is None:
            return False
        return super()._comes_back(name)

    # === Unlocking === #

    def _write_unlocked(self, vals):
        """Write fields that only methods write; default values in the caller's context have no effect.

        :param dict vals: values, guarded fields among them
        """
        key = UnlockedWrite(self._name, set(vals), set(self._ids))
        return self._with_key(key, cleaned=True).write(vals)

    @api.model
    def _create_unlocked(self, vals_list):
        """Create records with values that only methods give; default values in the caller's context have no effect.

        :param vals_list: values of one record, or a list of them
        :return: the records, in the environment of the caller
        """
        rows = [vals_list] if isinstance(vals_list, dict) else vals_list
        key = UnlockedWrite(self._name, set().union(*rows), set(), len(rows))
        return self._with_key(key, cleaned=True).create(rows).with_env(self.env)

    def _unlink_unlocked(self):
        """Delete records that only methods delete."""
        return self._with_key(UnlockedWrite(self._name, {DELETION}, set(self._ids))).unlink()

    def _unlocked(self, names, rows=0):
        """The same records, whose next write may also set these fields.

        For an override of ``write`` or ``create`` that adds a guarded value before it calls ``super()``.

        :param names: names of fields
        :param int rows: how many records are created; 0 when these records are written
        """
        _records, found = self._find_key(rows)
        if found and found.ids is not None:
            found.fields.update(names)
            return self
        # A lent key stays as it is: it opens writes of all records until it is given back.
        opened = {*names, *found.fields} if found else set(names)
        return self._with_key(UnlockedWrite(self._name, opened, set(self._ids), rows))

    @contextmanager
    def _lend_key(self, model, names):
        """For methods of Odoo that create, write or delete rows of another model on their way.

        :param str model: name of that model
        :param names: names of its fields, ``DELETION`` among them where rows are deleted
        :return: a context manager: the same records; until it ends, their environment opens writes of the other model
        """
        key = UnlockedWrite(model, set(names), None)
        try:
            yield self._with_key(key)
        finally:
            # environments that still hold the key open nothing with it
            key.ids = set()

    def _with_key(self, key, cleaned=False):
        context = clean_context(self.env.context) if cleaned else self.env.context
        keys = context.get(KEY)
        # callers from outside send no tuple
        keys = (*keys, key) if type(keys) is tuple else (key,)
        return self.with_env(self.env(context={**context, KEY: keys}))

    def _find_key(self, rows=0, use=False):
        """Look up the key that opens the present write, creation or deletion of these records.

        While one of our addons is uninstalled everything is open: its rows go, whatever their state.

        :param int rows: how many records are created; 0 when these records are written or deleted
        :param bool use: use up the key, and go on without it; keys lent to methods of Odoo stay in the context
        :return: the records, and the key; None when no key was found
        """
        context, used = self.env.context, None
        keys = context.get(KEY)
        # callers from outside send no tuple, and no keys in a tuple
        for key in reversed(keys) if type(keys) is tuple else ():
            if not isinstance(key, UnlockedWrite) or key.model != self._name:
                continue
            if key.ids is None or (
                key.rows >= rows if rows else self and key.ids.issuperset(self._ids)
            ):
                used = key
                break
        if not used and context.get(MODULE_UNINSTALL_FLAG) and self._is_uninstalling():
            used = UnlockedWrite(self._name, {*self._fields, DELETION}, None)
        if not use or KEY not in context:
            return self, used
        if used and used.ids is not None:
            # the same record is not written a second time with the key
            used.ids.difference_update(self._ids)
            used.rows -= rows
        context = dict(context)
        del context[KEY]
        # most often the key is the only one, and is used up
        if type(keys) is tuple and (keys != (used,) or used.ids is None):
            lent = [key for key in keys if isinstance(key, UnlockedWrite) and key.ids is None]
            if lent:
                context[KEY] = tuple(lent)
        return self.with_env(self.env(context=context)), used

    def _is_uninstalling(self):
        """:return: whether one of our addons is about to be uninstalled"""
        # sudo: callers from outside can send the flag, too; the state of the addons decides
        modules = self.env["ir.module.module"].sudo()
        return bool(
            modules.search_count(
                [("name", "=like", f"{OWN_MODULES}%"), ("state", "=", "to remove")], limit=1
            )
        )

    def _get_unlocked_fields(self, rows=0):
        """Fields that the present write, creation or deletion of these records may set.

        For overrides that have to know before they call ``super()``.

        :param int rows: how many records are created; 0 when these records are written or deleted
        :rtype: set[str]
        """
        _records, found = self._find_key(rows)
        return found.fields if found else set()

    # === CRUD === #

    @api.model
    def default_get(self, fields):
        """Begin guarded fields as the model says, whatever defaults a caller sends along or a user has saved."""
        values = super().default_get(fields)
        starts = self._get_cached_start_values()
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
        model, found = self._find_key(len(vals_list), use=True)
        if not found or not found.fields.issuperset(set().union(*vals_list)):
            model._check_new_vals(vals_list, found.fields if found else set())
        return super(AftersalesGuardMixin, model).create(vals_list)

    def write(self, vals):
        records, found = self._find_key(use=True)
        if not found:
            records._check_locked_vals(vals)
        elif not found.fields.issuperset(vals):
            records._check_locked_vals({name: vals[name] for name in vals.keys() - found.fields})
        return super(AftersalesGuardMixin, records).write(vals)

    def unlink(self):
        if not self:
            return super().unlink()
        records, found = self._find_key(use=True)
        if not found or DELETION not in found.fields:
            records._check_locked_deletion()
        return super(AftersalesGuardMixin, records).unlink()

    def copy_data(self, default=None):
        """Leave guarded fields out of a copy; values that a caller gives for them are refused by ``create``."""
        vals_list = super().copy_data(default)
        left = self._get_guarded_fields() - (default or {}).keys()
        # Odoo gives no values for a record that the same copy has reached before
        return [
            vals and {name: value for name, value in vals.items() if name not in left}
            for vals in vals_list
        ]

    # === Refusing === #

    @api.model
    def _check_new_vals(self, vals_list, unlocked):
        """Refuse values for guarded fields of new records; a model adds what else it refuses.

        A ``create`` that fills in guarded fields calls it on the values of its caller.

        :param list vals_list: values as the caller gave them
        :param unlocked: names of the fields that a method of the product has unlocked for these records, a set
        :raises UserError: naming the fields
        """
        guarded = self._get_guarded_fields() - unlocked
        if guarded.isdisjoint(set().union(*vals_list)):
            return
        for vals in vals_list:
            wrong = {name for name in guarded & vals.keys() if not self._starts_so(name, vals)}
            if wrong:
                # users who may create no record at all are told that
                self.check_access("create")
                self._refuse_fields(wrong)

    def _check_locked_vals(self, vals):
        """Refuse values for guarded fields of these records; a model adds what else it refuses.

        :param dict vals: values about to be written, without those that a method of the product has unlocked
        :raises UserError: naming the fields
        """
        if not self._get_guarded_fields().isdisjoint(vals):
            wrong = self._find_refused(vals)
            if wrong:
                self._refuse_fields(wrong)

    def _check_locked_deletion(self):
        """Refuse a deletion that no method of the product has unlocked; nothing here, for the models to fill.

        :raises UserError: with the reason why not
        """

    def _find_refused(self, vals):
        """Guarded fields that these values may not set.

        Where a field is guarded by name only, forms and imports may send along the value that is there already.

        :param dict vals: values about to be written, without those that a method of the product has unlocked
        :rtype: set[str]
        """
        wrong = self._get_guarded_fields() & vals.keys()
        if not wrong or not self:
            return set()
        named = {name for name in wrong if not self._fields[name].readonly}
        named -= {name for name in named if self._fields[name].type in ("one2many", "many2many")}
        changed = (record._changed_fields(vals, named) for record in self if named)
        return (wrong - named).union(*changed)

    @api.model
    def _starts_so(self, name, vals):
        """:return: whether the value is the one with which a new record begins anyway, as forms send it along"""
        value, start = vals[name], self._get_cached_start_values().get(name)
        if start is None:
            return False
        if self._fields[name].type in ("one2many", "many2many"):
            return not value
        return (value or False) == (start or False)

    # === Messages === #

    def _labels(self, names):
        """Labels of fields in the user's language, for messages.

        :param names: names of fields
        :rtype: str
        """
        described = self.fields_get(list(names), ["string"])
        return list_words(
            self.env, sorted(described[name]["string"] for name in names if name in described)
        )

    def _refuse_fields(self, names):
        """Tell the user that these fields are written by the buttons only; a model may say it in other words.

        :param names: names of fields, none where no single field is to blame
        :raises UserError: always
        """
        raise UserError(self.env._("Use the buttons instead of entering: %s", self._labels(names)))
