from odoo import api, models
from odoo.fields import Domain

# by which the pages of the helpdesk and of contracts search what customers follow
SEARCHED_BY_PAGES = frozenset({"message_partner_ids"})


class Base(models.AbstractModel):
    """Searches of customers ask only for fields that customers may read."""

    _inherit = "base"

    @api.model
    def _search(self, domain, *args, **kwargs):
        """Refuse a search by a field that the customer may not read; arguments as in Odoo.

        Odoo checks stored fields when it writes the query. For others it calls the field's own search, whose answer
        tells their value.

        :raises AccessError: for customers who search by a field of our own people
        """
        # the superuser first: the user's own fields are read as superuser
        if not self.env.su and not kwargs.get("bypass_access") and self.env.user.share:
            self._check_searched(domain)
        return super()._search(domain, *args, **kwargs)

    @api.model
    def _check_searched(self, domain):
        """Check the fields of a domain that have no column, also at the end of a path.

        :param domain: what is searched for
        :raises AccessError: when the user may not read one of them
        """
        for condition in Domain(domain).iter_conditions():
            model = self
            for name in condition.field_expr.split("."):
                field = model._fields.get(name)
                if not field:
                    break
                if not field.store and name not in SEARCHED_BY_PAGES:
                    model._check_field_access(field, "read")
                if not field.relational:
                    break
                model = model.env[field.comodel_name]
            else:
                if (
                    isinstance(condition.value, Domain | list | tuple)
                    and "any" in condition.operator
                ):
                    model._check_searched(condition.value)
