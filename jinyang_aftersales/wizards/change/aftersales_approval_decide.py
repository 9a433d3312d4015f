from odoo import api, fields, models

from ...groups import DEVELOPERS


class AftersalesApprovalDecide(models.TransientModel):
    """A program change is approved with a promised date (五.4.4)."""

    _inherit = "aftersales.approval.decide"

    asks_promise = fields.Boolean(compute="_compute_asks_promise")
    date_promised = fields.Date(
        string="Promised Date", compute="_compute_date_promised", store=True, readonly=False
    )
    developer_id = fields.Many2one(
        comodel_name="res.users",
        string="Developer",
        domain=lambda self: [
            ("all_group_ids", "in", self.env.ref(DEVELOPERS).id),
        ],
    )

    @api.depends("approval_ids")
    def _compute_asks_promise(self):
        for wizard in self:
            wizard.asks_promise = bool(wizard._get_promising())

    @api.depends("approval_ids")
    def _compute_date_promised(self):
        """What the record of the bug told the customer already, if it is still to come."""
        for wizard in self:
            change = wizard._get_promising()
            known = len(change) == 1 and change.ticket_id.date_promised
            if known and known >= change.company_id._aftersales_today():
                wizard.date_promised = known

    def _get_promising(self):
        """:return: the program changes among the documents that the user may read"""
        changes = self.env["aftersales.change.request"]
        rows = self.approval_ids.filtered(lambda row: row.res_model == changes._name)
        return changes.browse(rows.mapped("res_id")).exists()._filtered_access("read")

    def _get_approval_values(self):
        return {
            **super()._get_approval_values(),
            "date_promised": self.date_promised,
            "developer_id": self.developer_id.id,
        }
