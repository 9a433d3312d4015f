from odoo import api, fields, models
from odoo.tools import html2plaintext

from ...groups import READERS

# a complaint is told in a few words, the story is in the ticket
MAX_TEXT = 2000


class AftersalesComplaint(models.Model):
    """Ways to a complaint and from it.

    No model has a field that lists its complaints: whoever may not read one could search by it.
    """

    _inherit = "aftersales.complaint"

    @api.model
    def _count_by(self, name, ids):
        """How many complaints the user may read, by what they are about.

        :param str name: link of the complaint: ``ticket_id``, ``partner_id`` …
        :param ids: ids of the records linked
        :rtype: dict[int, int]
        """
        groups = self._read_group([(name, "in", ids)], [name], ["__count"])
        return {record.id: count for record, count in groups}

    @api.model
    def _get_complaints_action(self, domain, context):
        """The list of some complaints.

        :param list domain: which ones
        :param dict context: defaults of a new one
        :return: an action
        :rtype: dict
        """
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "jinyang_aftersales.aftersales_complaint_action"
        )
        return {**action, "domain": domain, "context": context}

    @api.model
    def _get_new_action(self, context):
        """The form of a new complaint.

        :param dict context: its defaults
        :return: an action
        :rtype: dict
        """
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Enter a Complaint"),
            "res_model": "aftersales.complaint",
            "view_mode": "form",
            "views": [(False, "form")],
            "context": context,
        }

    def action_open_cancel(self):
        """Ask why the complaint is cancelled."""
        return self._ask_reason("cancel", self.env._("Cancel Complaint"))

    def action_open_reopen(self):
        """Ask why the complaint is reopened."""
        return self._ask_reason("reopen", self.env._("Reopen Complaint"))

    def _ask_reason(self, step, title):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "aftersales.complaint.reason",
            "view_mode": "form",
            "target": "new",
            "context": {"default_complaint_id": self.id, "default_step": step},
        }

    def action_view_repeats(self):
        """Show the confirmed complaints about the same person that count with this one (七.2)."""
        self.ensure_one()
        return self._get_complaints_action(
            [("employee_id", "=", self.employee_id.id), ("outcome", "=", "confirmed")],
            {"create": False},
        )

    def action_view_source(self):
        """Open what the complaint is about: visit, ticket, or the call-back in which it was said."""
        self.ensure_one()
        source = self.visit_id or self.ticket_id or self.callback_id
        source.check_access("read")
        return source.get_formview_action()


class HelpdeskTicket(models.Model):
    """Complaints about a ticket."""

    _inherit = "helpdesk.ticket"

    complaint_count = fields.Integer(compute="_compute_complaint_count", groups=READERS)

    @api.depends_context("uid")
    def _compute_complaint_count(self):
        counts = self.env["aftersales.complaint"]._count_by("ticket_id", self.ids)
        for ticket in self:
            ticket.complaint_count = counts.get(ticket.id, 0)

    def action_view_complaints(self):
        """Show the complaints about the ticket, as far as the user may read them."""
        self.ensure_one()
        return self.env["aftersales.complaint"]._get_complaints_action(
            [("ticket_id", "=", self.id)], {"create": False}
        )

    def action_enter_complaint(self):
        """Enter what the customer complains about, with what the ticket knows."""
        self.ensure_one()
        self.check_access("read")
        customer = self.commercial_partner_id
        return self.env["aftersales.complaint"]._get_new_action(
            {
                "default_company_id": self.company_id.id,
                "default_partner_id": customer.id,
                "default_contact_id": (self.partner_id - customer).id,
                "default_ticket_id": self.id,
                "default_origin": "ticket",
            }
        )


class AftersalesVisit(models.Model):
    """Complaints about a visit."""

    _inherit = "aftersales.visit"

    complaint_count = fields.Integer(compute="_compute_complaint_count", groups=READERS)

    @api.depends_context("uid")
    def _compute_complaint_count(self):
        counts = self.env["aftersales.complaint"]._count_by("visit_id", self.ids)
        for visit in self:
            visit.complaint_count = counts.get(visit.id, 0)

    def action_view_complaints(self):
        """Show the complaints about the visit, as far as the user may read them."""
        self.ensure_one()
        return self.env["aftersales.complaint"]._get_complaints_action(
            [("visit_id", "=", self.id)],
            {
                "default_company_id": self.company_id.id,
                "default_partner_id": self.partner_id.id,
                "default_contact_id": self.contact_id.id,
                "default_visit_id": self.id,
                "default_ticket_id": self.ticket_id.id,
            },
        )


class AftersalesCallback(models.Model):
    """Complaints that come up in a call."""

    _inherit = "aftersales.callback"

    complaint_count = fields.Integer(compute="_compute_complaint_count")

    @api.depends_context("uid")
    def _compute_complaint_count(self):
        counts = self.env["aftersales.complaint"]._count_by("callback_id", self.ids)
        for callback in self:
            callback.complaint_count = counts.get(callback.id, 0)

    def action_view_complaints(self):
        """Show the complaints said in the call, as far as the user may read them."""
        self.ensure_one()
        return self.env["aftersales.complaint"]._get_complaints_action(
            [("callback_id", "=", self.id)], {"create": False}
        )

    def action_enter_complaint(self):
        """Enter what the customer complained about in the call (五.5.3, 四 经理.3)."""
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


class ResPartner(models.Model):
    """Complaints of a customer, and implementations at his."""

    _inherit = "res.partner"

    complaint_count = fields.Integer(compute="_compute_complaint_count", groups=READERS)
    implementation_count = fields.Integer(compute="_compute_implementation_count", groups=READERS)

    @api.depends_context("uid")
    def _compute_complaint_count(self):
        customers = self.commercial_partner_id
        counts = self.env["aftersales.complaint"]._count_by("partner_id", customers.ids)
        for partner in self:
            partner.complaint_count = counts.get(partner.commercial_partner_id._origin.id, 0)

    def _compute_implementation_count(self):
        counts = dict(
            self.env["aftersales.implementation"]._read_group(
                [("partner_id", "in", self.commercial_partner_id.ids)], ["partner_id"], ["__count"]
            )
        )
        for partner in self:
            partner.implementation_count = counts.get(partner.commercial_partner_id._origin, 0)

    def action_view_complaints(self):
        """Show the customer's complaints, as far as the user may read them."""
        self.ensure_one()
        customer = self.commercial_partner_id
        return self.env["aftersales.complaint"]._get_complaints_action(
            [("partner_id", "=", customer.id)], {"default_partner_id": customer.id}
        )

    def action_view_implementations(self):
        """Show the implementations at the customer's."""
        self.ensure_one()
        customer = self.commercial_partner_id
        return self.env["aftersales.implementation"]._get_implementations_action(
            [("partner_id", "=", customer.id)], {"default_partner_id": customer.id}
        )


class AftersalesInstallation(models.Model):
    """Implementations that led to an installed software, or changed it."""

    _inherit = "aftersales.installation"

    implementation_count = fields.Integer(compute="_compute_implementation_count", groups=READERS)

    def _compute_implementation_count(self):
        counts = dict(
            self.env["aftersales.implementation"]._read_group(
                [("installation_id", "in", self.ids)], ["installation_id"], ["__count"]
            )
        )
        for installation in self:
            installation.implementation_count = counts.get(installation._origin, 0)

    def action_view_implementations(self):
        """Show the implementations of the software."""
        self.ensure_one()
        return self.env["aftersales.implementation"]._get_implementations_action(
            [("installation_id", "=", self.id)],
            {
                "default_partner_id": self.partner_id.id,
                "default_product_id": self.product_id.id,
                "default_installation_id": self.id,
            },
        )


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
