from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class AftersalesArchiveFiling(models.TransientModel):
    """Receives and files several originals at one place: all of them, or none (五.7)."""

    _name = "aftersales.archive.filing"
    _description = "Receive and File Originals"
    _inherit = "aftersales.dialog.mixin"

    entry_ids = fields.Many2many(
        comodel_name="aftersales.archive.entry", string="Originals", required=True, readonly=True
    )
    obstacle_count = fields.Integer(
        string="Cannot Be Filed",
        compute="_compute_obstacles",
        help="How many of the originals cannot be filed now.",
    )
    place = fields.Char(
        compute="_compute_place",
        store=True,
        readonly=False,
        help="Cabinet, folder or box. Proposed: where the last original of this register was filed.",
    )

    @api.model
    def default_get(self, fields):
        """The originals chosen in a list."""
        values = super().default_get(fields)
        if self.env.context.get("active_model") == "aftersales.archive.entry":
            chosen = [Command.set(self.env.context.get("active_ids") or [])]
            values.setdefault("entry_ids", chosen)
        return values

    @api.depends("entry_ids")
    def _compute_place(self):
        for filing in self:
            filing.place = filing.place or filing.entry_ids._origin._propose_place()

    @api.depends("entry_ids")
    def _compute_obstacles(self):
        for filing in self:
            filing.obstacle_count = len(filing.entry_ids.filtered("take_in_obstacle"))

    def action_leave_out(self):
        """Go on with those that can be filed.

        :raises UserError: when none of them can
        """
        self.ensure_one()
        left = self.entry_ids.filtered(lambda entry: not entry.take_in_obstacle)
        if not left:
            raise UserError(self.env._("None of these originals can be filed now."))
        self.entry_ids = left
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Receive and File"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    def action_confirm(self):
        """File all of them, and show them with their numbers, which are to be written on the papers.

        :raises UserError: without a place, or naming those that cannot be filed
        """
        self.ensure_one()
        entries = self.entry_ids
        entries.action_take_in(self.place)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Filed: %s", self.place),
            "res_model": entries._name,
            "views": [(False, "list"), (False, "form")],
            "domain": [("id", "in", entries.ids)],
        }
