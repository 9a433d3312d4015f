"""Lists of the portal: searching, sorting, filtering and grouping by a fixed set of fields."""

from odoo.fields import Domain
from odoo.http import request
from odoo.tools import groupby

from odoo.addons.portal.controllers.portal import pager

from .request_values import clean_line, one_of, page_number

PAGE_LENGTH = 20
# number of documents of a list that the arrows of a page can walk through
HISTORY_LENGTH = 100


class PortalList:
    """One list of documents; malformed parameters are ignored.

    The dictionaries map keys in the address to a label and its meaning; the first entry of each is the default.
    """

    def __init__(
        self, model, url, sortings, filters=None, searches=None, groupings=None, history=None
    ):
        """Describe the list.

        :param str model: model of the documents
        :param str url: address of the list
        :param dict sortings: key → (label, order)
        :param dict filters: key → (label, domain); the first should be without a limit
        :param dict searches: key → (label, names of the fields searched in); for a relation whose target customers
            may not read, a function instead of the name, which takes the text and returns a domain
        :param dict groupings: key → (label, name of the field); an empty name is no grouping
        :param str history: session key of the list last seen, where pages of another addon expect their own key
        """
        self.model = request.env[model]
        self.url = url
        self.sortings, self.filters = sortings, filters or {}
        self.searches, self.groupings = searches or {}, groupings or {}
        self.history = history or history_key(model)

    def values(self, page, params):
        """Search the documents with the rights of the visitor.

        :param page: number of the page the client asked for
        :param dict params: other parameters of the request
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
        """:return: pairs of group label and documents; one pair with the label None without grouping"""
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
    """Domain of the documents about a software, by its name, which customers have no right to search.

    :param str name: field that leads to the ``product.product``
    :param str text: part of the name
    :rtype: list
    """
    # sudo: customers read no products; record rules still limit the documents to those of their company
    return [(name, "in", request.env["product.product"].sudo()._search([("name", "ilike", text)]))]


def history_key(model):
    """:return: session key under which the ids of the list last seen of a model are kept"""
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
        # sudo: only the name of a record that a document of the visitor refers to is read
        value = value.sudo().display_name
    return value or model.env._("None")
