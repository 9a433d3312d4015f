from odoo import api, fields, models


class AftersalesRenewalNotice(models.Model):
    """The announcement that a service period ends: one per company, customer, agreement and end of term.

    五.2.2, 五.5.2, 四 回访专员.4.
    """

    _name = "aftersales.renewal.notice"
    _description = "Renewal Notice"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "term_end desc, id desc"
    _check_company_auto = True

    name = fields.Char(string="Number", readonly=True, copy=False, default="/")
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, index=True, readonly=True
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Customer", required=True, index=True, readonly=True
    )
    contact_id = fields.Many2one(comodel_name="res.partner", string="Recipient")
    contract_id = fields.Many2one(
        comodel_name="contract.contract",
        string="Agreement",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
    )
    installation_ids = fields.Many2many(
        comodel_name="aftersales.installation", string="Installations", readonly=True
    )
    product_line_id = fields.Many2one(
        comodel_name="aftersales.product.line", string="Product Line", readonly=True
    )
    term_end = fields.Date(string="End of Service", required=True, readonly=True)
    notice_date = fields.Date(required=True, readonly=True)
    user_id = fields.Many2one(comodel_name="res.users", string="Call-back Specialist", index=True)
    state = fields.Selection(
        selection=[
            ("pending", "Pending"),
            ("print", "To Print"),
            ("sent", "Sent"),
            ("superseded", "Superseded"),
            ("missed", "Ended Without Notice"),
        ],
        default="pending",
        required=True,
        readonly=True,
        index=True,
        tracking=True,
    )
    channel = fields.Selection(
        selection=[("mail", "E-mail"), ("fax", "Fax"), ("post", "Post")], tracking=True
    )
    sent_on = fields.Datetime(readonly=True)
    sent_by_id = fields.Many2one(comodel_name="res.users", string="Sent By", readonly=True)
    proof = fields.Char(
        help="Fax report, waybill number or whatever shows that the letter went out."
    )
    mail_id = fields.Many2one(
        comodel_name="mail.mail", readonly=True, ondelete="set null", copy=False
    )
    superseded_by_id = fields.Many2one(comodel_name="aftersales.renewal.notice", readonly=True)
    callback_ids = fields.One2many(comodel_name="aftersales.callback", inverse_name="notice_id")
    fail_count = fields.Integer(string="Failed Attempts", readonly=True)
    next_try = fields.Datetime(readonly=True)
    error = fields.Text(readonly=True)

    _one_per_term = models.UniqueIndex(
        "(company_id, partner_id, COALESCE(contract_id, 0), term_end)",
        "This customer already has a notice for that end of service.",
    )

    @api.model
    def _reconcile(self, companies):
        """Let notices follow ends of service that moved after they were written."""
        return True
