from odoo import http
from odoo.fields import Domain
from odoo.http import request

from ..models.application.values import KINDS
from .portal_filing import AftersalesPortalFiling, form_route
from .portal_form import Entry, PortalForm
from .request_values import one_of

URL = "/my/applications"


class AftersalesPortalApplication(AftersalesPortalFiling):
    """Applications with a stamp on the portal: data clearing, administrator password (五.1.4, 五.7.5)."""

    def _prepare_home_portal_values(self, counters):
        """Count the applications for their card.

        :param counters: names of the cards asked for
        :rtype: dict
        """
        values = super()._prepare_home_portal_values(counters)
        if "application_count" in counters:
            values["application_count"] = self._count_documents("aftersales.application")
        return values

    @http.route(
        [URL, f"{URL}/page/<int:page>"], type="http", auth="user", website=True, methods=["GET"]
    )
    def portal_my_applications(self, page=1, **kw):
        """List the applications of the visitor's company.

        :param int page: page of the list
        """
        env = request.env
        applications = self._make_list(
            "aftersales.application",
            URL,
            sortings={"kind": (env._("Type"), "kind, id desc")},
            filters={
                "open": (
                    env._("Open"),
                    Domain("state", "in", ("draft", "submitted", "approved")),
                ),
                "done": (env._("Done"), Domain("state", "=", "done")),
            },
            searched=("name", "description"),
        )
        return self._render_list(
            applications,
            page,
            kw,
            title=env._("Applications"),
            columns=[
                (env._("Number"), ""),
                (env._("Type"), ""),
                (env._("Applied On"), "d-none d-md-table-cell"),
                (env._("State"), "text-end"),
            ],
            row_template="jinyang_aftersales.portal_application_row",
            empty=env._("No applications yet."),
            new_url=f"{URL}/new",
            new_label=env._("Apply"),
        )

    # === Filing === #

    @http.route(f"{URL}/new", type="http", auth="user", website=True, methods=["GET"])
    def portal_application_form(self, kind=None, **_kw):
        """Show the form of a type of application, or let the visitor choose the type.

        :param str kind: the type
        """
        kind = one_of(kind, dict(KINDS))
        if kind:
            return self._show_application_form(self._make_application_form(kind), kind)
        title = request.env._("New Application")
        return request.render(
            "jinyang_aftersales.portal_application_kinds",
            {
                **self._prepare_portal_layout_values(),
                "page_name": "aftersales",
                "crumbs": [(request.env._("Applications"), URL), (title, None)],
                "title": title,
            },
        )

    @form_route(f"{URL}/new")
    def portal_application_file(self, kind=None, **kw):
        """Take an application; a refused form is shown again with the reasons.

        :param str kind: the type of application
        """
        kind = one_of(kind, dict(KINDS))
        if not kind:
            return request.redirect(f"{URL}/new")
        form = self._make_application_form(kind)
        if not form.fill(kw):
            return self._show_application_form(form, kind, status=400)
        description = form.values["description"]
        application = self._file_document(
            form,
            "aftersales.application",
            {**self._get_filed_values(form), "kind": kind},
            then=lambda application: application._filed(description),
        )
        return request.redirect(f"{application.access_url}?filed=1")

    def _make_application_form(self, kind):
        env = request.env
        never = env._("Never write a password here.")
        if kind == "password":
            words = Entry("description", env._("Remarks"), "text", rows=3, help=never)
        else:
            words = Entry(
                "description",
                env._("Which data are to be cleared?"),
                "text",
                required=True,
                help=env._(
                    "Software, company set, period and kind of data. We take a backup first."
                )
                + " "
                + never,
            )
        return PortalForm(
            [
                *self._get_software_entries(),
                words,
                Entry(
                    "scan", env._("Application with your company's stamp"), "scan", required=True
                ),
            ],
            attachments=False,
        )

    def _show_application_form(self, form, kind, status=200):
        env = request.env
        if kind == "password":
            title = env._("Application for Administrator Password Recovery")
            intro = env._(
                "We tell the password to your contact once the application is approved and we have made sure who they"
                " are; it is never written down."
            )
        else:
            title = env._("Application for Data Clearing")
            intro = env._("We clear data only upon an application with your company's stamp.")
        return self._render_form(
            form,
            title,
            f"{URL}/new?kind={kind}",
            crumbs=[(env._("Applications"), URL)],
            status=status,
            intro=intro,
            submit_label=env._("Send the application"),
        )

    # === The page === #

    @http.route(
        f"{URL}/<int:application_id>", type="http", auth="public", website=True, methods=["GET"]
    )
    def portal_application_page(self, application_id, access_token=None, **kw):
        """Show an application.

        :param int application_id: its id
        :param str access_token: token that stands for the right to read it
        """
        application = self._open_document("aftersales.application", application_id, access_token)
        if not application:
            return self._lead_away(access_token)
        values = {}
        if "filed" in kw and application.state in ("draft", "submitted"):
            values["notice"] = request.env._(
                "Thank you. We have received your application. Please keep the stamped original: we collect it."
            )
        application = self._in_own_words(application)
        return self._render_document(
            application,
            "jinyang_aftersales.portal_application_page",
            access_token,
            crumbs=[(request.env._("Applications"), URL)],
            crumb=application.name,
            application=application,
            heading=application._get_paper_title(),
            # the scan is served only to signed-in users who may read the application
            scan_shown=bool(application.scan_name) and not request.env.user._is_public(),
            **values,
        )
