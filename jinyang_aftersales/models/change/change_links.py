from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError
from odoo.tools import html2plaintext, mute_logger

from ...groups import READERS

MAX_TITLE = 200


class AftersalesChangeRequest(models.Model):
    """A program change that comes from a ticket: by hand, or by itself from the record of a bug (五.1.4)."""

    _inherit = "aftersales.change.request"

    @api.model
    def _prepare_ticket_defaults(self, ticket):
        bug = ticket.record_type == "bug"
        story = (ticket.steps, ticket.error_shown) if bug else (ticket.need,)
        text = "\n\n".join(filter(None, story)) or html2plaintext(ticket.description or "").strip()
        return {
            **super()._prepare_ticket_defaults(ticket),
            "kind": {"bug": "bug", "need": "need"}.get(ticket.record_type, "change"),
            "title": (ticket.name or "")[:MAX_TITLE],
            "description": text,
            "customer_requested_on": ticket.company_id._aftersales_today(),
        }

    @api.model
    def _get_changes_action(self, domain, context=None):
        """The list of some program changes.

        :param list domain: which ones
        :param dict context: defaults of a new one
        :return: an action
        :rtype: dict
        """
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "jinyang_aftersales.aftersales_change_request_action"
        )
        return {**action, "domain": domain, "context": context or {}}

    def action_view_ticket(self):
        """Show the service record the request came from."""
        self.ensure_one()
        return self.ticket_id.get_formview_action()

    @api.model
    def _create_from_record(self, ticket):
        """Report a bug as a program change, once for each ticket; it waits as submitted if nothing is missing.

        :param ticket: helpdesk.ticket, as superuser
        :raises ConcurrencyError: when another transaction was faster: the request is run again
        """
        values = {
            **self._prepare_ticket_defaults(ticket),
            "ticket_id": ticket.id,
            "from_record": True,
            "original_holder_id": False,
        }
        try:
            with mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                change = self.browse(self._opened().create(values).id)
        except UniqueViolation as error:
            raise ConcurrencyError(str(error)) from error
        if not change._get_move_obstacle("submitted"):
            change.action_submit()


class HelpdeskTicket(models.Model):
    """Program changes of a ticket; a bug becomes one (五.1.4)."""

    _inherit = "helpdesk.ticket"

    change_request_ids = fields.One2many(
        comodel_name="aftersales.change.request",
        inverse_name="ticket_id",
        string="Program Changes",
        groups=READERS,
        help="Counts in the record once it has been submitted.",
    )
    change_request_count = fields.Integer(compute="_compute_change_request_count", groups=READERS)

    @api.depends("change_request_ids")
    def _compute_change_request_count(self):
        counts = dict(
            self.env["aftersales.change.request"]._read_group(
                [("ticket_id", "in", self.ids)], ["ticket_id"], ["__count"]
            )
        )
        for ticket in self:
            ticket.change_request_count = counts.get(ticket._origin, 0)

    @api.model
    def _get_record_fields(self):
        return [*super()._get_record_fields(), "change_request_ids"]

    def _is_answered(self, name):
        if name == "change_request_ids":
            return any(change.state != "draft" for change in self.change_request_ids)
        return super()._is_answered(name)

    @api.depends("change_request_ids.state")
    def _compute_record_complete(self):
        return super()._compute_record_complete()

    def action_view_changes(self):
        """Show the program changes of the ticket."""
        self.ensure_one()
        return self.env["aftersales.change.request"]._get_changes_action(
            [("ticket_id", "=", self.id)], {"default_ticket_id": self.id}
        )

    def action_request_change(self):
        """Ask for a program change with what the ticket says."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Request a Program Change"),
            "res_model": "aftersales.change.request",
            "view_mode": "form",
            "views": [(False, "form")],
            "context": {"default_ticket_id": self.id},
        }

    def _make_change_request(self):
        result = super()._make_change_request()
        # sudo: reporting a bug is part of the record, whoever completes it
        changes = self.env["aftersales.change.request"].sudo()
        known = changes.with_context(active_test=False).search([("ticket_id", "in", self.ids)])
        for ticket in (self - known.ticket_id.with_env(self.env)).sudo():
            if ticket.commercial_partner_id:
                changes._create_from_record(ticket)
        return result


class AftersalesInstallation(models.Model):
    """Program changes of an installed software."""

    _inherit = "aftersales.installation"

    change_request_count = fields.Integer(compute="_compute_change_request_count", groups=READERS)

    def _compute_change_request_count(self):
        counts = dict(
            self.env["aftersales.change.request"]._read_group(
                [("installation_id", "in", self.ids)], ["installation_id"], ["__count"]
            )
        )
        for installation in self:
            installation.change_request_count = counts.get(installation._origin, 0)

    def action_view_changes(self):
        """Show the program changes of the software."""
        self.ensure_one()
        return self.env["aftersales.change.request"]._get_changes_action(
            [("installation_id", "=", self.id)],
            {"default_partner_id": self.partner_id.id, "default_installation_id": self.id},
        )


class ResPartner(models.Model):
    """Program changes of a customer."""

    _inherit = "res.partner"

    change_request_count = fields.Integer(compute="_compute_change_request_count", groups=READERS)

    def _compute_change_request_count(self):
        customers = self.commercial_partner_id
        counts = dict(
            self.env["aftersales.change.request"]._read_group(
                [("partner_id", "in", customers.ids)], ["partner_id"], ["__count"]
            )
        )
        for partner in self:
            partner.change_request_count = counts.get(partner.commercial_partner_id._origin, 0)

    def action_view_changes(self):
        """Show the program changes of the customer."""
        self.ensure_one()
        customer = self.commercial_partner_id
        return self.env["aftersales.change.request"]._get_changes_action(
            [("partner_id", "=", customer.id)], {"default_partner_id": customer.id}
        )
