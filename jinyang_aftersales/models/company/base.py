from collections import Counter

from psycopg2.errors import UniqueViolation

from odoo import api, models
from odoo.exceptions import ConcurrencyError
from odoo.fields import Domain
from odoo.tools import mute_logger

from .races import run_again_when_taken


class Base(models.AbstractModel):
    """What models of every subject do in the same way: rows made once, numbers and lists of smart buttons.

    A field of users or employees on a model of ours carries ``person``, which says what it names somebody for:

    - ``role``: who is responsible now; somebody else takes it over when the person leaves;
    - ``fact``: who did something, or whom it concerned; it stays as it was.
    """

    _inherit = "base"

    def _valid_field_parameter(self, field, name):
        return name == "person" or super()._valid_field_parameter(field, name)

    # === Made once === #

    @api.model
    def _create_unlocked(self, vals_list):
        """Create records as a method of the product; models with guarded fields give it a key for them.

        :param vals_list: values of one record, or a list of them
        :return: the records
        """
        return self.create(vals_list)

    @api.model
    def _create_once(self, key, vals):
        """Find the record with a key, or create it; a unique index of the database has to hold the key.

        :param dict key: the fields of the unique index and their values
        :param dict vals: other values of a new record
        :return: the record, the new one or the one there is, archived or not
        :raises ConcurrencyError: when another transaction creates it at this instant; requests and jobs are run
            again and find it then
        """
        found = self.with_context(active_test=False).search(
            [(name, "=", value) for name, value in key.items()]
        )
        if found:
            return found.with_env(self.env)
        with run_again_when_taken():
            return self._create_unlocked({**key, **vals})

    @api.model
    def _create_unless_taken(self, vals):
        """Create a record, or none where its unique key is taken, be it by a transaction that cannot be read yet.

        :param dict vals: values of the record
        :return: the record, none where there is one
        :raises ConcurrencyError: when another transaction took what the record needs besides; as above
        """
        try:
            with mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                return self._create_unlocked(vals)
        except UniqueViolation as error:
            if error.diag.table_name != self._table:
                raise ConcurrencyError(str(error)) from error
            return self.browse()

    # === Smart buttons === #

    @api.model
    def _count_by(self, name, ids, domain=()):
        """Count records of this model the user may read, by what they are linked to.

        :param str name: the link: a many2one, or a field that holds an id
        :param ids: ids of what is linked to
        :param domain: which records count
        :return: number by id; 0 for an id without records
        :rtype: collections.Counter
        """
        groups = self._read_group(Domain(name, "in", ids) & Domain(domain), [name], ["__count"])
        return Counter({getattr(link, "id", link): count for link, count in groups})

    @api.model
    def _get_list_action(self, xmlid, domain, context=None):
        """One of the actions of the menus, for some of its records.

        :param str xmlid: external id of the action
        :param domain: which records
        :param dict context: defaults of a new one; that of the action by default
        :return: the action
        :rtype: dict
        """
        action = self.env["ir.actions.act_window"]._for_xml_id(xmlid)
        action["domain"] = list(domain)
        if context is not None:
            action["context"] = context
        return action
