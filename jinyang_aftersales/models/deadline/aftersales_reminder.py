from odoo import fields, models


class AftersalesReminder(models.Model):
    """That people were told of a deadline; a unique index allows one row for each document, kind and day."""

    _name = "aftersales.reminder"
    _description = "Deadline Reminder"
    _inherit = "aftersales.deadline.row"
    _order = "date_deadline desc, id desc"

    date_deadline = fields.Date(string="Deadline", required=True)
    told_on = fields.Date()
    escalated_on = fields.Date()

    _once = models.UniqueIndex("(res_model, res_id, kind, date_deadline)")
