from odoo import fields, models

from .values import KINDS


class AftersalesReviewLook(models.Model):
    """A service manager has looked at what seemed evaded and found it in order, for a reason.

    ====================  ==================================================================
    Who                   May
    ====================  ==================================================================
    service manager       read
    nobody                create, write or delete: rows are made by the list itself
    ====================  ==================================================================
    """

    _name = "aftersales.review.look"
    _description = "Looked At"
    _inherit = "aftersales.ledger.mixin"
    _order = "id desc"
    _rec_name = "document"
    _allow_sudo_commands = False

    kind = fields.Selection(selection=KINDS, required=True)
    source_id = fields.Integer(
        string="Row",
        required=True,
        help="Id of the row the finding comes from: of the document, or of the change that was made in it.",
    )
    day = fields.Date(required=True)
    res_model = fields.Char(string="Document Model", required=True)
    res_id = fields.Many2oneReference(string="Document ID", model_field="res_model", required=True)
    document = fields.Char(required=True)
    company_id = fields.Many2one(comodel_name="res.company", required=True, index=True)
    about_id = fields.Many2one(comodel_name="res.users", person="fact", string="Person")
    user_id = fields.Many2one(
        comodel_name="res.users", person="fact", string="Looked At By", required=True
    )
    reason = fields.Text(required=True)

    _once = models.UniqueIndex(
        "(kind, source_id, day)", "Somebody has looked at this row already. Open the list again."
    )

    def _get_ledger_refusal(self):
        return self.env._("Use the button of the list: a row that was looked at stays.")
