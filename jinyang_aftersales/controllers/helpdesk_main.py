from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from odoo.addons.helpdesk_mgmt.controllers.main import HelpdeskTicketController

from ..tools.files import MAX_FILE_BYTES, MAX_FILES, MAX_FORM_BYTES, read_uploads
from .form_checks import (
    content_key,
    get_token_obstacle,
    get_twin_obstacle,
    is_senders_own,
    once_key,
)
from .portal_form import new_key, sent_key
from .request_values import clean_line, clean_text, positive_id
from .uploads import attach_files

MAX_DESCRIPTION_LENGTH = 50_000
# number of entries that a drop-down list offers at most
MAX_CONTACTS = 200
MAX_INSTALLATIONS = 200


def may_close_ticket(ticket):
    """Return whether the visitor may close a ticket on the portal.

    Persons of the customer's company may, and staff with write access; following the ticket or holding its
    link is not enough.

    :param ticket: a ``helpdesk.ticket``
    :rtype: bool
    """
    ticket = ticket.with_user(request.env.user)
    if request.env.user._is_public() or not ticket.has_access("read"):
        return False
    return (
        ticket.commercial_partner_id == request.env.user.commercial_partner_id
        or ticket.has_access("write")
    )


class AftersalesTicketController(HelpdeskTicketController):
    """Filing a ticket on the portal, and closing it as solved."""

    # checks the token of the session itself, and shows the ticket again
    @http.route(methods=["POST"], csrf=False)
    def support_ticket_close(self, **kw):
        """Close a ticket the visitor may close, by one of the stages its page offers.

        The customer's "solved" is recorded in any case; a ticket with an incomplete record stays open until staff
        complete it (五.1.3). Expects ``ticket_id`` and ``stage_id``. Tickets that do not exist and those the
        visitor may not close answer the same: not found.
        """
        ticket = self._find_own_ticket(positive_id(kw.get("ticket_id")))
        url = f"/my/ticket/{ticket.id}"
        if get_token_obstacle(kw):
            return request.redirect(f"{url}?signed_in=1", code=302)
        # sudo: customers may not write tickets; that the visitor may close this one is checked above
        ticket = ticket.sudo()
        stage = self._get_close_stages(ticket).filtered(
            lambda stage: stage.id == positive_id(kw.get("stage_id"))
        )
        if stage and not ticket.closed:
            try:
                with request.env.cr.savepoint():
                    self._close_ticket(ticket, stage)
            except UserError:
                url += "?close_refused=1"
        # 302 instead of Odoo's 303: callers of helpdesk_mgmt expect it
        return request.redirect(url, code=302)

    def _close_ticket(self, ticket, stage):
        """Close a ticket for the visitor; a customer's ticket with an incomplete record is only marked as solved.

        :param ticket: the ``helpdesk.ticket``, as superuser
        :param stage: the ``helpdesk.ticket.stage`` chosen
        :raise UserError: the ticket cannot be closed
        """
        customer = ticket.commercial_partner_id == request.env.user.commercial_partner_id
        if customer and stage.closed and (stage.record_required or ticket._was_served()):
            ticket._customer_solved(stage)
        else:
            ticket.stage_id = stage

    def _find_own_ticket(self, ticket_id):
        """Return the ticket with the rights of the visitor.

        :param int ticket_id: id of the ticket, 0 for none
        :return: the ``helpdesk.ticket``
        :raise NotFound: there is none, or the visitor may not close it
        """
        tickets = request.env["helpdesk.ticket"]
        ticket = (
            ticket_id and tickets.has_access("read") and tickets.search([("id", "=", ticket_id)])
        )
        if not ticket or not may_close_ticket(ticket):
            raise request.not_found()
        return ticket

    def _get_close_stages(self, ticket):
        """Return the stages a ticket may be closed with on the portal.

        :param ticket: the ``helpdesk.ticket``, as superuser
        :return: ``helpdesk.ticket.stage`` records
        """
        if ticket.team_id:
            stages = ticket.team_id._get_applicable_stages()
        else:
            stages = ticket.stage_id.search(
                [("company_id", "in", [False, ticket.company_id.id]), ("team_ids", "=", False)]
            )
        return stages.filtered("close_from_portal")

    def _get_teams(self):
        """Offer only the teams of the company that serves the visitor.

        :return: ``helpdesk.ticket.team`` records, False where customers do not choose
        """
        teams = super()._get_teams()
        return teams and teams.filtered(self._is_of_the_company)

    def _get_categories(self, **kw):
        """Offer only the categories of the company that serves the visitor.

        :return: ``helpdesk.ticket.category`` records
        """
        return super()._get_categories(**kw).filtered(self._is_of_the_company)

    def _is_of_the_company(self, record):
        return not record.company_id or record.company_id == request.env.company

    def _get_create_new_ticket_values(self, **kw):
        """Add the real size limit of files and the choices of contacts and software to the form.

        :return: the values of the page
        :rtype: dict
        """
        values = super()._get_create_new_ticket_values(**kw)
        partner = request.env.user.partner_id
        contacts = self._get_contacts()
        values.update(
            max_upload_size=min(MAX_FILE_BYTES, values["max_upload_size"] or MAX_FILE_BYTES),
            max_files=MAX_FILES,
            form_key=new_key(),
            page_name="aftersales",
            crumbs=[
                (request.env._("Tickets"), "/my/tickets"),
                (request.env._("New Ticket"), None),
            ],
            # sudo: only the name of the visitor's own company is read
            customer_name=partner.sudo().commercial_partner_id.name,
            contacts=contacts,
            chosen_contact_id=partner.id,
            installations=self._get_installations(),
            # sudo: only the department of the visitor's own contact is read
            department=partner.sudo().department,
        )
        values["max_size"] = values["max_upload_size"] // 1024**2
        return values

    def _get_contacts(self):
        """Persons of the visitor's company who may be the contact of a ticket.

        :return: res.partner, as superuser
        """
        partner = request.env.user.partner_id
        # sudo: colleagues of the visitor, of whom the form shows only the names
        colleagues = partner.sudo().search(
            [
                ("parent_id", "child_of", partner.commercial_partner_id.id),
                ("is_company", "=", False),
                ("type", "=", "contact"),
            ],
            limit=MAX_CONTACTS,
        )
        return partner.sudo() | colleagues

    def _get_installations(self):
        """Software of the visitor's company a ticket may be about.

        :return: aftersales.installation, empty for internal users
        """
        installations = request.env["aftersales.installation"]
        if request.env.user._is_internal() or not installations.has_access("read"):
            return installations
        customer = request.env.user.commercial_partner_id
        return installations.search(
            [("commercial_partner_id", "=", customer.id)], limit=MAX_INSTALLATIONS
        )

    # the form checks the token of the session itself, and comes back with what was typed
    @http.route(methods=["POST"], csrf=False, max_content_length=MAX_FORM_BYTES)
    def submit_ticket(self, **kw):
        """Create the ticket of the form, with its files.

        A refused form is shown again with the reasons and the entered values. Takes ``subject``,
        ``description``, ``category``, ``team``, ``contact``, ``department``, ``installation`` and files named
        ``attachment``; other parameters are ignored. The same form sent twice makes one ticket.
        """
        form = self._read_ticket_form(kw)
        reasons = self._check_ticket_form(form)
        values = self._get_create_new_ticket_values()
        uploads, refused = read_uploads(
            request.env,
            request.httprequest.files.getlist("attachment"),
            max_bytes=values["max_upload_size"],
        )
        key = once_key(sent_key(kw.get("form_key")) or new_key(), form, uploads)
        content = content_key(form, uploads)
        reasons += refused
        wrong = get_token_obstacle(kw)
        if wrong:
            reasons = [wrong]
            if not is_senders_own(kw):
                form = self._read_ticket_form({})
        twin = not reasons and get_twin_obstacle(content, key, kw)
        if reasons or twin:
            values.update(
                reasons=reasons or [twin],
                is_twin=bool(twin),
                subject=form["subject"],
                description=form["description"],
                chosen_category_id=form["category"],
                chosen_team_id=form["team"],
                chosen_contact_id=form["contact"],
                chosen_installation_id=form["installation"],
                department=form["department"],
            )
            return request.render("helpdesk_mgmt.portal_create_ticket", values, status=400)
        ticket = request.env["aftersales.portal.submission"]._once(
            request.env.user,
            key,
            "helpdesk.ticket",
            lambda: self._make_ticket(form, uploads),
            content,
        )
        return request.redirect(f"/my/ticket/{ticket.id}?filed=1", code=302)

    def _make_ticket(self, form, uploads):
        """Create the ticket of a form that was checked.

        :param dict form: the fields of the form
        :param list[dict] uploads: its files
        :return: the ``helpdesk.ticket``, as superuser
        """
        values = self._prepare_submit_ticket_vals(**form)
        # sudo: the contact was checked to belong to the visitor's company
        contact = request.env["res.partner"].sudo().browse(form["contact"])
        values.update(
            partner_id=contact.id,
            partner_name=contact.name,
            partner_email=contact.email,
            department=form["department"],
            installation_id=form["installation"] or False,
        )
        # sudo: customers have no right to create tickets; all values are made here or were checked
        ticket = request.env["helpdesk.ticket"].sudo().create(values)
        ticket.message_subscribe(partner_ids=(request.env.user.partner_id | contact).ids)
        attach_files(ticket, uploads)
        ticket._confirm_filing(request.env.user.partner_id)
        return ticket

    def _read_ticket_form(self, params):
        """Return the fields of the form, each in the shape it must have.

        :param dict params: parameters of the request
        :return: subject, description, department, contact, installation, category and team; a malformed id
            becomes -1
        :rtype: dict
        """

        def chosen_id(name):
            return (positive_id(params[name]) or -1) if params.get(name) else 0

        return {
            "subject": clean_line(params.get("subject")),
            "description": clean_text(params.get("description")),
            "department": clean_line(params.get("department"), limit=100),
            # the visitor is the contact, unless a colleague is chosen
            "contact": chosen_id("contact") or request.env.user.partner_id.id,
            "installation": chosen_id("installation"),
            "category": chosen_id("category"),
            "team": chosen_id("team")
            if request.env.company.helpdesk_mgmt_portal_select_team
            else 0,
        }

    def _check_ticket_form(self, form):
        """Return the reasons why a form cannot be taken.

        :param dict form: the fields of the form
        :rtype: list[str]
        """
        env, company, reasons = request.env, request.env.company, []
        if not form["subject"]:
            reasons.append(env._("Please enter a subject."))
        if not form["description"]:
            reasons.append(env._("Please describe what the ticket is about."))
        elif len(form["description"]) > MAX_DESCRIPTION_LENGTH:
            reasons.append(env._("The description is too long. Send it as a file."))
        if not form["department"]:
            reasons.append(env._("Please enter the department."))
        if form["contact"] not in self._get_contacts().ids:
            reasons.append(env._("Please choose a contact of the list."))
        if form["installation"] and form["installation"] not in self._get_installations().ids:
            reasons.append(env._("Please choose a software of the list."))
        offered = [("show_in_portal", "=", True), ("company_id", "in", [False, company.id])]
        categories = env["helpdesk.ticket.category"].search(offered)
        if form["category"]:
            if form["category"] not in categories.ids:
                reasons.append(env._("Please choose a category of the list."))
        elif self._get_categories() and company.helpdesk_mgmt_portal_category_id_required:
            reasons.append(env._("Please choose a category."))
        teams = self._get_teams()
        if form["team"]:
            if not teams or form["team"] not in teams.ids:
                reasons.append(env._("Please choose a team of the list."))
        elif teams and company.helpdesk_mgmt_portal_team_id_required:
            reasons.append(env._("Please choose a team."))
        return reasons
