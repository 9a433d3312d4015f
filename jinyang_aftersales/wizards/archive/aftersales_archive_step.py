from odoo import api, fields, models

ACTIONS = [
    ("action_hand_over", "Hand Over"),
    ("action_lend", "Lend"),
    ("action_lose", "Record a Loss"),
    ("action_find", "Found Again"),
    ("action_withdraw", "No Longer Expected"),
    ("action_correct", "Correct"),
    ("action_give_back", "Give Back"),
]


class AftersalesArchiveStep(models.TransientModel):
    """Asks for the values of a step of the archive; the entries check who may take it."""

    _name = "aftersales.archive.step"
    _description = "Step of the Archive"
    _inherit = ["aftersales.dialog.mixin", "aftersales.scan.mixin"]

    entry_ids = fields.Many2many(
        comodel_name="aftersales.archive.entry", string="Originals", required=True, readonly=True
    )
    action = fields.Selection(selection=ACTIONS, required=True)
    user_id = fields.Many2one(
        comodel_name="res.users", string="Given To", domain="[('share', '=', False)]"
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Customer", compute="_compute_partner_id"
    )
    contact_id = fields.Many2one(
        comodel_name="res.partner",
        string="Given Back To",
        domain="[('commercial_partner_id', '=', partner_id)]",
    )
    date_returned = fields.Date(
        string="Given Back On", default=lambda self: self.env.company._aftersales_today()
    )
    date_due = fields.Date(string="Due Back")
    note = fields.Char()
    place = fields.Char()
    retention_date = fields.Date(string="Keep Until")

    @api.depends("entry_ids")
    def _compute_partner_id(self):
        for step in self:
            step.partner_id = step.entry_ids.commercial_partner_id[:1]

    @api.model
    def default_get(self, fields):
        """The entries chosen in a list, and the present values for a correction."""
        values = super().default_get(fields)
        if self.env.context.get("active_model") == "aftersales.archive.entry":
            values.setdefault("entry_ids", self.env.context.get("active_ids"))
        if values.get("action") == "action_correct":
            entry = self.env["aftersales.archive.entry"].browse(
                self.env.context.get("default_entry_ids") or []
            )[:1]
            values.update(place=entry.place, retention_date=entry.retention_date)
        return values

    def action_confirm(self):
        """Take the step on all entries, or on none."""
        self.ensure_one()
        entries = self.entry_ids
        if self.action == "action_hand_over":
            entries.action_hand_over(self.user_id.id, self.note)
        elif self.action == "action_lend":
            entries.action_lend(self.user_id.id, self.date_due, self.note)
        elif self.action == "action_lose":
            entries.action_lose(self.note)
        elif self.action == "action_find":
            entries.action_find(self.note)
        elif self.action == "action_withdraw":
            entries.action_withdraw(self.note)
        elif self.action == "action_give_back":
            entries.action_give_back(self.contact_id.id, self.date_returned, self.note)
        else:
            entries.action_correct(self._get_corrections(entries), self.note)
        return {"type": "ir.actions.act_window_close"}

    def _get_corrections(self, entry):
        """:return: values changed in the dialogue, for ``action_correct``"""
        values = {
            name: self[name]
            for name in ("place", "retention_date")
            if self[name] and self[name] != entry[name]
        }
        scan = self._get_file("scan")
        if scan:
            values.update(scan=scan, scan_name=self.scan_name or False)
        return values
