from odoo import fields, models


class AftersalesArchiveHandover(models.Model):
    """A paper original passed from one holder to another (五.7).

    Rows are made by the methods of ``aftersales.archive.entry`` only; nobody changes or deletes them.
    """

    _name = "aftersales.archive.handover"
    _description = "Hand-over of an Original"
    _inherit = "aftersales.ledger.mixin"
    _order = "id desc"
    _allow_sudo_commands = False

    entry_id = fields.Many2one(
        comodel_name="aftersales.archive.entry", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="entry_id.company_id", store=True, index=True)
    from_id = fields.Many2one(comodel_name="res.users", person="fact", string="Given By")
    to_id = fields.Many2one(
        comodel_name="res.users", person="fact", string="Given To", required=True
    )
    date = fields.Datetime(required=True, default=fields.Datetime.now)
    recorded_by_id = fields.Many2one(
        comodel_name="res.users",
        person="fact",
        string="Recorded By",
        required=True,
        default=lambda self: self.env.user,
    )
    note = fields.Char()

    def _get_ledger_refusal(self):
        return self.env._("Hand-overs are recorded by the buttons of the original.")
