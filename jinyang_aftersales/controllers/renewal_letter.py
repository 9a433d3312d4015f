from werkzeug.urls import url_encode

from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from .portal_base import AftersalesPortal
from .request_values import clean_line, date_text, one_of, positive_id, secret_text

ANSWERS = ("renewing", "considering", "declining")


class AftersalesRenewalLetter(AftersalesPortal):
    """The page to which the link of a renewal notice leads: the customer's answer to it (五.2.2)."""

    def _find_letter(self, notice_id, secret):
        """The notice a link opens, for visitors who may answer for the customer.

        :param int notice_id: id in the address
        :param str secret: secret of the link
        :return: aftersales.renewal.notice, as superuser; empty when the link opens nothing for the visitor
        """
        # sudo: customers may not read notices; the secret of the link and the visitor are checked below
        letters = request.env["aftersales.renewal.notice"].sudo()
        letter = letters.browse(positive_id(notice_id) or 0).exists()
        if not letter or not letter._is_opened_by(secret_text(secret)):
            return letters
        user = request.env.user
        theirs = user.commercial_partner_id == letter.commercial_partner_id
        if user._is_internal() or not (user._is_public() or theirs):
            return letters
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
                "error": False,
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
        letter = self._find_letter(notice_id, access_token)
        if not letter:
            return request.redirect("/my")
        answered = bool(one_of(params.get("answered"), ("1",)))
        return self._render_letter(letter, access_token, answered=answered)

    @http.route(
        "/renewal/<int:notice_id>/answer",
        type="http",
        auth="public",
        website=True,
        methods=["POST"],
        sitemap=False,
    )
    def renewal_letter_answer(self, notice_id, access_token=None, **params):
        """Take the answer; a form that is refused comes back with what was entered.

        :param int notice_id: id of the notice
        :param str access_token: secret of the link
        :param params: ``answer``, ``name``, ``reason`` and ``day``
        """
        letter = self._find_letter(notice_id, access_token)
        if not letter:
            return request.redirect("/my")
        entered = {
            "answer": one_of(params.get("answer"), ANSWERS) or "",
            "name": self._get_actor().name or clean_line(params.get("name"), limit=100),
            "reason": clean_line(params.get("reason"), limit=500),
            "day": (date_text(params.get("day")) or "")[:10],
        }
        try:
            self._check_human()
            if not entered["name"]:
                raise UserError(request.env._("Please enter your name."))
            letter._check_shown(params.get("shown_hash"))
            letter._take_written_answer(**{**entered, "day": entered["day"] or False})
        except UserError as error:
            return self._render_letter(
                letter, access_token, status=400, entered=entered, error=str(error)
            )
        query = url_encode({"access_token": access_token, "answered": "1"})
        return request.redirect(f"/renewal/{letter.id}?{query}")
