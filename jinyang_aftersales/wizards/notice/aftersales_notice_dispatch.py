from odoo import api, fields, models


class AftersalesNoticeDispatch(models.TransientModel):
    """Asks where letters went by fax or post, and for the proof."""

    _name = "aftersales.notice.dispatch"
    _description = "Record Fax or Post"
    _inherit = "aftersales.dialog.mixin"

    notice_ids = fields.Many2many(
        comodel_name="aftersales.renewal.notice", string="Notices", required=True
    )
    channel = fields.Selection(
        selection=[("fax", "Fax"), ("post", "Post")],
        compute="_compute_channel",
        store=True,
        readonly=False,
    )
    sent_to = fields.Char(
        string="Number or Address",
        compute="_compute_sent_to",
        store=True,
        readonly=False,
        help="The fax number or the address the letter went to.",
    )
    sent_on = fields.Datetime(required=True, default=fields.Datetime.now)
    proof = fields.Char(
        help="Fax report, waybill number or whatever shows that the letter went out."
    )
    proof_file = fields.Binary(string="Proof as a File")
    proof_name = fields.Char()

    @api.depends("notice_ids")
    def _compute_channel(self):
        for wizard in self:
            notice = wizard.notice_ids[:1]
            wanted = notice and notice.partner_id._get_letter_channel(notice.company_id)
            wizard.channel = wanted if wanted == "post" else "fax"

    @api.depends("channel", "notice_ids")
    def _compute_sent_to(self):
        for wizard in self:
            # letters to several customers go to several numbers: each is recorded by itself
            notice = wizard.notice_ids if len(wizard.notice_ids.partner_id) == 1 else None
            person = notice and (notice[:1].contact_id or notice[:1].partner_id)
            wizard.sent_to = person and person._get_letter_target(wizard.channel)

    def action_record(self):
        """Record the dispatch; see ``_record_dispatch`` of the notice for what is refused."""
        self.ensure_one()
        names = ("channel", "sent_to", "sent_on", "proof", "proof_file", "proof_name")
        self.notice_ids._record_dispatch({name: self[name] for name in names})
        return {"type": "ir.actions.act_window_close"}
