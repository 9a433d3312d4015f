from odoo import api, fields, models


class AftersalesReminder(models.Model):
    """Record that people were told of a deadline; a unique index allows one for each document, kind and day."""

    _name = "aftersales.reminder"
    _description = "Deadline Reminder"
    _inherit = ["aftersales.deadline.row", "aftersales.job.mixin"]
    _order = "date_deadline desc, id desc"

    date_deadline = fields.Date(string="Deadline", required=True)
    told_on = fields.Date()
    escalated_on = fields.Date()

    _once = models.UniqueIndex("(res_model, res_id, kind, date_deadline)")

    @api.model
    def _get_job_steps(self):
        # After the steps that make documents, so that deadlines that have passed already are told in the same run.
        remind = self.env["aftersales.deadline.mixin"]._remind_all
        return [*super()._get_job_steps(), (60, remind)]
