from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools.misc import clean_context

# An object of this process in the context, which no caller from outside can send, opens what only methods write
OPEN_KEY = "aftersales_open"
OPEN = object()


class AftersalesGuardMixin(models.AbstractModel):
    """Fields that only the methods of a document write, by whatever way a user comes: form, import or RPC."""

    _name = "aftersales.guard.mixin"
    _description = "Guarded Fields"

    # a model whose methods must not open other documents on their way names a key of its own
    _open_key = OPEN_KEY

    def _is_open(self):
        """:return: whether one of the product's own methods is writing"""
        return self.env.context.get(self._open_key) is OPEN

    def _opened(self):
        """The same records, for a method that writes what users may not; defaults of the caller do not count there."""
        return self.with_context(clean_context(self.env.context), **{self._open_key: OPEN})

    @api.model
    def _get_start_values(self):
        """With what only methods write a new record begins.

        :return: values by name of the field, None for no default at all
        :rtype: dict
        """
        return {}

    @api.model
    def default_get(self, fields):
        """Guarded fields begin as the model says, whatever defaults a caller sends along or somebody saved."""
        values = super().default_get(fields)
        for name, value in self._get_start_values().items():
            if name in values and value is None:
                del values[name]
            elif name in values:
                values[name] = value
        return values

    @api.model
    def _get_computed_fields(self):
        """Stored fields that follow from others: what a user writes into them would stand until they change.

        :rtype: set[str]
        """
        return {
            field.name
            for field in self._fields.values()
            if field.store and field.compute and field.readonly
        }

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
