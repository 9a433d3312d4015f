from odoo import api, fields, models

SERVICE_MODES = [("remote", "Remote"), ("on_site", "On Site")]


class HelpdeskTicketChannel(models.Model):
    _inherit = "helpdesk.ticket.channel"

    service_mode = fields.Selection(
        selection=SERVICE_MODES,
        help="How customers are served over this channel; remote where nothing is said. "
        "A remote record names organisation, contact and department (五.1.2).",
    )

    @api.model
    def _fill_shipped_modes(self, modes):
        """Give shipped channels without a service mode their mode; called at each update of the addon.

        :param dict modes: service mode by external id
        """
        for xmlid, mode in modes.items():
            channel = self.env.ref(xmlid, raise_if_not_found=False)
            if channel and not channel.service_mode:
                channel.service_mode = mode
