from odoo import api, fields, models


class ResConfigSettings(models.TransientModel):
    """Choice of the salary structures that deduct penalties; it is stored on the structures, not on the company."""

    _inherit = "res.config.settings"

    aftersales_structure_ids = fields.Many2many(
        comodel_name="hr.payroll.structure",
        string="Salary Structures",
        compute="_compute_aftersales_structure_ids",
        inverse="_inverse_aftersales_structure_ids",
        domain="[('company_id', 'in', (company_id, False))]",
    )

    def _get_penalty_rule(self):
        return self.env.ref("jinyang_aftersales_penalty.salary_rule_penalty")

    @api.depends("company_id")
    def _compute_aftersales_structure_ids(self):
        rule = self._get_penalty_rule()
        for settings in self:
            settings.aftersales_structure_ids = self.env["hr.payroll.structure"].search(
                [("rule_ids", "in", rule.id), ("company_id", "in", (settings.company_id.id, False))]
            )

    def _inverse_aftersales_structure_ids(self):
        """Add the salary rule to the chosen structures and remove it from the others."""
        rule = self._get_penalty_rule()
        for settings in self:
            attached = self.env["hr.payroll.structure"].search(
                [("rule_ids", "in", rule.id), ("company_id", "in", (settings.company_id.id, False))]
            )
            chosen = settings.aftersales_structure_ids
            (attached - chosen).write({"rule_ids": [fields.Command.unlink(rule.id)]})
            (chosen - attached).write({"rule_ids": [fields.Command.link(rule.id)]})
