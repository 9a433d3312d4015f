from odoo import api, fields, models

from ...groups import READERS


class ResPartner(models.Model):
    """The customer's applications and paper originals."""

    _inherit = "res.partner"

    application_count = fields.Integer(
        string="Applications", compute="_compute_paper_counts", groups=READERS
    )
    archive_entry_count = fields.Integer(
        string="Originals", compute="_compute_paper_counts", groups=READERS
    )

    @api.depends_context("allowed_company_ids", "uid")
    def _compute_paper_counts(self):
        for model, field in (
            ("aftersales.application", "application_count"),
            ("aftersales.archive.entry", "archive_entry_count"),
        ):
            counts = self.env[model]._count_by("partner_id", self.commercial_partner_id.ids)
            for partner in self:
                partner[field] = counts[partner.commercial_partner_id.id]

    def action_view_applications(self):
        """Open the applications of the customer."""
        return self._get_paper_action("aftersales_application_action")

    def action_view_archive_entries(self):
        """Open the paper originals of the customer."""
        return self._get_paper_action("aftersales_archive_entry_action")

    def _get_paper_action(self, name):
        """Action for the documents of this customer.

        :param str name: external id in this addon
        :rtype: dict
        """
        self.ensure_one()
        customer = self.commercial_partner_id
        return self._get_list_action(
            f"jinyang_aftersales.{name}",
            [("partner_id", "=", customer.id)],
            {"default_partner_id": customer.id},
        )

    @api.model
    def _get_open_kinds(self):
        over = sorted(self.env["aftersales.application"]._over_states)
        return {
            **super()._get_open_kinds(),
            "application": {
                "model": "aftersales.application",
                "domain": [("state", "not in", over)],
                "action": "jinyang_aftersales.aftersales_application_action",
                "label": self.env._("Applications"),
            },
        }
