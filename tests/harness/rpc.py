"""Two ways to call a running server: the JSON-2 API with a key, and a session as the web client has one."""

import requests

TIMEOUT = 120


class RpcError(Exception):
    """The server answered with an error.

    ``name`` is the Python exception's dotted name, for example ``odoo.exceptions.AccessError``;
    ``message`` what a user would read; ``status`` the HTTP status.
    """

    def __init__(self, status, name, message):
        super().__init__(f"{status} {name}: {message}")
        self.status = status
        self.name = name
        self.message = message


class Json2:
    """Calls by the JSON-2 API: ``rpc("helpdesk.ticket", "search_read", domain=[], fields=["number"])``."""

    def __init__(self, url, database, key):
        self.url = url
        self._http = requests.Session()
        self._http.headers.update({"Authorization": f"bearer {key}", "X-Odoo-Database": database})

    def __call__(self, model, method, ids=(), timeout=TIMEOUT, **arguments):
        """Call a public method and return its result.

        :param str model: for example ``helpdesk.ticket``
        :param str method: a public method; recordsets come back as lists of ids
        :param ids: the records to call it on, one id or several
        :param arguments: the method's arguments by name; ``context`` sets the context
        :raises RpcError: when the server answers with an error
        :raises requests.ConnectionError: when the server is gone, or goes during the call
        """
        ids = [ids] if isinstance(ids, int) else list(ids)
        body = {**arguments, **({"ids": ids} if ids else {})}
        answer = self._http.post(f"{self.url}/json/2/{model}/{method}", json=body, timeout=timeout)
        if answer.ok:
            return answer.json()
        try:
            error = answer.json()
        except requests.JSONDecodeError:
            error = {"name": "", "message": answer.text}
        raise RpcError(answer.status_code, error.get("name", ""), error.get("message", ""))


class Session:
    """A signed-in session with the routes of the web client; ``http`` is its ``requests.Session``.

    ``session("helpdesk.ticket", "write", [[7], {"name": "x"}])`` calls as the web client does; use
    ``http.get(session.url + "/my/tickets")`` for pages.
    """

    def __init__(self, url, database, login, password):
        self.url = url
        self.http = requests.Session()
        self.info = self.json(
            "/web/session/authenticate", db=database, login=login, password=password
        )

    def __call__(self, model, method, args=(), **kwargs):
        """Call a method as the web client does, by position and by name.

        :raises RpcError: when the server answers with an error
        """
        return self.json(
            "/web/dataset/call_kw", model=model, method=method, args=list(args), kwargs=kwargs
        )

    def json(self, path, **params):
        """Post to a route of type ``jsonrpc`` and return its result.

        :raises RpcError: when the server answers with an error
        """
        body = {"jsonrpc": "2.0", "method": "call", "params": params}
        answer = self.http.post(self.url + path, json=body, timeout=TIMEOUT)
        answer.raise_for_status()
        answer = answer.json()
        if "error" in answer:
            data = answer["error"].get("data", {})
            raise RpcError(answer["error"]["code"], data.get("name", ""), data.get("message", ""))
        return answer.get("result")
