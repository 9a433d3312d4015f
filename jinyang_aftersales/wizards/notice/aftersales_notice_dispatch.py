from odoo import fields, models


class AftersalesNoticeDispatch(models.TransientModel):
    """Asks whether letters went out by fax or post, and for the proof."""

    _name = "aftersales.notice.dispatch"
    _description = "Record Fax or Post"

    notice_ids = fields.Many2many(
        comodel_name="aftersales.renewal.notice", string="Notices", required=True
    )
    channel = fields.Selection(
        selection=[("fax", "Fax"), ("post", "Post")], required=True, default="fax"
    )
    sent_on = fields.Datetime(required=True, default=fields.Datetime.now)
    proof = fields.Char(
        help="Fax report, waybill number or whatever shows that the letter went out."
    )

    def action_record(self):
        """Record the dispatch; see ``_record_dispatch`` of the notice for what is refused."""
        self.ensure_one()
        self.notice_ids._record_dispatch(self.channel, self.proof, self.sent_on)
        return {"type": "ir.actions.act_window_close"}
