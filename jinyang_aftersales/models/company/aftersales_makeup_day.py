from odoo import fields, models


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
