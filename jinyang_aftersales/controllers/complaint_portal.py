from odoo import http
from odoo.fields import Domain
from odoo.http import request

from .portal_filing import AftersalesPortalFiling, form_route
from .portal_form import Entry, PortalForm

URL = "/my/complaints"
MODEL = "aftersales.complaint"


class AftersalesPortalComplaint(AftersalesPortalFiling):
    """Complaints on the portal: list, form, and the answer when it was given (四 总监.4)."""

    def _prepare_home_portal_values(self, counters):
        """Count the complaints for their card.

        :param counters: names of the cards asked for
        :rtype: dict
        """
        values = super()._prepare_home_portal_values(counters)
        if "complaint_count" in counters:
            values["complaint_count"] = self._count_documents(MODEL)
        return values

    @http.route(
        [URL, f"{URL}/page/<int:page>"], type="http", auth="user", website=True, methods=["GET"]
    )
    def portal_my_complaints(self, page=1, **kw):
        """List the complaints of the visitor's company.

        :param int page: page of the list
        """
        env = request.env
        complaints = self._make_list(
            MODEL,
            URL,
            sortings={"kind": (env._("Type"), "kind, id desc")},
            filters={
                "open": (env._("Open"), Domain("state", "in", ("received", "investigating"))),
                "answered": (env._("Answered"), Domain("state", "in", ("answered", "closed"))),
            },
            searched=("name", "description"),
        )
        return self._render_list(
            complaints,
            page,
            kw,
            title=env._("Complaints"),
            columns=[
                (env._("Number"), ""),
                (env._("Kind of Complaint"), "d-none d-md-table-cell"),
                (env._("Received On"), ""),
                (env._("State"), "text-end"),
            ],
            row_template="jinyang_aftersales.portal_complaint_row",
            empty=env._("No complaints."),
            new_url=f"{URL}/new",
            new_label=env._("File a Complaint"),
        )

    # === Filing === #

    @http.route(f"{URL}/new", type="http", auth="user", website=True, methods=["GET"])
    def portal_complaint_form(self, **_kw):
        """Show the form for a complaint."""
        return self._show_complaint_form(self._make_complaint_form())

    @form_route(f"{URL}/new")
    def portal_complaint_file(self, **kw):
        """Take a complaint; a refused form is shown again with the reasons."""
        form = self._make_complaint_form()
        if not form.fill(kw):
            return self._show_complaint_form(form, status=400)
        description = form.values["description"]
        complaint = self._file_document(
            form,
            MODEL,
            {**self._get_complaint_customer(), **form.values, "origin": "portal"},
            then=lambda complaint: complaint._filed(description),
        )
        return request.redirect(f"{complaint.access_url}?filed=1")

    def _get_complaint_customer(self):
        """:return: company, customer and contact of the complaint; the visitor is the contact who gets the answer"""
        return {**self._get_customer_values(), "contact_id": request.env.user.partner_id.id}

    def _make_complaint_form(self):
        env = request.env
        kinds = env[MODEL]._fields["kind"]._description_selection(env)
        entries = [
            Entry("kind", env._("Kind of Complaint"), "choice", required=True, choices=kinds),
            Entry(
                "description",
                env._("What happened?"),
                "text",
                required=True,
                rows=7,
                help=env._(
                    "Your colleagues read this on the portal, too. Whoever is concerned does not deal with it."
                ),
            ),
        ]
        tickets = [
            (ticket.id, f"{ticket.number} {ticket.name}")
            for ticket in self._find_latest("helpdesk.ticket")
        ]
        visits = [
            (visit.id, f"{visit.name} {(visit.problem or '').strip()[:60]}")
            for visit in self._find_latest("aftersales.visit")
        ]
        for name, label, choices in (
            ("ticket_id", env._("Ticket"), tickets),
            ("visit_id", env._("Visit"), visits),
        ):
            if choices:
                entries.append(
                    Entry(name, label, "record", choices=choices, help=env._("If it is about one."))
                )
        return PortalForm(entries)

    def _show_complaint_form(self, form, status=200):
        env = request.env
        return self._render_form(
            form,
            env._("File a Complaint"),
            f"{URL}/new",
            crumbs=[(env._("Complaints"), URL)],
            status=status,
            intro=env._(
                "We are sorry. Tell us what went wrong: somebody who has nothing to do with it looks into it and"
                " answers you."
            ),
            submit_label=env._("Send the complaint"),
        )

    # === The page === #

    @http.route(
        f"{URL}/<int:complaint_id>", type="http", auth="public", website=True, methods=["GET"]
    )
    def portal_complaint_page(self, complaint_id, access_token=None, **kw):
        """Show a complaint.

        :param int complaint_id: its id
        :param str access_token: token that stands for the right to read it
        """
        complaint = self._open_document(MODEL, complaint_id, access_token)
        if not complaint:
            return self._lead_away(access_token)
        values = {}
        if "filed" in kw and complaint.state == "received":
            values["notice"] = request.env._(
                "Thank you for telling us. We look into it and answer you."
            )
        complaint = self._in_own_words(complaint)
        return self._render_document(
            complaint,
            "jinyang_aftersales.portal_complaint_page",
            access_token,
            crumbs=[(request.env._("Complaints"), URL)],
            complaint=complaint,
            heading=complaint.name,
            crumb=complaint.name,
            **values,
        )
