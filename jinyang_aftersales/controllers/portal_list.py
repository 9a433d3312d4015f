"""Lists of the portal: what a customer may search, sort, filter and group by, and nothing else."""

from odoo.fields import Domain
from odoo.http import request
from odoo.tools import groupby

from odoo.addons.portal.controllers.portal import pager

from .request_values import clean_line, one_of, page_number

PAGE_LENGTH = 20
# how far the arrows of a page lead through the list it was opened from
HISTORY_LENGTH = 100


class PortalList:
    """One list of documents; parameters that make no sense are as if they had not been sent.

    The dictionaries map the keys of the address to a label and what it means; the first one of each is the
    default.
    """

    def __init__(
        self, model, url, sortings, filters=None, searches=None, groupings=None, history=None
    ):
        """Describe the list.

        :param str model: model of the documents
        :param str url: address of the list
        :param dict sortings: key → (label, order)
        :param dict filters: key → (label, domain); the first should be all
        :param dict searches: key → (label, names of the fields searched in); where customers may not read what a
            name leads to, instead of a name a function of the text that returns a domain
        :param dict groupings: key → (label, name of the field); an empty name is no grouping
        :param str history: key of the session under which the pages of another addon look for the list last seen
        """
        self.model = request.env[model]
        self.url = url
        self.sortings, self.filters = sortings, filters or {}
        self.searches, self.groupings = searches or {}, groupings or {}
        self.history = history or history_key(model)

    def values(self, page, params):
        """Search the documents with the rights of the visitor.

        :param page: number of the page the client asked for
        :param dict params: what else the client sent
        :return: the values ``jinyang_aftersales.portal_documents`` is rendered with
        :rtype: dict
        """
        chosen = {
            name: one_of(params.get(name), keys) or next(iter(keys), None)
            for name, keys in (
                ("sortby", self.sortings),
                ("filterby", self.filters),
                ("search_in", self.searches),
                ("groupby", self.groupings),
            )
        }
        chosen["search"] = clean_line(params.get("search"))
        domain = self._get_domain(chosen)
        field = self.groupings[chosen["groupby"]][1] if self.groupings else ""
        order = self.sortings[chosen["sortby"]][1]
        pages = pager(
            url=self.url,
            url_args={name: value for name, value in chosen.items() if value},
            total=self.model.search_count(domain),
            page=page_number(page),
            step=PAGE_LENGTH,
        )
        documents = self.model.search(
            domain,
            order=f"{field}, {order}" if field else order,
            limit=PAGE_LENGTH,
            offset=pages["offset"],
        )
        request.session[self.history] = documents.ids[:HISTORY_LENGTH]
        return {
            **chosen,
            "documents": documents,
            "groups": self._group(documents, field),
            "pager": pages,
            "default_url": self.url,
            "searchbar_sortings": _labelled(self.sortings),
            "searchbar_filters": _labelled(self.filters),
            "searchbar_inputs": _labelled(self.searches),
            "searchbar_groupby": _labelled(self.groupings),
            "breadcrumbs_searchbar": True,
        }

    def _get_domain(self, chosen):
        parts = [Domain(own_documents_domain())]
        if self.filters:
            parts.append(Domain(self.filters[chosen["filterby"]][1]))
        if chosen["search"] and self.searches:
            text = chosen["search"]
            parts.append(
                Domain.OR(
                    Domain(name(text)) if callable(name) else Domain(name, "ilike", text)
                    for name in self.searches[chosen["search_in"]][1]
                )
            )
        return Domain.AND(parts)

    def _group(self, documents, field):
        """:return: pairs of the label of a group, None without groups, and its documents"""
        if not field:
            return [(None, documents)] if documents else []
        return [
            (_value_label(value, self.model, field), self.model.concat(*rows))
            for value, rows in groupby(documents, key=lambda row: row[field])
        ]


def own_documents_domain():
    """Domain of the documents of the visitor's company, on top of the record rules.

    :rtype: list
    """
    return [("commercial_partner_id", "=", request.env.user.commercial_partner_id.id)]


def software_domain(name, text):
    """Domain of the documents about a software, whose name customers may not search themselves.

    :param str name: field that leads to the ``product.product``
    :param str text: what to look for in its name
    :rtype: list
    """
    # sudo: customers read no products; the documents found are still limited to their own
    return [(name, "in", request.env["product.product"].sudo()._search([("name", "ilike", text)]))]


def history_key(model):
    """:return: key of the session under which the list last seen of a model is kept"""
    return f"my_{model.replace('.', '_')}_history"


def _labelled(choices):
    return {
        key: {"input": key, "label": choice[0], "order": choice[1]}
        for key, choice in choices.items()
    }


def _value_label(value, model, name):
    field = model._fields[name]
    if field.type == "selection":
        value = dict(field._description_selection(model.env)).get(value)
    elif field.relational:
        # sudo: the name of what a document of the visitor belongs to
        value = value.sudo().display_name
    return value or model.env._("None")
