from odoo import api, fields, models


class AftersalesPartnerSuccessor(models.Model):
    """Which contact took the place of another one in the documents: by a merge, or as the company it became part of.

    Signed contents name contacts by the ids of their day; here is found whom these ids mean today.
    """

    _name = "aftersales.partner.successor"
    _description = "Contact in the Place of Another One"
    _inherit = "aftersales.ledger.mixin"
    _order = "id desc"
    _rec_name = "old_name"

    # a number, because a merged contact does not exist any more
    old_id = fields.Integer(string="Former Contact's ID", required=True, index=True)
    old_name = fields.Char(string="Former Contact")
    # follows later merges, so that one row tells the contact of today
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Contact of Today",
        required=True,
        index=True,
        ondelete="cascade",
    )
    date = fields.Datetime(required=True)
    reason = fields.Selection(
        selection=[("merge", "Merged"), ("part", "Became Part of It")], required=True
    )

    def _get_ledger_refusal(self):
        return self.env._(
            "These rows are made when contacts are merged or become part of a company."
        )

    @api.model
    def _note(self, before, partner, reason):
        """Note down that a contact takes the place of others.

        :param before: res.partner, who may be deleted right afterwards
        :param partner: res.partner, who takes their place
        :param str reason: ``merge`` or ``part``
        """
        # sudo: follows from what the user has done with the contacts
        self.sudo()._create_unlocked(
            [
                {
                    "old_id": old.id,
                    "old_name": old.display_name,
                    "partner_id": partner.id,
                    "date": fields.Datetime.now(),
                    "reason": reason,
                }
                for old in before - partner
            ]
        )

    @api.model
    def _get_successors(self, ids, since):
        """Contacts that have taken the place of others.

        :param ids: ids of the former contacts
        :param datetime.datetime since: changes before this moment do not count
        :return: ids of the contacts of today, by id of the former one
        :rtype: dict[int, int]
        """
        # sudo: ids only, for whoever reads a document
        rows = self.sudo().search([("old_id", "in", list(ids)), ("date", ">=", since)], order="id")
        return {row.old_id: row.partner_id.id for row in rows}
