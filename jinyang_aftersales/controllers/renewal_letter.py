from werkzeug.exceptions import abort
from werkzeug.urls import url_encode

from odoo import http
from odoo.http import request

from .portal_filing import AftersalesPortalFiling, answer_route
from .request_values import clean_line, date_text, one_of, positive_id, secret_text

ANSWERS = ("renewing", "considering", "declining")


class AftersalesRenewalLetter(AftersalesPortalFiling):
    """The page to which the link of a renewal notice leads: the customer's answer to it (五.2.2)."""

    def _open_letter(self, notice_id, secret):
        """The notice a link opens, for visitors who may answer for the customer; all others are led to their own page.

        :param int notice_id: id in the address
        :param str secret: secret of the link
        :return: aftersales.renewal.notice, as superuser
        """
        # sudo: customers may not read notices; the secret of the link and the visitor are checked below
        letters = request.env["aftersales.renewal.notice"].sudo()
        letter = letters.browse(positive_id(notice_id) or 0).exists()
        user = request.env.user
        theirs = user.commercial_partner_id == letter.commercial_partner_id
        if (
            not letter
            or not letter._is_opened_by(secret_text(secret))
            or user._is_internal()
            or not (user._is_public() or theirs)
        ):
            abort(self._lead_away(secret))
        self._use_company_time(letter)
        return letter

    def _render_letter(self, letter, secret, status=200, **values):
        today = letter.company_id._aftersales_today()
        last = letter._get_last_day_to_consider(letter.company_id, letter.term_end)
        response = request.render(
            "jinyang_aftersales.renewal_letter_page",
            {
                **self._prepare_portal_layout_values(),
                "page_name": "aftersales",
                "crumbs": [(letter.letter_title, None)],
                "letter": letter,
                "secret": secret,
                "today": today,
                "last_day": last,
                "signer_name": self._get_actor().name or "",
                "entered": {},
                "reasons": (),
                "answered": False,
                **values,
            },
            status=status,
        )
        return self._keep_address(response)

    @http.route(
        "/renewal/<int:notice_id>",
        type="http",
        auth="public",
        website=True,
        methods=["GET"],
        sitemap=False,
    )
    def renewal_letter(self, notice_id, access_token=None, **params):
        """Show the letter with its three answers.

        :param int notice_id: id of the notice
        :param str access_token: secret of the link
        """
        letter = self._open_letter(notice_id, access_token)
        answered = bool(one_of(params.get("answered"), ("1",)))
        return self._render_letter(letter, access_token, answered=answered)

    @answer_route("/renewal/<int:notice_id>/answer")
    def renewal_letter_answer(self, notice_id, access_token=None, **params):
        """Take the answer; a form that is refused comes back with what was entered.

        :param int notice_id: id of the notice
        :param str access_token: secret of the link
        :param params: ``answer``, ``name``, ``reason`` and ``day``
        """
        letter = self._open_letter(notice_id, access_token)
        entered = {
            "answer": one_of(params.get("answer"), ANSWERS) or "",
            "name": self._get_actor().name or clean_line(params.get("name"), limit=100),
            "reason": clean_line(params.get("reason"), limit=500),
            "day": (date_text(params.get("day")) or "")[:10],
        }
        reasons = [] if entered["name"] else [request.env._("Please enter your name.")]
        reasons = reasons or self._take_answer(
            letter,
            lambda row: row._take_written_answer(**{**entered, "day": entered["day"] or False}),
        )
        if reasons:
            letter.invalidate_recordset()
            return self._render_letter(
                letter, access_token, status=400, entered=entered, reasons=reasons
            )
        query = url_encode({"access_token": access_token, "answered": "1"})
        return request.redirect(f"/renewal/{letter.id}?{query}")
