from odoo import api, fields, models


class AftersalesRegulationClause(models.Model):
    """A clause of a version of the regulation, by which rules refer to it.

    Clauses are fixed with the text of their version. Those of a version that was released before the product knew
    clauses may be added afterwards.
    """

    _name = "aftersales.regulation.clause"
    _description = "Clause of the Regulation"
    _inherit = ["aftersales.guard.mixin", "aftersales.search.mixin"]
    _order = "regulation_id, sequence, id"
    _search_text = ("number", "text")
    _search_links = ("regulation_id",)
    _rec_name = "number"
    _rec_names_search = ("number", "text")

    regulation_id = fields.Many2one(
        comodel_name="aftersales.regulation",
        string="Version of the Regulation",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="regulation_id.company_id", store=True, index=True)
    sequence = fields.Integer(default=10)
    number = fields.Char(string="Clause", required=True, help="Its chapter and number, e.g. 七.1.")
    text = fields.Text(string="Clause in Words", required=True)

    _once = models.UniqueIndex("(regulation_id, number)", "This version has the clause already.")

    @api.depends("number", "regulation_id.version")
    def _compute_display_name(self):
        for clause in self:
            version = clause.regulation_id.version
            clause.display_name = f"{clause.number or ''} ({version})" if version else clause.number

    @api.model
    def _check_new_vals(self, vals_list, unlocked):
        result = super()._check_new_vals(vals_list, unlocked)
        versions = self.env["aftersales.regulation"].browse(
            {vals["regulation_id"] for vals in vals_list if vals.get("regulation_id")}
        )
        # while a module is loaded, the clauses of the shipped version are made, also where it is released already
        if not (self.env.su and self.env.context.get("install_mode")):
            versions.filtered(lambda version: not version._is_older())._check_draft()
        return result

    def _check_locked_vals(self, vals):
        result = super()._check_locked_vals(vals)
        if any(
            clause._changed_fields(vals, {"regulation_id", "number", "text"}) for clause in self
        ):
            self.regulation_id._check_draft()
        return result

    def _check_locked_deletion(self):
        self.regulation_id._check_draft()
        return super()._check_locked_deletion()
