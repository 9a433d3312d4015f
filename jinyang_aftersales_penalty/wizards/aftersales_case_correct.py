from odoo import fields, models
from odoo.exceptions import UserError


class AftersalesCaseCorrect(models.TransientModel):
    """Dialogue for a case that names the wrong person or the wrong rule: who or which is right, and why."""

    _name = "aftersales.case.correct"
    _description = "Correct a Case"
    _inherit = "aftersales.dialog.mixin"

    penalty_id = fields.Many2one(comodel_name="aftersales.penalty")
    sanction_id = fields.Many2one(comodel_name="aftersales.sanction")
    mistake = fields.Selection(
        selection=[("wrong_person", "Wrong Person"), ("wrong_rule", "Wrong Rule")],
        string="What Was Wrong",
        required=True,
    )
    company_id = fields.Many2one(
        comodel_name="res.company", default=lambda self: self.env.company, required=True
    )
    # the public part of employees, which managers may read; ids are those of hr.employee
    employee_id = fields.Many2one(
        comodel_name="hr.employee.public",
        string="Right Person",
        domain="[('company_id', '=', company_id)]",
    )
    rule_id = fields.Many2one(
        comodel_name="aftersales.penalty.rule",
        string="Right Rule",
        domain="[('company_id', 'in', (company_id, False)), ('outcome', 'in', ('fine', 'fine_warning'))]",
    )
    reason = fields.Text(required=True)

    def action_correct(self):
        """End the case and propose the right one; the actions of the case check rights and states."""
        self.ensure_one()
        case = self.penalty_id or self.sanction_id
        if not case:
            raise UserError(self.env._("Choose the case."))
        if self.mistake == "wrong_person":
            return case.action_wrong_person(self.employee_id.id, self.reason)
        return self.penalty_id.action_wrong_rule(self.rule_id.id, self.reason)
