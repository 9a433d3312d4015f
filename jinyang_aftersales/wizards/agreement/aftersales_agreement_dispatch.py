from odoo import api, fields, models


class AftersalesAgreementDispatch(models.TransientModel):
    """Asks where an agreement went by fax or post, and for the proof (五.2.3)."""

    _name = "aftersales.agreement.dispatch"
    _description = "Agreement Sent by Fax or Post"

    contract_id = fields.Many2one(
        comodel_name="contract.contract", string="Agreement", required=True, readonly=True
    )
    channel = fields.Selection(
        selection=[("fax", "Fax"), ("post", "Post")], required=True, default="fax"
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

    @api.depends("channel", "contract_id")
    def _compute_sent_to(self):
        for wizard in self:
            customer = wizard.contract_id.commercial_partner_id
            person = customer.software_contact_id or customer
            wizard.sent_to = person and person._get_letter_target(wizard.channel)

    def action_record(self):
        """Record the dispatch; see ``action_mark_sent_by_hand`` of the agreement for what is refused."""
        self.ensure_one()
        names = ("channel", "sent_to", "sent_on", "proof", "proof_file", "proof_name")
        self.contract_id.action_mark_sent_by_hand({name: self[name] for name in names})
        return {"type": "ir.actions.act_window_close"}
