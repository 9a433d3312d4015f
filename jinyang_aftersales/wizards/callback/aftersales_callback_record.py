from odoo import api, fields, models
from odoo.fields import Command

from ...models.callback.values import RESULTS, SCORES
from ...models.notice.values import ANSWERS
from ...tools.facts import facts_of

STARS = [
    ("0", "Not Asked"),
    ("1", "Very Poor"),
    ("2", "Poor"),
    ("3", "Fair"),
    ("4", "Good"),
    ("5", "Very Good"),
]


class AftersalesCallbackRecord(models.TransientModel):
    """Asks the caller for the result of a call."""

    _name = "aftersales.callback.record"
    _description = "Record a Call"
    _inherit = "aftersales.dialog.mixin"

    callback_id = fields.Many2one(comodel_name="aftersales.callback", required=True)
    # read with the rights of the user: the dialogue shows no more than the call does
    kind = fields.Selection(related="callback_id.kind", related_sudo=False)
    partner_id = fields.Many2one(related="callback_id.partner_id", related_sudo=False)
    contact_id = fields.Many2one(related="callback_id.contact_id", related_sudo=False)
    telephone = fields.Char(related="callback_id.telephone", related_sudo=False)
    planned_note = fields.Text(
        related="callback_id.note", string="Notes So Far", related_sudo=False
    )
    facts = fields.Json(compute="_compute_facts")
    asks_answer = fields.Boolean(compute="_compute_asks")
    asks_scores = fields.Boolean(compute="_compute_asks")
    result = fields.Selection(selection=RESULTS, required=True, default="reached")
    answer = fields.Selection(selection=ANSWERS)
    decline_reason = fields.Char()
    next_call_on = fields.Date(
        help="As agreed with the customer, a week before the end at the latest.",
    )
    score_attitude = fields.Selection(selection=STARS, string="Attitude", default="0")
    score_skill = fields.Selection(selection=STARS, string="Skill", default="0")
    score_result = fields.Selection(selection=STARS, string="Result of the Work", default="0")
    score_software = fields.Selection(selection=STARS, string="Software", default="0")
    note = fields.Text(string="What the Customer Said")
    open_question = fields.Text(
        help="What the customer asks: goes to the manager at once (五.5.3)."
    )
    old_problem = fields.Boolean(
        string="Old Problem Unsolved", help="Goes to the manager at once (五.5.3)."
    )
    usage_ids = fields.One2many(
        comodel_name="aftersales.callback.record.usage",
        inverse_name="record_id",
        string="Use of the Software",
        compute="_compute_usage_ids",
        store=True,
        readonly=False,
    )

    @api.depends("callback_id")
    def _compute_facts(self):
        for wizard in self:
            call = wizard.callback_id
            wizard.facts = call and [facts_of(call, call._get_call_facts())]

    @api.depends("callback_id")
    def _compute_asks(self):
        for wizard in self:
            renewal = wizard.callback_id.kind == "renewal"
            wizard.asks_answer = renewal and wizard.callback_id.round == 1
            wizard.asks_scores = not renewal

    @api.depends("callback_id")
    def _compute_usage_ids(self):
        for wizard in self:
            callback = wizard.callback_id
            asked = callback.kind == "routine" and callback.round == 1
            installations = callback.installation_ids if asked else ()
            wizard.usage_ids = [Command.clear()] + [
                Command.create(
                    {
                        "installation_id": installation.id,
                        "usage_state": installation.usage_state,
                        "usage_note": installation.usage_note,
                    }
                )
                for installation in installations
            ]

    def action_record(self):
        """Record the call; see ``aftersales.callback.action_record`` for what is refused."""
        self.ensure_one()
        self.callback_id.action_record(
            self.result,
            self.answer,
            self.decline_reason,
            self.note,
            scores={name: int(self[name] or 0) or None for name in SCORES},
            open_question=self.open_question,
            old_problem=self.old_problem,
            usage=[
                {
                    "installation_id": row.installation_id.id,
                    "usage_state": row.usage_state,
                    "usage_note": row.usage_note,
                }
                for row in self.usage_ids
            ],
            next_call_on=self.next_call_on,
        )
        return {"type": "ir.actions.act_window_close"}


class AftersalesCallbackRecordUsage(models.TransientModel):
    """How the customer uses one software, asked in a routine call (四 专员.2)."""

    _name = "aftersales.callback.record.usage"
    _description = "Use of a Software"
    _inherit = "aftersales.dialog.mixin"

    record_id = fields.Many2one(
        comodel_name="aftersales.callback.record", required=True, ondelete="cascade"
    )
    installation_id = fields.Many2one(comodel_name="aftersales.installation", required=True)
    usage_state = fields.Selection(
        selection=lambda self: (
            self.env["aftersales.installation"]
            ._fields["usage_state"]
            ._description_selection(self.env)
        ),
        string="Usage",
    )
    usage_note = fields.Text()
