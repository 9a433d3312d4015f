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

        :param str role: key of ``ROLES``; a role of another addon has none of its own here
        :rtype: list[Card]
        """
        make = getattr(self, f"_get_{role}_cards", None)
        return make() if make else []

    @api.model
    def _get_readable_cards(self, role):
        return [card for card in self._get_cards(role) if self.env[card.model].has_access("read")]

    @api.model
    def _count(self, cards):
        """Count the records of cards under the rights of the user: all in one query, which reads each table once, and
        once more for the numbers by person.

        :param list cards: of :class:`Card`
        :return: rows by code of the card and key of the part
        :rtype: dict[tuple[str, str], list[dict]]
        """
        asked, queries = [], []
        for model in dict.fromkeys(card.model for card in cards):
            group = [card for card in cards if card.model == model]
            parts = [(card, *part) for card in group for part in card.get_counted_parts().items()]
            queries.append(self._count_parts(model, parts, len(asked)))
            asked.append(parts)
            for person in dict.fromkeys(card.by for card in group if card.by):
                parts = [(card, "person", card.domain) for card in group if card.by == person]
                queries.append(self._count_parts(model, parts, len(asked), person))
                asked.append(parts)
        if not queries:
            return {}
        query = SQL(
            "SELECT found.place, found.person, partner.name, found.numbers, found.oldest"
            " FROM (%s) AS found (place, person, numbers, oldest)"
            " LEFT JOIN res_users AS person ON person.id = found.person"
            " LEFT JOIN res_partner AS partner ON partner.id = person.partner_id",
            SQL(" UNION ALL ").join(queries),
        )
        # compiling a query of this length takes longer than the query
        self.env.cr.execute("SET LOCAL jit = off")
        found = defaultdict(list)
        for place, person, name, numbers, oldest in self.env.execute_query(query):
            for (card, key, _domain), number, first in zip(
                asked[place], numbers, oldest, strict=True
            ):
                value = number if card.measure else int(number)
                row = {"person": person, "name": name, "value": value, "oldest": first}
                if value or not person:
                    found[card.code, key].append(row)
        return found

    @api.model
    def _count_parts(self, name, parts, place, by=None):
        """Query for the numbers of one model, in one row; or one for each person.

        :param str name: of the model
        :param list parts: card, key and domain of each number
        :param int place: of this query among the others
        :param str by: field with the person
        :rtype: SQL
        """
        model = self.env[name]
        # with the rules of the model; a number is one of some of these rows
        query = model._search(Domain.OR(domain for _card, _key, domain in parts))

        def column(field):
            return model._field_to_sql(query.table, field, query)

        numbers, oldest = [], []
        for card, _key, domain in parts:
            condition = Domain(domain).optimize_full(model)._to_sql(model, query.table, query)
            what = SQL("SUM(%s)", column(card.measure)) if card.measure else SQL("COUNT(*)")
            numbers.append(SQL("COALESCE(%s FILTER (WHERE %s), 0)::float", what, condition))
            first = SQL("MIN(%s)", column(card.oldest)) if card.oldest else None
            oldest.append(
                SQL("(%s FILTER (WHERE %s))::timestamp", first, condition)
                if first
                else SQL("NULL::timestamp")
            )
        person = column(by) if by else SQL("NULL::integer")
        return SQL(
            "(SELECT %s, %s, ARRAY[%s], ARRAY[%s] FROM %s WHERE %s%s)",
            place,
            person,
            SQL(", ").join(numbers),
            SQL(", ").join(oldest),
            query.from_clause,
            query.where_clause or SQL("TRUE"),
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
            (row,) = numbers.get((card.code, key)) or numbers[card.code, ALL]
            return row["value"]

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
                    cells[row["person"]][card.code] = row["value"]
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
