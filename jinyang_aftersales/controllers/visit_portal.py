from odoo import http
from odoo.fields import Datetime, Domain
from odoo.http import request

from ..models.visit.values import OPEN_STATES, SCORE_FIELDS, SCORES
from ..tools.signature import drawing_uri, read_signature
from .portal_filing import AftersalesPortalFiling, answer_route, form_route
from .portal_form import Entry, PortalForm
from .request_values import clean_line, clean_text, one_of

URL = "/my/visits"
MAX_OPINION_LENGTH = 5000
TO_SIGN = (
    Domain("state", "=", "on_site")
    & Domain("arrived_on", "!=", False)
    & Domain("result", "!=", False)
)


class AftersalesPortalVisit(AftersalesPortalFiling):
    """Visits on the portal: list, request, page and signing of the feedback form (五.3)."""

    def _prepare_home_portal_values(self, counters):
        """Count the visits for their card, and those that wait for the customer.

        :param counters: names of the cards asked for
        :rtype: dict
        """
        values = super()._prepare_home_portal_values(counters)
        if "visit_count" in counters:
            values["visit_count"] = self._count_documents("aftersales.visit")
        if "visit_to_sign_count" in counters:
            values["visit_to_sign_count"] = self._count_documents("aftersales.visit", TO_SIGN)
        return values

    @http.route(
        [URL, f"{URL}/page/<int:page>"], type="http", auth="user", website=True, methods=["GET"]
    )
    def portal_my_visits(self, page=1, **kw):
        """List the visits of the visitor's company.

        :param int page: page of the list
        """
        env = request.env
        visits = self._make_list(
            "aftersales.visit",
            URL,
            sortings={"arrival": (env._("Arrival"), "date_planned_start desc, id desc")},
            filters={
                "open": (env._("Open"), Domain("state", "in", OPEN_STATES)),
                "to_sign": (
                    env._("Waiting for your signature"),
                    TO_SIGN,
                ),
                "done": (env._("Done"), Domain("state", "=", "done")),
            },
            searched=("name", "problem"),
            searches={"problem": (env._("Search in Purpose"), ("problem",))},
        )
        return self._render_list(
            visits,
            page,
            kw,
            title=env._("Visits"),
            columns=[
                (env._("Number"), ""),
                (env._("Purpose"), ""),
                (env._("Arrival"), "d-none d-md-table-cell"),
                (env._("State"), "text-end"),
            ],
            row_template="jinyang_aftersales.portal_visit_row",
            empty=env._("No visits yet."),
            new_url=f"{URL}/new",
            new_label=env._("Ask for a visit"),
        )

    # === Asking for one === #

    @http.route(f"{URL}/new", type="http", auth="user", website=True, methods=["GET"])
    def portal_visit_form(self, **_kw):
        """Show the form that asks for a visit."""
        return self._show_visit_form(self._make_visit_form())

    @form_route(f"{URL}/new")
    def portal_visit_file(self, **kw):
        """Take the form that asks for a visit; a refused one is shown again with the reasons."""
        form = self._make_visit_form()
        form.fill(kw)
        if form.values["date_wished"] and form.values["date_wished"] < Datetime.now():
            form.reasons.append(request.env._("The wished time has passed already."))
        if form.reasons:
            return self._show_visit_form(form, status=400)
        problem = form.values["problem"]
        visit = self._file_document(
            form,
            "aftersales.visit",
            self._get_filed_values(form),
            then=lambda visit: visit._filed(problem),
        )
        return request.redirect(f"{visit.access_url}?filed=1")

    def _make_visit_form(self):
        env = request.env
        return PortalForm(
            [
                *self._get_software_entries(),
                Entry("problem", env._("What is it about?"), "text", required=True),
                Entry(
                    "date_wished",
                    env._("When would it suit you?"),
                    "moment",
                    help=env._("We agree the time of arrival with you."),
                ),
            ]
        )

    def _show_visit_form(self, form, status=200):
        env = request.env
        return self._render_form(
            form,
            env._("Ask for a Visit"),
            f"{URL}/new",
            crumbs=[(env._("Visits"), URL)],
            status=status,
            intro=env._(
                "Tell us what we can do for you on site; we get in touch to agree the time."
            ),
            submit_label=env._("Ask for the visit"),
        )

    # === The page === #

    @http.route(f"{URL}/<int:visit_id>", type="http", auth="public", website=True, methods=["GET"])
    def portal_visit_page(self, visit_id, access_token=None, **kw):
        """Show a visit.

        :param int visit_id: its id
        :param str access_token: token that stands for the right to read it
        """
        visit = self._open_document("aftersales.visit", visit_id, access_token)
        if not visit:
            return self._lead_away(access_token)
        values = {}
        if "filed" in kw and visit.state == "draft":
            values["notice"] = request.env._(
                "Thank you. We have received your request and will agree the time with you."
            )
        elif "signed" in kw and visit.signature_hash:
            values["notice"] = request.env._("Thank you for your signature and your opinion.")
        return self._show_visit(visit, access_token, **values)

    def _show_visit(self, visit, access_token, answer=None, reasons=(), **values):
        visit = self._in_own_words(visit)
        return self._render_answerable(
            visit,
            "jinyang_aftersales.portal_visit_page",
            access_token,
            reasons=reasons,
            crumbs=[(request.env._("Visits"), URL)],
            visit=visit,
            heading=visit.name,
            crumb=visit.name,
            to_be_signed=visit._is_to_be_signed() and self._may_act(visit),
            answer=answer or {"signed_by_name": self._get_actor().name or ""},
            scores=SCORE_FIELDS,
            drawing_uri=drawing_uri,
            **values,
        )

    # === Signing === #

    @answer_route(f"{URL}/<int:visit_id>/sign")
    def portal_visit_sign(self, visit_id, access_token=None, **kw):
        """Sign the feedback form with the customer's opinion (五.3.5).

        :param int visit_id: id of the visit
        :param str access_token: token that stands for the right to read it
        """
        visit = self._open_to_answer("aftersales.visit", visit_id, access_token)
        answer, reasons = self._read_visit_answer(kw)
        if not reasons:
            signatory = self._get_actor()
            reasons = self._take_answer(
                visit, lambda row: row._sign_on_portal({**answer}, signatory)
            )
        if reasons:
            visit.invalidate_recordset()
            return self._show_visit(visit, access_token, answer, reasons)
        return self._redirect_answered(visit, access_token, "signed")

    def _read_visit_answer(self, params):
        """Read opinion, scores, name and drawing of the feedback form.

        :param dict params: what the client sent
        :return: the values, and the reasons why they cannot be taken
        :rtype: tuple[dict, list[str]]
        """
        env, reasons = request.env, []
        drawing = read_signature(params.get("customer_signature"))
        answer = {
            "customer_opinion": clean_text(params.get("customer_opinion")),
            "signed_by_name": clean_line(params.get("signed_by_name"), limit=100),
            "customer_signature": drawing,
            **{name: one_of(params.get(name), dict(SCORES)) or False for name in SCORE_FIELDS},
        }
        if len(answer["customer_opinion"]) > MAX_OPINION_LENGTH:
            reasons.append(env._("Your opinion is too long."))
        if not answer["signed_by_name"]:
            reasons.append(env._("Please enter your name."))
        if not answer["customer_signature"]:
            reasons.append(env._("Please sign."))
        if not all(answer[name] for name in SCORE_FIELDS):
            reasons.append(env._("Please give the three scores."))
        return answer, reasons
