from odoo import models


class AftersalesInstallation(models.Model):
    """What customers see of their software; usage, irregularities and the specialists' notes are ours."""

    _name = "aftersales.installation"
    _inherit = ["aftersales.portal.mixin", "aftersales.installation"]

    _portal_url = "/my/installations"
    _portal_fields = frozenset(
        {
            "active",
            "partner_id",
            "product_id",
            "product_line_id",
            "version",
            "serial_number",
            "installation_date",
            "service_date_start",
            "service_date_end",
            "service_state",
            "user_id",
        }
    )

    def _get_portal_label(self):
        """What a customer chooses the software of a form by: its name, its serial number and how service stands.

        :rtype: str
        """
        self.ensure_one()
        # sudo: the names of products; the installation is one the customer may read
        software = self.sudo()
        states = dict(self._fields["service_state"]._description_selection(self.env))
        return self.env._(
            "%(software)s (%(state)s)",
            software=software.display_name,
            state=states[software.service_state],
        )

    def _get_portal_periods(self):
        """The history of the service period in the customer's words, the newest first.

        Rows that were replaced or taken back are part of our book-keeping and left out; so are the reasons we
        noted.

        :return: rows with ``start``, ``end`` and ``label``
        :rtype: list[dict]
        """
        self.ensure_one()
        # sudo: the customer's own periods; only what is returned is shown
        periods = self.sudo().period_ids.filtered("effective")
        labels = {
            "initial": self.env._("First service period"),
            "manual": self.env._("Service period changed"),
        }
        return [
            {
                "start": period.date_start,
                "end": period.date_end,
                "label": self.env._("Renewed by %s", period.contract_id.name)
                if period.origin == "agreement"
                else labels[period.origin],
            }
            for period in periods.sorted(
                lambda period: (period.date_end, period.date_start), reverse=True
            )
        ]
