from odoo import fields, models


class AftersalesOwnerDifference(models.Model):
    """Documents to which the upgrade has given another owner than the one they had, for managers to look through.

    Up to version 19.0.2.0.0 a ticket or contract of a contact went along when the contact moved to another company.
    """

    _name = "aftersales.owner.difference"
    _description = "Owner Set Right by the Upgrade"
    _inherit = ["aftersales.guard.mixin", "aftersales.search.mixin"]
    _rec_name = "document_name"
    _order = "id desc"

    active = fields.Boolean(default=True, help="Archive the row when you have looked at it.")
    res_model = fields.Char(string="Document Model", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        string="Document", model_field="res_model", required=True, readonly=True
    )
    document_name = fields.Char(string="Document Number", readonly=True)
    owner_before_id = fields.Many2one(
        comodel_name="res.partner", string="Owner Before", readonly=True, ondelete="cascade"
    )
    owner_after_id = fields.Many2one(
        comodel_name="res.partner", string="Owner Now", readonly=True, ondelete="cascade"
    )
    source = fields.Selection(
        selection=[
            ("visit", "On-site Visit"),
            ("change", "Program Change"),
            ("application", "Application"),
            ("installation", "Installed Software"),
        ],
        string="Known From",
        readonly=True,
    )

    def action_open(self):
        """Open the document.

        :rtype: dict
        """
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "views": [(False, "form")],
        }
