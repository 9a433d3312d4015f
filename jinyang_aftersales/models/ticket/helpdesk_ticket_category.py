from odoo import api, fields, models
from odoo.fields import Command

from ...groups import READERS

RECORD_TYPES = [
    ("data_clearing", "Data Clearing"),
    ("report", "Report Problem"),
    ("password", "Administrator Password"),
    ("change", "Program Change"),
    ("bug", "Software Bug"),
    ("need", "Software Need"),
    ("other", "Other"),
]
# 五.1.4: required fields of a new category; managers may change the list afterwards
USUAL_REQUIREMENTS = {
    "data_clearing": ("data_to_clear", "tool_used", "application_ids"),
    "report": ("report_name", "question", "analysis", "solution"),
    "password": ("application_ids", "contact_told_id"),
    "change": ("need", "change_request_ids"),
    "bug": ("steps", "error_shown", "date_promised"),
    "need": ("need",),
    "other": ("solution",),
}


class HelpdeskTicketCategory(models.Model):
    _name = "helpdesk.ticket.category"
    _inherit = ["aftersales.portal.fields.mixin", "helpdesk.ticket.category"]
    _portal_fields = frozenset(
        {"active", "name", "complete_name", "parent_id", "sequence", "show_in_portal"}
    )

    record_type = fields.Selection(
        selection=RECORD_TYPES,
        help="What the service record of these tickets is about (五.1.4).",
    )
    requirement_ids = fields.One2many(
        comodel_name="aftersales.record.requirement",
        inverse_name="category_id",
        string="Required in the Record",
        groups=READERS,
        copy=True,
        help="Tickets of this category, and of those below it, are closed only with these filled in.",
    )

    @api.onchange("record_type")
    def _onchange_record_type(self):
        """Fill in the usual requirements of the type when the category has none yet."""
        if self.record_type and not self.requirement_ids:
            self.requirement_ids = self._prepare_usual_requirements()

    def _prepare_usual_requirements(self):
        names = USUAL_REQUIREMENTS.get(self.record_type, ())
        return [
            Command.create({"field_name": name, "sequence": 10 * number})
            for number, name in enumerate(names, 1)
        ]

    def write(self, vals):
        result = super().write(vals)
        if "parent_id" in vals:
            self._ask_again()
        return result

    @api.model
    def _fill_shipped_types(self, types):
        """Give shipped categories without a type their type and its requirements.

        Called at each update of the addon: categories with a type are left alone, because a manager may have
        changed them.

        :param dict types: record type by external id
        """
        for xmlid, record_type in types.items():
            category = self.env.ref(xmlid, raise_if_not_found=False)
            if category and not category.record_type:
                category.record_type = record_type
                if not category.requirement_ids:
                    category.requirement_ids = category._prepare_usual_requirements()

    def _ask_again(self):
        """Recompute what the records of open tickets need, after the requirements have changed."""
        if not self:
            return
        # sudo: tickets of all companies and teams; closed ones were complete by the requirements of that time
        tickets = self.env["helpdesk.ticket"].sudo().with_context(active_test=False)
        tickets.search(
            [("category_id", "child_of", self.ids), ("stage_id.closed", "=", False)]
        )._ask_again()
