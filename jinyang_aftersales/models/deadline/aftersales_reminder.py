from odoo import fields, models


class AftersalesReminder(models.Model):
    """Who was told that a deadline passes: once for each document, kind and day, by a key of the database."""

    _name = "aftersales.reminder"
    _description = "Deadline Reminder"
    _order = "date_deadline desc, id desc"

    company_id = fields.Many2one(comodel_name="res.company", required=True, index=True)
    res_model = fields.Char(string="Document Model", required=True)
    res_id = fields.Many2oneReference(string="Document", model_field="res_model", required=True)
    kind = fields.Char(required=True)
    date_deadline = fields.Date(string="Deadline", required=True)
    told_on = fields.Date()
    escalated_on = fields.Date()

    _once = models.UniqueIndex("(res_model, res_id, kind, date_deadline)")
