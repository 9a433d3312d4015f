from odoo import api, fields, models

from ...models.customer.owner import FOLLOWS


class AftersalesOwnerFollow(models.TransientModel):
    """Confirms that a customer becomes part of a company, which then owns and reads its documents."""

    _name = "aftersales.owner.follow"
    _description = "Customer Becomes Part of a Company"

    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    parent_id = fields.Many2one(
        comodel_name="res.partner", string="Becomes Part Of", required=True, ondelete="cascade"
    )
    owner_id = fields.Many2one(
        comodel_name="res.partner", string="Will Own the Documents", compute="_compute_owner_id"
    )
    documents = fields.Text(string="Documents That Go Along", compute="_compute_documents")
    readers = fields.Text(
        string="Will Be Read By",
        compute="_compute_documents",
        help="Users of the portal at both companies.",
    )

    @api.depends("parent_id")
    def _compute_owner_id(self):
        for wizard in self:
            wizard.owner_id = wizard.parent_id.commercial_partner_id

    @api.depends("partner_id", "owner_id")
    def _compute_documents(self):
        for wizard in self:
            partner = wizard.partner_id
            # only whoever may do it reads about it
            allowed = partner and partner.has_access("write")
            documents = partner._find_documents() if allowed else {}
            readers = partner._get_readers_after(wizard.owner_id) if allowed else ()
            wizard.documents = "\n".join(partner._name_documents(documents))
            wizard.readers = "\n".join(f"{user.name} ({user.login})" for user in readers)

    def action_confirm(self):
        """Make the customer a part of the company; its documents go along.

        :raises AccessError: for users who may not write the contact
        """
        self.ensure_one()
        partner = self.partner_id.with_context(aftersales_owner=FOLLOWS)
        partner.write({"parent_id": self.parent_id.id, "is_company": False})
        return {"type": "ir.actions.client", "tag": "soft_reload"}
