from dataclasses import replace
from functools import partial

from odoo import api, fields, models
from odoo.tools import html2plaintext

from ...groups import DIRECTORS

# characters of the call's note that are taken over into the complaint
MAX_TEXT = 2000
COMPLAINT = "aftersales.complaint"


class AftersalesCallback(models.Model):
    """Complaints made in a call, and calls about complaints."""

    _inherit = "aftersales.callback"

    complaint_count = fields.Integer(compute="_compute_complaint_count")
    complaint_id = fields.Many2one(
        comodel_name=COMPLAINT,
        compute="_compute_complaint_id",
        store=True,
        index="btree_not_null",
        help="What the customer complained about; the record rules of calls look there.",
    )

    @api.depends_context("uid")
    def _compute_complaint_count(self):
        counts = self.env["aftersales.complaint"]._count_by("callback_id", self.ids)
        for callback in self:
            callback.complaint_count = counts[callback.id]

    def action_view_complaints(self):
        """Show the complaints made in the call that the user may read."""
        self.ensure_one()
        return self._get_list_action(
            "jinyang_aftersales.aftersales_complaint_action",
            [("callback_id", "=", self.id)],
            {"create": False},
        )

    def action_enter_complaint(self):
        """Enter a complaint made in the call (五.5.3, 四 经理.3)."""
        self.ensure_one()
        self.check_access("read")
        document = self._get_document()
        visit = document if document and document._name == "aftersales.visit" else False
        return self.env["aftersales.complaint"]._get_new_action(
            {
                "default_company_id": self.company_id.id,
                "default_partner_id": self.partner_id.id,
                "default_contact_id": self.contact_id.id,
                "default_callback_id": self.id,
                "default_visit_id": visit and visit.id,
                "default_ticket_id": self.about_ticket_id.id,
                "default_origin": "callback",
                "default_description": html2plaintext(self.note or "")[:MAX_TEXT],
            }
        )

    @api.depends("res_model", "res_id")
    def _compute_complaint_id(self):
        for callback in self:
            callback.complaint_id = callback.res_model == COMPLAINT and callback.res_id

    def _get_told_managers(self):
        # sudo: reads the complaint, for callers without access to it
        complaint = self.sudo().complaint_id
        managers = super()._get_told_managers()
        return complaint._get_investigators() if complaint else managers

    @api.model
    def _get_deadlines(self, company):
        return [
            replace(row, managers=partial(self._get_unconcerned_managers, row.managers))
            for row in super()._get_deadlines(company)
        ]

    @staticmethod
    def _get_unconcerned_managers(managers, call):
        """Managers to tell of a late call, without colleagues who must not learn of its complaint.

        :param managers: function of a call that gives the managers to tell
        :param call: aftersales.callback
        :rtype: res.users
        """
        # sudo: reads the complaint, for users without access to it
        complaint = call.sudo().complaint_id
        if not complaint:
            return managers(call)
        directors = call.company_id._aftersales_users(DIRECTORS)
        return (managers(call) or directors) - complaint._get_hidden_users()
