from odoo import models


class AftersalesImplementation(models.Model):
    _inherit = "aftersales.implementation"

    def action_view_sessions(self):
        """Show the trainings of the implementation in the calendar."""
        self.ensure_one()
        return self._get_list_action(
            "jinyang_aftersales.aftersales_implementation_session_action",
            [("implementation_id", "=", self.id)],
            {"default_implementation_id": self.id},
        )

    def action_view_installation(self):
        """Open the installed software."""
        self.ensure_one()
        return self.installation_id.get_formview_action()
