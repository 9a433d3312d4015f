from odoo import api, models
from odoo.fields import Command
from odoo.tools import ormcache

# what the thread of a document holds: written by posting, following and planning
THREAD_MODELS = frozenset(
    {
        "calendar.event",
        "discuss.channel",
        "mail.activity",
        "mail.followers",
        "mail.message",
        "rating.rating",
    }
)
THREAD_FIELDS = frozenset({"message_partner_ids"})
OWN_MODULES = "jinyang_aftersales"


def _as_bytes(value):
    """:return: content of a binary field in one form, empty when there is none"""
    return value.encode() if isinstance(value, str) else value or b""


class Base(models.AbstractModel):
    """Which values of a write are changes; files of exports that can be imported again."""

    _inherit = "base"

    # === Changes === #

    def _changed_fields(self, vals, names):
        """Names of the fields to which the values give another content.

        :param dict vals: values about to be written
        :param names: the fields in question, a set
        :rtype: set[str]
        """
        self.ensure_one()
        changed = set()
        for name in set(names) & set(vals):
            field = self._fields[name]
            if field.type in ("one2many", "many2many"):
                if vals[name] and not self._keeps_rows(name, vals[name]):
                    changed.add(name)
            elif field.type == "binary":
                # files of imports are text, those of records bytes
                if _as_bytes(vals[name]) != _as_bytes(self[name]):
                    changed.add(name)
            elif field.convert_to_cache(vals[name], self) != field.convert_to_cache(
                self[name], self
            ):
                changed.add(name)
        return changed

    def _keeps_rows(self, name, commands):
        """Whether commands leave a list as it is, as those of an imported file that was exported before.

        :param str name: name of a one2many or many2many field
        :param commands: what is written to it
        :rtype: bool
        """
        rows = set(self[name].ids)
        for command in commands:
            if not isinstance(command, list | tuple) or len(command) < 2:
                return False
            code, row, *rest = command
            same = (
                (code == Command.LINK and row in rows)
                or (code == Command.UPDATE and row in rows and not any(rest))
                or (code == Command.SET and rows and rest and set(rest[0]) == rows)
            )
            if not same:
                return False
        return True

    # === Imports === #

    def _load_records_write(self, values):
        """Write what an imported row changes, and nothing where it changes nothing.

        A file that was exported before names every value, changed or not. Writing them all would move the time of
        the last stage, tell people of work they have already, and be refused for documents that are signed.

        :param dict values: values of the row
        """
        if self._is_ours():
            values = {name: values[name] for name in self._changed_fields(values, set(values))}
            if not values:
                return
        super()._load_records_write(values)

    @api.model
    @ormcache()
    def _is_ours(self):
        """:return: whether one of our addons defines the model, or adds fields to it"""
        return any(
            module.startswith(OWN_MODULES)
            for module in (
                self._original_module or "",
                *(module for field in self._fields.values() for module in field._modules),
            )
        )

    @api.model
    def _comes_back(self, name):
        """Whether a file can bring a field of ours back: values, links and own lines, but no other documents.

        Odoo offers every list of a form for an import-compatible export. Calls, approvals, letters, messages and
        followers of a document are rows of other models: importing the file again would write them, which nobody
        may do, and refuse the document with them.

        :param str name: name of a field
        :rtype: bool
        """
        field = self._fields.get(name)
        if field is None or not field.relational:
            # the path of parents is made of ids
            return name != "parent_path"
        if field.comodel_name in THREAD_MODELS or name in THREAD_FIELDS:
            return False
        lines = self.env[field.comodel_name]
        if not lines.has_access("read"):
            return False
        if field.type != "one2many":
            return True
        # of two lists of the same rows one is offered: a file with both would make every row twice
        twins = [
            other.name
            for other in self._fields.values()
            if other.type == "one2many"
            and (other.comodel_name, other.inverse_name) == (field.comodel_name, field.inverse_name)
        ]
        inverse = lines._fields.get(field.inverse_name)
        return bool(
            name == min(twins, key=len)
            and inverse
            and inverse.type == "many2one"
            and inverse.required
            and inverse.ondelete == "cascade"
            and lines.has_access("write")
            and lines.has_access("create")
        )
