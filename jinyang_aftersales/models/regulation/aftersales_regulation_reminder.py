from odoo import api, fields, models


class AftersalesRegulationReminder(models.Model):
    """The day on which an employee was first asked to acknowledge a version of the regulation (八)."""

    _name = "aftersales.regulation.reminder"
    _description = "Reminder of the Regulation"
    _inherit = "aftersales.ledger.mixin"
    _order = "reminded_on desc, id desc"
    _rec_name = "employee_id"
    _allow_sudo_commands = False

    regulation_id = fields.Many2one(
        comodel_name="aftersales.regulation", required=True, ondelete="restrict", index=True
    )
    employee_id = fields.Many2one(
        comodel_name="hr.employee", person="fact", required=True, ondelete="restrict", index=True
    )
    company_id = fields.Many2one(related="regulation_id.company_id", store=True)
    reminded_on = fields.Date(required=True)

    _once = models.UniqueIndex("(regulation_id, employee_id)")

    def _get_ledger_refusal(self):
        return self.env._("Reminders of the regulation are recorded when they are sent.")

    @api.model
    def _note(self, regulation, employees):
        """Record that employees are asked to acknowledge a version, unless they were asked before.

        :param regulation: aftersales.regulation
        :param employees: hr.employee
        """
        # sudo: reminders are recorded by this method only
        rows = self.sudo()
        known = rows.search(
            [("regulation_id", "=", regulation.id), ("employee_id", "in", employees.ids)]
        ).employee_id
        today = regulation.company_id._aftersales_today()
        rows._create_unlocked(
            [
                {
                    "regulation_id": regulation.id,
                    "employee_id": employee.id,
                    "reminded_on": today,
                }
                for employee in employees - known
            ]
        )
