from odoo import models


class AftersalesPortalMixin(models.AbstractModel):
    """A document customers read on the portal, with the fields that are meant for them and no other.

    A model that uses it names it first (``_inherit = ["aftersales.portal.mixin", "aftersales.visit"]``), sets the two
    attributes below, gets a line in ``ir.model.access.csv`` that lets ``base.group_portal`` read, and two record
    rules: one without group that keeps every stranger out (see ``security/ir_rule_portal.xml``) and one for the
    portal group that lets colleagues of the customer in. It is named in
    ``mail.message._get_customer_document_models``.
    """

    _name = "aftersales.portal.mixin"
    _description = "Document on the Portal"
    _inherit = ["portal.mixin", "mail.thread"]
    # customers write messages on what they may read
    _mail_post_access = "read"

    # where the list is; documents are below it, by their id
    _portal_url = "/my"
    # what customers may read, by whatever way they come: page, file or RPC. All else is for staff, new fields
    # included, until they are named here
    _portal_fields = frozenset()

    def _compute_access_url(self):
        for document in self:
            document.access_url = f"{self._portal_url}/{document.id}"

    def _get_portal_fields(self):
        """Names of the fields a customer may read.

        :rtype: set[str]
        """
        return {
            "id",
            "display_name",
            "access_url",
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
