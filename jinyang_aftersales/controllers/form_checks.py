"""Checks of a sent form before anything is made of it: who sends it, and whether the same was sent a moment ago."""

import hashlib
import json

from odoo.http import request

from .request_values import positive_id, secret_text


def get_token_obstacle(params):
    """Why a form was not sent by the visitor of the present session.

    A sign-in in another tab renews the session: the token of a form that is open since before is then wrong. Routes
    that call this leave the check of Odoo out (``csrf=False``), because that one answers with a page of its own, and
    what was typed is lost.

    :param dict params: parameters of the request; the token is taken out of them
    :return: the reason in the visitor's language, False for a right token
    :rtype: str | bool
    """
    if request.validate_csrf(secret_text(params.pop("csrf_token", None))):
        return False
    return request.env._(
        "You have signed in again since this page was opened, and nothing was sent. Please check what you entered"
        " and send it."
    )


def is_senders_own(params):
    """:return: whether the visitor is the one who opened the form; without that its texts are not shown again"""
    return positive_id(params.get("form_user")) == request.env.uid


def once_key(key, values, files):
    """Key of a form together with its entered values: the same when it is sent twice, another when it was changed.

    :param str key: key of the form
    :param dict values: entered values
    :param list[dict] files: files sent with it
    :rtype: str
    """
    digest = hashlib.sha256(key.encode())
    digest.update(json.dumps(values, sort_keys=True, default=str).encode())
    for upload in files:
        digest.update(hashlib.sha256(upload["raw"]).digest())
    return digest.hexdigest()


def content_key(values, files):
    """Key of what a visitor sends, the same from every form with the same address, texts and files.

    :param dict values: entered values
    :param list[dict] files: files sent with it
    :rtype: str
    """
    # people who change to another company file for that one
    owner = request.env.user.commercial_partner_id.id
    return once_key(request.httprequest.path, {**values, "owner": owner}, files)


def get_twin_obstacle(content, key, params):
    """Why a form is not taken a second time: the back button shows it again, and it is sent with a new key.

    :param str content: key of :func:`content_key`
    :param str key: key under which this form is taken once
    :param dict params: parameters of the request; ``send_again`` says that it is meant
    :return: the reason in the visitor's language, False when it is new or meant
    :rtype: str | bool
    """
    if params.get("send_again"):
        return False
    twin = request.env["aftersales.portal.submission"]._find_twin(request.env.user, content, key)
    return twin and request.env._(
        "You have sent the same a moment ago: it has arrived as %s. To send it once more, tick “Send again anyway”.",
        twin,
    )
