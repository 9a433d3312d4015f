from odoo import api, fields, models


class AftersalesRegulationAcknowledgement(models.Model):
    """Acknowledgement of a version of the regulation by an employee (八): made in person, once, never changed."""

    _name = "aftersales.regulation.acknowledgement"
    _description = "Acknowledgement of the Regulation"
    _inherit = "aftersales.ledger.mixin"
    _order = "acknowledged_on desc, id desc"
    _rec_name = "employee_id"
    _allow_sudo_commands = False

    regulation_id = fields.Many2one(
        comodel_name="aftersales.regulation", required=True, ondelete="restrict", index=True
    )
    employee_id = fields.Many2one(
        comodel_name="hr.employee", person="fact", required=True, ondelete="restrict", index=True
    )
    company_id = fields.Many2one(related="regulation_id.company_id", store=True)
    acknowledged_on = fields.Datetime(required=True)

    _once = models.UniqueIndex(
        "(regulation_id, employee_id)", "This version has been acknowledged already."
    )

    def _get_ledger_refusal(self):
        return self.env._("Employees acknowledge the regulation themselves, once and for good.")

    @api.model
    def _acknowledge(self, regulation):
        """Record that the user acknowledges a version; the caller has checked that the user may.

        :param regulation: aftersales.regulation
        :rtype: aftersales.regulation.acknowledgement
        """
        # sudo: acknowledgements are created by this method only, each for the user who calls it
        row = self.sudo()._create_unlocked(
            {
                "regulation_id": regulation.id,
                "employee_id": regulation._get_own_employee(regulation.company_id).id,
                "acknowledged_on": fields.Datetime.now(),
            }
        )
        # sudo: the user's activity, which users may not delete themselves
        activities = regulation.sudo().activity_ids
        activities.filtered(lambda activity: activity.user_id == self.env.user).unlink()
        return row
