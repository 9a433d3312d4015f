from odoo import api, models


class AftersalesImplementation(models.Model):
    _inherit = "aftersales.implementation"

    @api.model
    def _get_implementations_action(self, domain, context):
        """The list of some implementations.

        :param list domain: which ones
        :param dict context: defaults of a new one
        :return: an action
        :rtype: dict
        """
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "jinyang_aftersales.aftersales_implementation_action"
        )
        return {**action, "domain": domain, "context": context}

    def action_view_sessions(self):
        """Show the trainings of the implementation in the calendar."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "jinyang_aftersales.aftersales_implementation_session_action"
        )
        return {
            **action,
            "domain": [("implementation_id", "=", self.id)],
            "context": {"default_implementation_id": self.id},
        }

    def action_view_installation(self):
        """Open the installed software."""
        self.ensure_one()
        return self.installation_id.get_formview_action()
