from odoo import models


class AftersalesPortalMixin(models.AbstractModel):
    """A document that customers read on the portal, with a list of their documents and a page for each.

    A model that uses it names it first (``_inherit = ["aftersales.portal.mixin", "aftersales.visit"]``), sets
    ``_portal_url`` and ``_portal_fields``, gets a line in ``ir.model.access.csv`` that lets ``base.group_portal``
    read, and two record rules: one without group that keeps every stranger out (see
    ``security/ir_rule_portal.xml``) and one for the portal group that lets colleagues of the customer in. It is
    named in ``mail.message._get_customer_document_models``.
    """

    _name = "aftersales.portal.mixin"
    _description = "Document on the Portal"
    _inherit = ["aftersales.portal.page.mixin", "mail.thread"]
    # customers may write messages on documents that they may read
    _mail_post_access = "read"

    # address of the list; the address of a document is that of the list and the id
    _portal_url = "/my"

    def _compute_access_url(self):
        for document in self:
            document.access_url = f"{self._portal_url}/{document.id}"
