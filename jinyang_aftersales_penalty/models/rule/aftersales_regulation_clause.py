from odoo import api, fields, models


class AftersalesRegulationClause(models.Model):
    """The rules that a clause allows; those of the same number are proposed for the clauses of a new version."""

    _inherit = "aftersales.regulation.clause"

    penalty_rule_ids = fields.Many2many(
        comodel_name="aftersales.penalty.rule",
        relation="aftersales_penalty_rule_clause_rel",
        column1="clause_id",
        column2="rule_id",
        string="Penalty Rules",
        context={"active_test": False},
    )

    @api.model_create_multi
    def create(self, vals_list):
        clauses = super().create(vals_list)
        # a copied clause has the rules of its original, also when the new version numbers it anew
        new = self.browse(
            clause.id
            for clause, vals in zip(clauses, vals_list, strict=True)
            if "penalty_rule_ids" not in vals
        )
        new._link_rules()
        return clauses

    def _link_rules(self):
        """Link clauses with the rules of their number."""
        # sudo: rules of all companies name the clause; their links are no terms of them
        rules = self.env["aftersales.penalty.rule"].sudo().with_context(active_test=False)
        for clause in self.sudo():
            named = rules.search([("company_id", "in", (clause.company_id.id, False))])
            clause.penalty_rule_ids |= named.filtered(
                lambda rule, number=clause.number: number in rule._get_numbers()
            )
