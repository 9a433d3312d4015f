"""What the web client asks for when it opens a list or a form."""

from lxml import etree


def specification(model, node):
    """:return: the fields that a view asks for, as the web client writes them

    :param model: the model of the view
    :param node: ``list`` or ``form`` of the view's arch
    """
    spec = {}
    for field in node.iterfind(".//field"):
        if next(_fields_above(field, node), None) is not None:
            continue
        name = field.get("name")
        kind = model._fields[name]
        if kind.relational and kind.comodel_name:
            spec[name] = _of_relation(model.env[kind.comodel_name], kind, field)
        else:
            spec[name] = {}
    return spec


def _fields_above(field, node):
    parent = field.getparent()
    while parent is not None and parent is not node:
        if parent.tag == "field":
            yield parent
        parent = parent.getparent()


def _of_relation(comodel, kind, field):
    if kind.type in ("many2one", "many2one_reference"):
        return {"fields": {"display_name": {}}}
    inner = field.find("./list")
    if inner is None:
        inner = field.find("./kanban")
    if inner is None:
        return {"fields": {"display_name": {}}}
    return {"fields": specification(comodel, inner), "limit": 40, "order": ""}


def view_of(env, model, kind, view=False):
    """:return: the arch of a view as this user gets it"""
    return etree.fromstring(env[model].get_view(view, kind)["arch"])


class Screen:
    """A list or a form, its view read once as a client keeps it.

    :param env: of the user
    :param str model: name of the model
    :param str kind: "list" or "form"
    :param view: id of the view, False for the first
    """

    def __init__(self, env, model, kind, view=False):
        self.model = model
        self.arch = view_of(env, model, kind, view)
        self.spec = specification(env[model], self.arch)
        self.order = self.arch.get("default_order") or ""

    def read_list(self, env, domain, limit=80, order=None):
        """:return: what the client gets for the first page"""
        return env[self.model].web_search_read(
            domain, self.spec, limit=limit, order=order or self.order, count_limit=10001
        )

    def read_form(self, env, record_id):
        """:return: what the client gets for one record"""
        return env[self.model].browse(record_id).web_read(self.spec)
