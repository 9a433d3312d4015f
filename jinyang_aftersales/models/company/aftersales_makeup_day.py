from odoo import api, fields, models
from odoo.fields import Date


class AftersalesMakeupDay(models.Model):
    """A day of the weekend on which the company works, in exchange for a public holiday (调休)."""

    _name = "aftersales.makeup.day"
    _description = "Make-up Working Day"
    _order = "date desc"

    company_id = fields.Many2one(
        comodel_name="res.company", required=True, default=lambda self: self.env.company, index=True
    )
    date = fields.Date(required=True)
    name = fields.Char(string="For", required=True, help="The holiday the day is worked for.")

    _one_per_day = models.UniqueIndex(
        "(company_id, date)", "This make-up working day is already entered."
    )

    @api.model_create_multi
    def create(self, vals_list):
        days = [Date.to_date(vals["date"]) for vals in vals_list if vals.get("date")]
        companies = self.env["res.company"].browse(
            {vals.get("company_id") or self.env.company.id for vals in vals_list}
        )
        if not days:
            return super().create(vals_list)
        with companies._aftersales_changing_days(min(days), max(days)):
            return super().create(vals_list)

    def write(self, vals):
        if vals.keys().isdisjoint({"date", "company_id"}) or not self:
            return super().write(vals)
        days = [*self.mapped("date"), *filter(None, [Date.to_date(vals.get("date"))])]
        companies = self.company_id | self.env["res.company"].browse(vals.get("company_id") or [])
        with companies._aftersales_changing_days(min(days), max(days)):
            return super().write(vals)

    def unlink(self):
        if not self:
            return super().unlink()
        days = self.mapped("date")
        with self.company_id._aftersales_changing_days(min(days), max(days)):
            return super().unlink()
