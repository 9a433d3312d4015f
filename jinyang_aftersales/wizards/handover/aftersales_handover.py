from odoo import Command, api, fields, models
from odoo.exceptions import UserError


class AftersalesHandover(models.TransientModel):
    """Asks to whom each kind of open work of a colleague goes who leaves, or has left."""

    _name = "aftersales.handover"
    _description = "Hand Over the Work of a Colleague"

    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Who Leaves",
        required=True,
        domain="[('share', '=', False)]",
        context={"active_test": False},
    )
    is_active = fields.Boolean(related="user_id.active", string="Still Active")
    line_ids = fields.One2many(
        comodel_name="aftersales.handover.line",
        inverse_name="handover_id",
        string="Open Work",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )

    @api.depends("user_id")
    def _compute_line_ids(self):
        for wizard in self:
            wizard.line_ids = [Command.clear(), *wizard._get_line_commands()]

    def _get_line_commands(self):
        """:return: commands that make a line for each kind of open work"""
        self.user_id._check_may_hand_over()
        # sudo: only how many documents there are is shown, and who leads the team
        leaver = self.user_id._origin.sudo().with_context(active_test=False)
        if not leaver:
            return []
        commands = []
        for (name, role), documents in leaver._get_open_work().items():
            commands.append(
                Command.create(
                    {
                        "res_model": name,
                        "role": role,
                        "label": self._get_label(name, role),
                        "count": len(documents),
                        "to_user_id": leaver._find_successor(documents[:1]).id,
                    }
                )
            )
        return commands

    def _get_label(self, name, role):
        model = self.env["ir.model"]._get(name)
        described = self.env[name].sudo().fields_get([role], ["string"])
        return f"{model.name}: {described[role]['string']}"

    def action_confirm(self):
        """Hand over what a successor was chosen for, and archive the user who is still active.

        :raises AccessError: for users who may not hand over, or not archive
        :raises UserError: while the person who leaves is chosen as a successor
        """
        self.ensure_one()
        leaver = self.user_id
        leaver._check_may_hand_over()
        chosen = self.line_ids.filtered("to_user_id")
        if leaver in chosen.to_user_id or not all(chosen.to_user_id.mapped("active")):
            raise UserError(self.env._("Choose colleagues who stay."))
        successors = {(line.res_model, line.role): line.to_user_id for line in chosen}
        leaver._hand_over_work(successors)
        if leaver.active:
            return leaver.with_context(aftersales_handed_over=True).action_archive()
        return {"type": "ir.actions.act_window_close"}


class AftersalesHandoverLine(models.TransientModel):
    """One kind of open work: a role on documents of one model."""

    _name = "aftersales.handover.line"
    _description = "Open Work of a Colleague"
    _order = "id"

    handover_id = fields.Many2one(
        comodel_name="aftersales.handover", required=True, ondelete="cascade"
    )
    res_model = fields.Char(required=True)
    role = fields.Char(required=True)
    label = fields.Char(string="Work", readonly=True)
    count = fields.Integer(string="Open", readonly=True)
    to_user_id = fields.Many2one(
        comodel_name="res.users", string="To Whom", domain="[('share', '=', False)]"
    )
