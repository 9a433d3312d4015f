from werkzeug.exceptions import BadRequest

from odoo import models
from odoo.http import request

from ...tools.requests import (
    CONTEXT,
    NEVER_PARAMETERS,
    PATH_PARAMETERS,
    find_missing_parameters,
    find_wrong_parameters,
)

# Addons whose pages customers open: ours, and those of Odoo that the portal links to.
CHECKED_ADDONS = ("jinyang_aftersales", "portal", "account", "mail", "helpdesk_mgmt", "contract")


class IrHttp(models.AbstractModel):
    """Requests with parameters that no page sends are answered with 400 instead of a traceback."""

    _inherit = "ir.http"

    @classmethod
    def _get_translation_frontend_modules_name(cls):
        # What runs in the browser there: the messages of documents (mail), and our field for signatures.
        names = super()._get_translation_frontend_modules_name()
        return [*names, "mail", "jinyang_aftersales"]

    @classmethod
    def _post_dispatch(cls, response):
        # A frame of another site could guide the clicks of visitors on pages that sign and accept.
        if response.mimetype == "text/html":
            response.headers.setdefault("Content-Security-Policy", "frame-ancestors 'self'")
        return super()._post_dispatch(response)

    @classmethod
    def _serve_fallback(cls):
        # No page has such an address, and searching for it in the database would raise.
        if "\0" in request.httprequest.path:
            return None
        return super()._serve_fallback()

    @classmethod
    def _pre_dispatch(cls, rule, args):
        result = super()._pre_dispatch(rule, args)
        # Only other clients than Odoo's own send no object here; internal users have no reason to.
        if rule.endpoint.routing["type"] == "jsonrpc" and request.env.user.share:
            cls._check_json_params()
        return result

    @classmethod
    def _check_json_params(cls):
        """:raises BadRequest: when the parameters of a JSON request are no object"""
        try:
            body = request.get_json_data()
        except ValueError:
            # the dispatcher answers it
            return
        if isinstance(body, dict) and not isinstance(body.get("params", {}), dict):
            raise BadRequest("The parameters have to be an object.")

    @classmethod
    def _dispatch(cls, endpoint):
        # The method would get these arguments twice.
        for name in NEVER_PARAMETERS & request.params.keys():
            del request.params[name]
        addon = getattr(endpoint, "__module__", "").split(".")
        # The backend of internal users sends what Odoo's own client knows.
        if (
            addon[:2] == ["odoo", "addons"]
            and addon[2] in CHECKED_ADDONS
            and request.env.user.share
        ):
            cls._check_parameters(endpoint)
        return super()._dispatch(endpoint)

    @classmethod
    def _check_parameters(cls, endpoint):
        """Ignore parameters of a type no page sends, which would end in a traceback.

        :param endpoint: the route's method
        :raises BadRequest: naming parameters that the route cannot do without
        """
        refused = []
        if isinstance(request.params.get("context"), dict):
            known = CONTEXT & request.params["context"].keys()
            request.params["context"] = {name: request.params["context"][name] for name in known}
        for name in find_wrong_parameters(request.params, request.env):
            del request.params[name]
            if name in PATH_PARAMETERS:
                refused.append(name)
        # a part of the path that should be the id of a record, and is 0
        refused += [
            name
            for name, value in request.params.items()
            if isinstance(value, models.BaseModel) and not value
        ]
        refused += find_missing_parameters(endpoint, request.params)
        if refused:
            raise BadRequest(f"Please check the address: {', '.join(refused)}")
