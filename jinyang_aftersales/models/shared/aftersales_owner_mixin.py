from odoo import api, fields, models

from ...groups import READERS


class AftersalesOwnerMixin(models.AbstractModel):
    """A document that belongs to the customer, a company, for which it was made.

    The owner is stored with the document, as on invoices. It is computed from the document's own ``partner_id`` when
    the document is made and when staff choose another customer, and never when the partner changes: a person who
    moves to another company takes no document along. Record rules, pages of the portal, counters and constraints ask
    for ``commercial_partner_id`` of the document, not for that of its partner.

    Besides that the owner changes in two cases, of whole customers: when they are merged, and when one stops being a
    company of its own and becomes part of another one. Then all its documents go along.

    The inheriting model has a field ``partner_id``.
    """

    _name = "aftersales.owner.mixin"
    _description = "Document of a Customer"

    commercial_partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Commercial Entity",
        compute="_compute_commercial_partner_id",
        store=True,
        precompute=True,
        index=True,
        ondelete="restrict",
        help="The company the document belongs to; it stays when a contact moves to another company.",
    )

    telephone = fields.Char(
        compute="_compute_telephone",
        groups=READERS,
        exportable=False,
        help="Whom to call: the contact person, else the customer.",
    )

    @api.depends("partner_id")
    def _compute_commercial_partner_id(self):
        for document in self:
            document.commercial_partner_id = document.partner_id.commercial_partner_id

    @api.model
    def _get_called_people(self):
        """Whom one calls about a document, the first with a telephone.

        :return: paths to partners
        :rtype: list[str]
        """
        contact = "contact_id" if "contact_id" in self._fields else "partner_id.software_contact_id"
        return [contact, "partner_id"]

    @api.depends(
        lambda self: [
            f"{path}.{number}"
            for path in self._get_called_people()
            for number in ("phone", "landline")
        ]
    )
    def _compute_telephone(self):
        paths = self._get_called_people()
        for document in self:
            people = (document.mapped(path) for path in paths)
            numbers = (person.phone or person.landline for person in people)
            document.telephone = next(filter(None, numbers), False)

    def write(self, vals):
        """Keep the owner of documents when the values name the same customer as before."""
        if "partner_id" not in vals:
            return super().write(vals)
        same = self.filtered(lambda document: document.partner_id.id == vals["partner_id"])
        # Odoo recomputes fields that depend on a written field, also when its value stays the same.
        with self.env.protecting([self._fields["commercial_partner_id"]], same):
            return super().write(vals)

    @api.model
    def _merge_customers(self, customers, target):
        """Called before all documents of some customers become those of another one, by a statement in the database.

        A model says here what becomes of documents of which a customer has only one. What is not joined or kept apart
        here and breaks a unique key keeps the customers from being merged.

        :param customers: res.partner, whose documents go to ``target``
        :param target: res.partner
        """
