from odoo import SUPERUSER_ID, models


class AftersalesPortalFieldsMixin(models.AbstractModel):
    """A model of which customers read only the fields named in ``_portal_fields``, by pages, files or RPC.

    It is for documents of customers (``aftersales.portal.page.mixin``), for rows of such documents, and for teams,
    stages and categories. All other fields are hidden from customers, also fields of the helpdesk and the contract
    addon, and new fields until they are named.
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
        """Hide from customers all fields that are not named for them.

        :param field: the field
        :param str operation: ``read`` or ``write``
        :rtype: bool
        """
        if not self.env.su and self.env.user.share:
            return (
                operation == "read"
                and field.name in self._get_portal_fields()
                and super()._has_field_access(field, operation)
            )
        return super()._has_field_access(field, operation)

    # Odoo checks a related field at the model where it is stored, or not at all: check it on this model, too.

    def _field_to_sql(self, alias, field_expr, query=None):
        # the root user first, whose record most requests never read
        if self.env.uid != SUPERUSER_ID and self.env.user.share:
            self._check_named_field(field_expr)
        return super()._field_to_sql(alias, field_expr, query)

    def _read_group_groupby(self, alias, groupby_spec, query):
        self._check_named_field(groupby_spec)
        return super()._read_group_groupby(alias, groupby_spec, query)

    def _check_named_field(self, expression):
        """Refuse a field in a search or grouping that a customer may not read, also when it is a related field.

        :param str expression: name of the field, which a property or an interval may follow
        :raises AccessError: when the user may not read it
        """
        field = self._fields.get(expression.partition(":")[0].partition(".")[0])
        if field and self.env.user.share and not self.env.su:
            self._check_field_access(field, "read")
