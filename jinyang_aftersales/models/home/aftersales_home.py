from collections import defaultdict

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL, date_utils
from odoo.tools.safe_eval import safe_eval

from .values import ALL, LATE, ROLES

VISIT_DAYS = 2
OPEN_VISITS = ("submitted", "approved", "on_site")


class AftersalesHome(models.AbstractModel):
    """The home page: figures by role, under the rights of the reader, and counted anew with each request.

    ====================  =====================================================================
    Who                   May
    ====================  =====================================================================
    each role             read the page of the role, with the figures of the records in reach
    others                nothing
    ====================  =====================================================================

    A figure is a :class:`Card`: one method says which records it counts, and the list that a click opens has the same
    domain, so that both agree. Subjects and addons add cards by extending :meth:`_get_cards`.
    """

    _name = "aftersales.home"
    _description = "Home Page"

    # === The page === #

    @api.model
    def get_page(self, role=None):
        """Everything the home page of a role shows.

        :param str role: one of the user's roles; the first one if none is given
        :rtype: dict
        :raises AccessError: for roles the user does not have
        """
        roles = self._get_roles()
        role = self._check_role(role or next(iter(roles), None))
        company = self.env.company
        cards = self._get_readable_cards(role)
        numbers = self._count(cards)
        return {
            "role": role,
            "roles": [{"code": code, "name": name} for code, name in roles.items()],
            "day": fields.Date.to_string(company._aftersales_today()),
            "currency_id": company.currency_id.id,
            "sections": self._prepare_sections(cards, numbers),
            "people": self._prepare_people(cards, numbers),
            "visits": self._prepare_visits(role),
            "missing": self._prepare_missing(role),
        }

    @api.model
    def open_card(self, role, code, part=ALL, person=None):
        """The window with the records behind a number of the home page.

        :param str role: one of the user's roles
        :param str code: of the card
        :param str part: which number: ``all``, ``late``, or the key of a former time
        :param int person: id of the user whose number it is
        :return: an action with the domain of the number
        :rtype: dict
        :raises AccessError: for roles the user does not have, and cards that are not on their page
        """
        role = self._check_role(role)
        card = next((card for card in self._get_readable_cards(role) if card.code == code), None)
        parts = card.get_parts() if card else {}
        if part not in parts or (person and not card.by):
            raise AccessError(self.env._("This figure is not on your home page."))
        domain = parts[part]
        if person:
            domain &= Domain(card.by, "=", int(person))
        action = self.env["ir.actions.act_window"]._for_xml_id(card.action)
        return {
            **action,
            "name": card.title,
            "display_name": card.title,
            "domain": self._to_client(domain),
            "context": self._get_list_context(action),
            "target": "current",
        }

    @api.model
    def _get_list_context(self, action):
        """Context of a window without its filters: the list shows what the number counted, also for users who keep a
        favourite filter; groups stay.

        :param dict action: values of the window
        :rtype: dict
        """
        context = action.get("context") or "{}"
        if isinstance(context, str):
            names = {"uid": self.env.uid, "allowed_company_ids": self.env.companies.ids}
            context = safe_eval(context, names)
        kept = {
            key: value
            for key, value in context.items()
            if not key.startswith("search_default_") or key.startswith("search_default_group")
        }
        return {**kept, "search_disable_custom_filters": True}

    @api.model
    def _to_client(self, domain):
        """:return: a domain as lists, which a browser can send back"""
        return [
            (part[0], part[1], self._to_client(part[2]))
            if isinstance(part, tuple) and isinstance(part[2], Domain)
            else part
            for part in Domain(domain)
        ]

    # === Roles === #

    @api.model
    def _get_roles(self):
        """Roles of the user, the highest one first, with their names.

        :rtype: dict[str, str]
        """
        names = self._get_role_names()
        user = self.env.user
        return {role: names[role] for role, group in ROLES.items() if user.has_group(group)}

    @api.model
    def _get_role_names(self):
        """:return: names of the roles in the language of the reader"""
        return {
            "director": self.env._("Director"),
            "manager": self.env._("Manager"),
            "specialist": self.env._("Specialist"),
            "callback": self.env._("Call-back Desk"),
            "archivist": self.env._("Archive"),
            "developer": self.env._("Development"),
            "accountant": self.env._("Accounting"),
        }

    @api.model
    def _check_role(self, role):
        """:return: the role
        :raises AccessError: when the user does not have it
        """
        if role not in ROLES or not self.env.user.has_group(ROLES[role]):
            raise AccessError(
                self.env._("You have no such role. Ask an administrator which role is yours.")
            )
        return role

    # === Cards === #

    @api.model
    def _get_cards(self, role):
        """The cards of a role's page, in their order; subjects and addons add theirs.

        :param str role: key of ``ROLES``
        :rtype: list[Card]
        """
        return []

    @api.model
    def _get_readable_cards(self, role):
        return [card for card in self._get_cards(role) if self.env[card.model].has_access("read")]

    @api.model
    def _count(self, cards):
        """Count the records of cards under the rights of the user, all in one query.

        :param list cards: of :class:`Card`
        :return: rows by code of the card and key of the part
        :rtype: dict[tuple[str, str], list[dict]]
        """
        parts = []
        for card in cards:
            queries = self._search_parts(card)
            parts += [self._count_part(card, key, query) for key, query in queries.items()]
            if card.by:
                parts.append(self._count_part(card, "person", queries[ALL], card.by))
        if not parts:
            return {}
        query = SQL(
            "SELECT found.code, found.part, found.person, partner.name, found.number, found.amount, found.oldest"
            " FROM (%s) AS found (code, part, person, number, amount, oldest)"
            " LEFT JOIN res_users AS person ON person.id = found.person"
            " LEFT JOIN res_partner AS partner ON partner.id = person.partner_id"
            " ORDER BY partner.name, found.person",
            SQL(" UNION ALL ").join(parts),
        )
        found = defaultdict(list)
        for code, part, person, name, number, amount, oldest in self.env.execute_query(query):
            found[code, part].append(
                {"person": person, "name": name, "number": number, "amount": amount}
                | {"oldest": oldest}
            )
        return found

    @api.model
    def _search_parts(self, card):
        """:return: queries of a card's records in reach of the user, by the key of the part
        :rtype: dict[str, odoo.tools.query.Query]
        """
        model, found = self.env[card.model], {}
        for key, domain in card.get_parts().items():
            whole = found.get(ALL)
            if key == LATE and whole is not None and whole._ids is not None:
                # this model looks through its rows itself: the late ones are some of those it has let through
                query = model._search(
                    Domain("id", "in", whole._ids) & card.late, bypass_access=True
                )
            else:
                query = model._search(domain)
            found[key] = query
        return found

    @api.model
    def _count_part(self, card, key, query, by=None):
        """:return: query with code, part, person, number, sum and earliest time of a part of a card
        :param str by: field with the person, for a row for each of them
        :rtype: SQL
        """
        model = self.env[card.model]

        def column(name):
            return model._field_to_sql(query.table, name, query)

        person = column(by) if by else SQL("NULL::integer")
        amount = SQL("SUM(%s)::float", column(card.measure)) if card.measure else SQL("NULL::float")
        oldest = SQL("MIN(%s)::timestamp", column(card.oldest)) if card.oldest else None
        columns = SQL(
            "%s::text, %s::text, %s, COUNT(*), %s, %s",
            card.code,
            key,
            person,
            amount,
            oldest or SQL("NULL::timestamp"),
        )
        where = query.where_clause or SQL("TRUE")
        return SQL(
            "(SELECT %s FROM %s WHERE %s%s)",
            columns,
            query.from_clause,
            where,
            SQL(" GROUP BY %s", person) if by else SQL(),
        )

    @api.model
    def _prepare_sections(self, cards, numbers):
        """:return: titles with their cards, as the page shows them
        :rtype: list[dict]
        """
        sections = defaultdict(list)
        for card in cards:
            sections[card.section].append(self._prepare_card(card, numbers))
        return [{"title": title, "cards": found} for title, found in sections.items()]

    @api.model
    def _prepare_card(self, card, numbers):
        def value(key):
            (row,) = numbers[card.code, key]
            return (row["amount"] or 0.0) if card.measure else row["number"]

        (row,) = numbers[card.code, ALL]
        oldest = row["oldest"]
        if oldest and self.env[card.model]._fields[card.oldest].type == "datetime":
            oldest = self.env.company._aftersales_day(oldest)
        return {
            "code": card.code,
            "title": card.title,
            "help": card.help,
            "kind": card.kind,
            "value": value(ALL),
            "late": value(LATE) if card.late is not None else False,
            "oldest": fields.Date.to_string(oldest) if oldest else False,
            "earlier": [
                {"key": key, "label": label, "value": value(key)}
                for key, label, _domain in card.earlier
            ],
        }

    @api.model
    def _prepare_people(self, cards, numbers):
        """The figures that are shown for each person, as a table.

        :return: columns, and rows with a number for each column
        :rtype: dict
        """
        columns = [card for card in cards if card.by]
        names, cells = {}, defaultdict(dict)
        for card in columns:
            for row in numbers[card.code, "person"]:
                if row["person"]:
                    names[row["person"]] = row["name"]
                    amount = row["amount"] if card.measure else row["number"]
                    cells[row["person"]][card.code] = amount
        return {
            "columns": [{"code": card.code, "title": card.title} for card in columns],
            "rows": [
                {
                    "person": person,
                    "name": name,
                    "cells": [cells[person].get(card.code, 0) for card in columns],
                }
                for person, name in sorted(names.items(), key=lambda item: item[1] or "")
            ],
        }

    # === Visits of today and tomorrow === #

    @api.model
    def _prepare_visits(self, role):
        """The visits of the user of today and tomorrow, in their order.

        :param str role: only specialists have such a list
        :return: False for other roles
        :rtype: list[dict] | bool
        """
        if role != "specialist":
            return False
        company = self.env.company
        today = company._aftersales_today()
        end = company._aftersales_moment(today + relativedelta(days=VISIT_DAYS), 0)
        visits = self.env["aftersales.visit"].search_fetch(
            Domain("technician_ids", "in", self.env.uid)
            & Domain("state", "in", OPEN_VISITS)
            & Domain("date_planned_start", "<", end)
            & Domain("date_planned_end", ">=", company._aftersales_moment(today, 0)),
            ["name", "state", "date_planned_start", "address", "commercial_partner_id"]
            + ["contact_id"],
            order="date_planned_start, id",
        )
        # sudo: who is in reach of the visits, in one query for customers and contacts
        people = (visits.commercial_partner_id | visits.contact_id).sudo()
        people.fetch(["name", "phone"])
        states = dict(visits._fields["state"]._description_selection(self.env))
        return [
            {
                "id": visit.id,
                "name": visit.name,
                "state": states.get(visit.state, ""),
                "start": fields.Datetime.to_string(visit.date_planned_start),
                "is_today": company._aftersales_day(visit.date_planned_start) <= today,
                "customer": visit.commercial_partner_id.sudo().name,
                "contact": visit.contact_id.sudo().name or "",
                "phone": visit.contact_id.sudo().phone or visit.commercial_partner_id.sudo().phone,
                "address": " ".join((visit.address or "").split()),
            }
            for visit in visits
        ]

    # === Days of domains === #

    @api.model
    def _get_day(self, **delta):
        """:return: the company's today, moved by the arguments of ``relativedelta``"""
        return self.env.company._aftersales_today() + relativedelta(**delta)

    @api.model
    def _get_week_end(self):
        """:return: the Sunday of this week"""
        return date_utils.end_of(self._get_day(), "week")

    @api.model
    def _between_days(self, name, first, after, is_moment=False):
        """Domain of what happened on some days of the company.

        :param str name: field with the day, or the time
        :param datetime.date first: first day
        :param datetime.date after: day after the last one
        :param bool is_moment: the field is a time
        :rtype: Domain
        """
        if is_moment:
            company = self.env.company
            first, after = (company._aftersales_moment(day, 0) for day in (first, after))
        return Domain(name, ">=", first) & Domain(name, "<", after)

    @api.model
    def _in_month(self, name, back=0, is_moment=False):
        """Domain of what happened in a month, this one or a former one.

        :param str name: field with the day, or the time
        :param int back: how many months before this one
        :param bool is_moment: the field is a time
        :rtype: Domain
        """
        first = self._get_day(day=1) - relativedelta(months=back)
        return self._between_days(name, first, first + relativedelta(months=1), is_moment)

    @api.model
    def _get_former_months(self, base, name, is_moment=False, year=False):
        """The same figure of last month, and of this month a year ago.

        :param Domain base: what is counted in any month
        :param str name: field with the day, or the time
        :param bool is_moment: the field is a time
        :param bool year: a year ago, too
        :return: for ``earlier`` of a card
        :rtype: tuple
        """
        last = ("last", self.env._("Last month"), base & self._in_month(name, 1, is_moment))
        if not year:
            return (last,)
        before = base & self._in_month(name, 12, is_moment)
        return (last, ("year", self.env._("A year ago"), before))
