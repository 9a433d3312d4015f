from odoo import models


class AftersalesPortalFieldsMixin(models.AbstractModel):
    """A model customers read by pages, files or RPC, of which they get the fields that are named and no other.

    For models with documents of their own (``aftersales.portal.page.mixin``), their parts, and how the service is
    organised. What staff, the contract addon or the helpdesk keeps in further fields is ours, new fields included,
    until it is named here.
    """

    _name = "aftersales.portal.fields.mixin"
    _description = "Fields for Customers"

    _portal_fields = frozenset()

    def _get_portal_fields(self):
        """Names of the fields a customer may read.

        :rtype: set[str]
        """
        return {
            "id",
            "display_name",
            "company_id",
            "create_date",
            "write_date",
            *self._portal_fields,
        }

    def _has_field_access(self, field, operation):
        """Keep from customers what is not meant for them.

        :param field: the field
        :param str operation: ``read`` or ``write``
        :rtype: bool
        """
        if self.env.user.share and not self.env.su:
            return (
                operation == "read"
                and field.name in self._get_portal_fields()
                and super()._has_field_access(field, operation)
            )
        return super()._has_field_access(field, operation)

    # Odoo checks a field that stands for another one where it leads to, or not at all

    def _field_to_sql(self, alias, field_expr, query=None):
        if self.env.user.share:
            self._check_named_field(field_expr)
        return super()._field_to_sql(alias, field_expr, query)

    def _read_group_groupby(self, alias, groupby_spec, query):
        self._check_named_field(groupby_spec)
        return super()._read_group_groupby(alias, groupby_spec, query)

    def _check_named_field(self, expression):
        """Refuse a field that is not for the user, whatever it stands for.

        :param str expression: name of the field, perhaps with a property or an interval
        :raises AccessError: when the user may not read it
        """
        field = self._fields.get(expression.partition(":")[0].partition(".")[0])
        if field and self.env.user.share and not self.env.su:
            self._check_field_access(field, "read")
