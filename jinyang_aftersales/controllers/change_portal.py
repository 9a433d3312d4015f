from odoo import http
from odoo.fields import Domain
from odoo.http import request

from ..models.change.values import OPINIONS
from .portal_filing import AftersalesPortalFiling, answer_route, form_route
from .portal_form import MAX_TEXT_LENGTH, Entry, PortalForm
from .request_values import clean_text, one_of

URL = "/my/changes"
ENDED = ("done", "refused", "cancelled")
TO_OPINION = (
    Domain("state", "=", "deploying")
    & Domain("deployed_on", "!=", False)
    & Domain("opinion_result", "=", False)
)


class AftersalesPortalChange(AftersalesPortalFiling):
    """Program changes on the portal: list, request, page with timeline, and the customer's opinion (五.4)."""

    def _prepare_home_portal_values(self, counters):
        """Count the program changes for their card, and those that wait for the customer.

        :param counters: names of the cards asked for
        :rtype: dict
        """
        values = super()._prepare_home_portal_values(counters)
        if "change_count" in counters:
            values["change_count"] = self._count_documents("aftersales.change.request")
        if "change_opinion_count" in counters:
            values["change_opinion_count"] = self._count_documents(
                "aftersales.change.request", TO_OPINION
            )
        return values

    @http.route(
        [URL, f"{URL}/page/<int:page>"], type="http", auth="user", website=True, methods=["GET"]
    )
    def portal_my_changes(self, page=1, **kw):
        """List the program changes of the visitor's company.

        :param int page: page of the list
        """
        env = request.env
        changes = self._make_list(
            "aftersales.change.request",
            URL,
            sortings={
                "promised": (env._("Promised Date"), "date_promised, id desc"),
                "title": (env._("Title"), "title, id desc"),
            },
            filters={
                "open": (env._("Open"), Domain("state", "not in", ENDED)),
                "opinion": (
                    env._("Waiting for your opinion"),
                    TO_OPINION,
                ),
                "done": (env._("Done"), Domain("state", "=", "done")),
            },
            searched=("name", "title", "module", "description"),
            searches={"title": (env._("Search in Title"), ("title",))},
        )
        return self._render_list(
            changes,
            page,
            kw,
            title=env._("Program Changes"),
            columns=[
                (env._("Number"), "d-none d-md-table-cell"),
                (env._("Title"), ""),
                (env._("Promised for"), "d-none d-md-table-cell"),
                (env._("State"), "text-end"),
            ],
            row_template="jinyang_aftersales.portal_change_row",
            empty=env._("No program changes yet."),
            new_url=f"{URL}/new",
            new_label=env._("Ask for a change"),
        )

    # === Filing === #

    @http.route(f"{URL}/new", type="http", auth="user", website=True, methods=["GET"])
    def portal_change_form(self, **_kw):
        """Show the form that asks for a program change."""
        return self._show_change_form(self._make_change_form())

    @form_route(f"{URL}/new")
    def portal_change_file(self, **kw):
        """Take a request for a program change; a refused form is shown again with the reasons."""
        form = self._make_change_form()
        if not form.fill(kw):
            return self._show_change_form(form, status=400)
        description = form.values["description"]
        change = self._file_document(
            form,
            "aftersales.change.request",
            {**self._get_filed_values(form), "kind": "change"},
            then=lambda change: change._filed(description),
        )
        return request.redirect(f"{change.access_url}?filed=1")

    def _make_change_form(self):
        env = request.env
        return PortalForm(
            [
                Entry("title", env._("What is to be changed, in a few words"), required=True),
                *self._get_software_entries(),
                Entry(
                    "module",
                    env._("Where in the software"),
                    help=env._("The menu, form or report, as you call it."),
                ),
                Entry(
                    "description",
                    env._("What should the software do?"),
                    "text",
                    required=True,
                    rows=7,
                    help=env._("As exactly as you can: what happens now, and what you need."),
                ),
                Entry("reason", env._("What do you need it for?"), "text", rows=3),
                Entry("scan", env._("Request with your company's stamp"), "scan", required=True),
            ]
        )

    def _show_change_form(self, form, status=200):
        env = request.env
        return self._render_form(
            form,
            env._("Ask for a Program Change"),
            f"{URL}/new",
            crumbs=[(env._("Program Changes"), URL)],
            status=status,
            intro=env._(
                "We confirm with you what you need, tell you a date, and you can follow the work here. Please keep"
                " the stamped original: we collect it."
            ),
            submit_label=env._("Send the request"),
        )

    # === The page === #

    @http.route(f"{URL}/<int:change_id>", type="http", auth="public", website=True, methods=["GET"])
    def portal_change_page(self, change_id, access_token=None, **kw):
        """Show a program change with its timeline.

        :param int change_id: its id
        :param str access_token: token that stands for the right to read it
        """
        change = self._open_document("aftersales.change.request", change_id, access_token)
        if not change:
            return self._lead_away(access_token)
        values = {}
        if "filed" in kw and change.state in ("draft", "submitted"):
            values["notice"] = request.env._(
                "Thank you. We have received your request and will confirm with you what you need."
            )
        elif "said" in kw and change.opinion_result:
            values["notice"] = request.env._("Thank you for your opinion.")
        return self._show_change(change, access_token, **values)

    def _show_change(self, change, access_token, answer=None, reasons=(), **values):
        change = self._in_own_words(change)
        return self._render_answerable(
            change,
            "jinyang_aftersales.portal_change_page",
            access_token,
            reasons=reasons,
            crumbs=[(request.env._("Program Changes"), URL)],
            change=change,
            heading=change.title,
            crumb=change.name,
            timeline=change._get_timeline(),
            opinion_asked=not change._get_opinion_obstacle() and self._may_act(change),
            opinions=change._fields["opinion_result"]._description_selection(change.env),
            answer=answer or {},
            scan_shown=bool(change.scan_name) and not request.env.user._is_public(),
            **values,
        )

    # === Opinion === #

    @answer_route(f"{URL}/<int:change_id>/opinion")
    def portal_change_opinion(self, change_id, access_token=None, **kw):
        """Take the opinion of a customer whose software was updated with the change (五.4.7).

        :param int change_id: id of the program change
        :param str access_token: token that stands for the right to read it
        """
        change = self._open_to_answer("aftersales.change.request", change_id, access_token)
        answer = {
            "result": one_of(kw.get("result"), dict(OPINIONS)) or "",
            "text": clean_text(kw.get("text")),
        }
        reasons = []
        if len(answer["text"]) > MAX_TEXT_LENGTH:
            reasons.append(request.env._("Your opinion is too long."))
        elif not answer["result"]:
            reasons.append(request.env._("Please say whether you are satisfied."))
        elif answer["result"] != "satisfied" and not answer["text"]:
            reasons.append(request.env._("Please say what you miss."))
        else:
            contact = self._get_actor() or change.contact_id or change.partner_id
            reasons = self._take_answer(
                change,
                lambda row: row._record_customer_opinion(answer["result"], answer["text"], contact),
            )
        if reasons:
            change.invalidate_recordset()
            return self._show_change(change, access_token, answer, reasons)
        return self._redirect_answered(change, access_token, "said")
