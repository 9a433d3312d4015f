from collections import Counter

from psycopg2.errors import UniqueViolation

from odoo import Command, api, models
from odoo.exceptions import ConcurrencyError
from odoo.fields import Domain
from odoo.tools import format_date, mute_logger

from .races import run_again_when_taken


class Base(models.AbstractModel):
    """Methods for models of every subject: days in texts, rows made once, numbers and lists of smart buttons.

    A field of users or employees on a model of the product carries ``person``, which says why it names somebody:

    - ``role``: the person is responsible now; somebody else takes over when the person leaves;
    - ``fact``: the person did something, or was concerned by it; the field never changes afterwards.
    """

    _inherit = "base"

    def _valid_field_parameter(self, field, name):
        return name == "person" or super()._valid_field_parameter(field, name)

    # === Texts === #

    @api.model
    def _say_day(self, day):
        """A day inside a text, in the style of the language of the environment.

        :param day: date or datetime, a false value for none
        :rtype: str
        """
        return format_date(self.env, day)

    @api.model
    def _say_amount(self, amount, currency):
        """An amount inside a text, in the style of the language of the environment.

        :param float amount: the amount
        :param currency: res.currency
        :rtype: str
        """
        return currency.with_env(self.env).format(amount)

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
        """Find the record with a unique key, or create it; a unique index of the database has to enforce the key.

        :param dict key: the fields of the unique index and their values
        :param dict vals: other values of a new record
        :return: the new record, or the existing one, archived or not
        :raises ConcurrencyError: when another transaction creates the record at this instant; Odoo then runs the
            request again, the job its step, and the record is found
        """
        domain = Domain.TRUE
        for name, value in key.items():
            domain &= Domain(name, "=", value)
        found = self.with_context(active_test=False).search(domain)
        if found:
            return found.with_env(self.env)
        with run_again_when_taken():
            return self._create_unlocked({**key, **vals})

    @api.model
    def _create_unless_taken(self, vals):
        """Create a record unless its unique key is taken, also by a transaction that cannot be read yet.

        :param dict vals: values of the record
        :return: the new record, an empty recordset where the key is taken
        :raises ConcurrencyError: when another transaction has taken a unique key of another table, which a row made
            along with the record needs; see :meth:`_create_once`
        """
        try:
            with mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                return self._create_unlocked(vals)
        except UniqueViolation as error:
            if error.diag.table_name != self._table:
                raise ConcurrencyError(str(error)) from error
            return self.browse()

    # === Roles === #

    @api.model
    def _get_open_work_domain(self, role):
        """Records whose work is still to be done by the person in a role; a model says when its work is over.

        :param str role: name of the field
        :rtype: Domain
        """
        return Domain.TRUE

    def _take_over_role(self, role, leaver, successor):
        """Put somebody else into a role of these records, because the person in it has left.

        :param str role: name of the field
        :param leaver: res.users in the role
        :param successor: res.users who takes over
        """
        if self._fields[role].type == "many2many":
            vals = {role: [Command.unlink(leaver.id), Command.link(successor.id)]}
        else:
            vals = {role: successor.id}
        guarded = hasattr(self, "_write_unlocked")
        (self._write_unlocked if guarded else self.write)(vals)

    # === Smart buttons === #

    @api.model
    def _count_by(self, name, ids, domain=()):
        """Count the records of this model that the user may read, by the record they link to.

        :param str name: the link: a many2one, or a field that holds an id
        :param ids: ids of the records that are linked to
        :param domain: which records of this model count
        :return: number by id; 0 for an id without records
        :rtype: collections.Counter
        """
        groups = self._read_group(Domain(name, "in", ids) & Domain(domain), [name], ["__count"])
        return Counter({getattr(link, "id", link): count for link, count in groups})

    @api.model
    def _get_list_action(self, xmlid, domain, context=None):
        """One of the actions of the menus, for some of its records; a single one is opened at once.

        :param str xmlid: external id of the action
        :param domain: which records
        :param dict context: in place of the action's own context, e.g. defaults of a new record
        :return: the action
        :rtype: dict
        """
        action = self.env["ir.actions.act_window"]._for_xml_id(xmlid)
        action["domain"] = list(domain)
        if context is not None:
            action["context"] = context
        return self._open_only(action)

    def _open_only(self, action):
        """Let an action that lists records open the record at once where there is a single one.

        :param dict action: the action, changed in place
        :return: the action
        :rtype: dict
        """
        found = self.env[action["res_model"]].search(action["domain"], limit=2)
        if len(found) == 1:
            views = action.get("views", ())
            form = next((row for row in views if row[1] == "form"), (False, "form"))
            action.update(views=[form], view_mode="form", res_id=found.id)
        return action
