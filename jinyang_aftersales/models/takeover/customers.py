from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.keys import customer_key, phone_keys
from .aftersales_takeover_engine import QUIET
from .run import (
    CHANGED,
    NEW,
    REFUSED,
    CustomerPlan,
    PersonPlan,
    has_legal_form,
    is_same_customer,
    same_letters,
)


class AftersalesTakeoverEngine(models.AbstractModel):
    """Customers and their contacts: who is meant by a row, and what is new or other than before."""

    _inherit = "aftersales.takeover.engine"

    # === Customers === #

    def _plan_customers(self, good, outcomes):
        """Find the customer of each row, or plan a new one.

        :param list[Facts] good: rows without errors
        :return: plans of customers, each with its rows
        :rtype: list[CustomerPlan]
        """
        index = self._index_customers(good)
        plans, by_partner, by_tax, by_key = [], {}, {}, {}
        for facts in sorted(
            good, key=lambda row: (not has_legal_form(row.get("customer")), row.number)
        ):
            outcome = outcomes[facts.number]
            name, tax_id = facts.get("customer"), facts.get("tax_id") or ""
            row = self._find_customer(name, tax_id, index, outcome)
            if outcome.result == REFUSED:
                continue
            plan = by_partner.get(row["id"]) if row else by_tax.get(tax_id)
            if not row and not plan:
                same = [
                    old
                    for old in by_key.get(customer_key(name), ())
                    if is_same_customer(old.name, name)
                ]
                # another tax number means another customer of the same name
                same = [old for old in same if not (tax_id and old.tax_id and old.tax_id != tax_id)]
                if len(same) > 1:
                    outcome.refuse(
                        self.env._(
                            "“%(name)s” may be %(first)s or %(second)s.",
                            name=name,
                            first=same[0].name,
                            second=same[1].name,
                        )
                    )
                    continue
                plan = same[0] if same else None
            elif plan and not row and not is_same_customer(plan.name, name):
                outcome.refuse(
                    self.env._(
                        "The tax number %(tax)s is that of %(other)s, too.",
                        tax=tax_id,
                        other=plan.name,
                    )
                )
                continue
            if not plan:
                plan = CustomerPlan(name, outcome, tax_id)
                if row:
                    plan.partner = self.env["res.partner"].browse(row["id"])
                    by_partner[row["id"]] = plan
                by_key.setdefault(customer_key(name), []).append(plan)
                plans.append(plan)
            if tax_id:
                plan.tax_id = plan.tax_id or tax_id
                by_tax.setdefault(tax_id, plan)
            if len(name) > len(plan.name) and is_same_customer(plan.name, name):
                plan.name = name
            plan.rows.append(facts)
        for plan in plans:
            plan.rows.sort(key=lambda facts: facts.number)
            plan.outcome = outcomes[plan.rows[0].number]
            self._plan_customer(plan, outcomes)
        self._plan_people(plans, outcomes)
        return plans

    def _index_customers(self, good):
        """Customers whose tax number or name some rows have: their id, name, tax number, and whether they are archived.

        :rtype: dict
        """
        partners = self.env["res.partner"].with_context(active_test=False)
        keys = {customer_key(facts.get("customer")) for facts in good}
        taxes = {facts.get("tax_id") for facts in good} - {None}
        index = {"key": {}, "tax": {}, "ours": self._get_own_partners()}
        if not good:
            return index
        query = partners._search(["|", ("parent_id", "=", False), ("is_company", "=", True)])
        names = ("id", "name", "vat", "active")
        columns = [SQL.identifier(query.table, column) for column in names]
        for values in self.env.execute_query(query.select(*columns)):
            row = dict(zip(names, values, strict=True))
            key = customer_key(row["name"])
            tax_id = "".join((row["vat"] or "").split()).upper()
            if tax_id in taxes:
                index["tax"].setdefault(tax_id, []).append(row)
            if key in keys:
                index["key"].setdefault(key, []).append(row)
        return index

    def _get_own_partners(self):
        """:return: ids of partners who are no customers: our companies, colleagues, employees; a set"""
        # sudo: only that they are no customers
        companies = self.env["res.company"].sudo().search(Domain.TRUE).partner_id
        users = (
            self.env["res.users"]
            .sudo()
            .with_context(active_test=False)
            .search([("share", "=", False)])
        )
        employees = (
            self.env["hr.employee"].sudo().with_context(active_test=False).search(Domain.TRUE)
        )
        return {*companies.ids, *users.partner_id.ids, *employees.work_contact_id.ids}

    def _find_customer(self, name, tax_id, index, outcome):
        """The customer that a name and a tax number mean.

        :return: its row of the index, ``None`` for a new one
        :rtype: dict | None
        """
        found = index["tax"].get(tax_id, []) if tax_id else []
        if not found:
            rows = index["key"].get(customer_key(name), [])
            found = [row for row in rows if same_letters(row["name"]) == same_letters(name)]
            found = found or [row for row in rows if is_same_customer(row["name"], name)]
            others = [
                row for row in found if tax_id and row["vat"] and row["vat"].upper() != tax_id
            ]
            if others and len(found) == len(others):
                outcome.refuse(
                    self.env._(
                        "%(name)s has another tax number: %(tax)s.",
                        name=others[0]["name"],
                        tax=others[0]["vat"],
                    )
                )
                return None
            found = [row for row in found if row not in others]
        if len(found) > 1 and any(row["active"] for row in found):
            found = [row for row in found if row["active"]]
        if len(found) > 1:
            outcome.refuse(
                self.env._(
                    "Two customers match: %s. Merge them first, or give the tax number.", name
                )
            )
        elif found and found[0]["id"] in index["ours"]:
            outcome.refuse(
                self.env._(
                    "%s is no customer, but our own company or a colleague.", found[0]["name"]
                )
            )
        elif found and not found[0]["active"]:
            outcome.refuse(
                self.env._("%s is archived. Unarchive the customer first.", found[0]["name"])
            )
        return found[0] if found else None

    def _plan_customer(self, plan, outcomes):
        """What the rows say of a customer, the first that says something first."""
        fields_of = {
            "tax_id": "vat",
            "address": "street",
            "area": "service_area",
            "user_id": "service_user_id",
        }
        wanted = {}
        for facts in plan.rows:
            given = {fields_of[key]: facts.get(key) for key in fields_of if facts.get(key)}
            company = facts.get("company")
            if company.mobiles:
                given["phone"] = " / ".join(company.mobiles)
            if company.landlines:
                given["landline"] = " / ".join(company.landlines)
            given.update(
                {
                    name: value
                    for name, value in (("qq_number", company.qq), ("email", company.email))
                    if value
                }
            )
            for name, value in given.items():
                first = wanted.setdefault(name, value)
                if first != value and name in ("vat", "street"):
                    outcomes[facts.number].changes.append(
                        self.env._(
                            "The %s of an earlier row is kept.", self._label("res.partner", name)
                        )
                    )
        plan.vals = self._get_changes(plan.partner, wanted) if plan.partner else wanted
        if not plan.partner or self._renames(plan):
            plan.vals["name"] = plan.name

    def _renames(self, plan):
        old = plan.partner.name
        if same_letters(old) == same_letters(plan.name):
            return False
        if is_same_customer(old, plan.name):
            # the name with the legal form is the complete one
            return has_legal_form(plan.name) and not has_legal_form(old)
        return True

    # === Contacts === #

    def _plan_people(self, plans, outcomes):
        """Find the contacts that the rows name, or plan new ones."""
        partners = self.env["res.partner"].union(*(plan.partner for plan in plans if plan.partner))
        children = (
            self.env["res.partner"]
            .with_context(active_test=False)
            .search(
                [
                    ("parent_id", "in", partners.ids),
                    ("is_company", "=", False),
                    ("type", "in", ("contact", "other")),
                ]
            )
            .grouped("parent_id")
        )
        for plan in plans:
            own = (
                children.get(plan.partner, partners.browse()) if plan.partner else partners.browse()
            )
            for facts in plan.rows:
                for person in facts.people:
                    self._plan_person(plan, own, facts, person, outcomes[facts.number])
            for person_plan in plan.people:
                self._set_person_vals(person_plan)

    def _plan_person(self, plan, own, facts, person, outcome):
        if outcome.result == REFUSED:
            return
        key = same_letters(person.name)
        for old in plan.people:
            if same_letters(old.person.name) == key:
                self._join_person(old.person, person)
                return
            shared = set(old.person.mobiles) & set(person.mobiles)
            if shared:
                outcome.refuse(
                    self.env._(
                        "The telephone %(number)s is that of %(name)s in row %(row)s.",
                        number=min(shared),
                        name=old.person.name,
                        row=old.row,
                    )
                )
                return
        keys = person.keys()
        same_name = own.filtered(lambda child: same_letters(child.name) == key)
        same_phone = own.filtered(lambda child: keys & set(phone_keys(self._get_numbers(child))))
        found = (same_name & same_phone) or same_name
        if not found:
            mobiles = {key for number in person.mobiles for key in phone_keys(number)}
            found = same_phone.filtered(
                lambda child: mobiles & set(phone_keys(self._get_numbers(child)))
            )
        if len(found.filtered("active")) == 1:
            found = found.filtered("active")
        if len(found) > 1:
            outcome.refuse(
                self.env._(
                    "%(customer)s has two contacts %(name)s.", customer=plan.name, name=person.name
                )
            )
            return
        plan.people.append(PersonPlan(person, outcome, facts.number, found or None))

    @api.model
    def _get_numbers(self, partner):
        return f"{partner.phone or ''} / {partner.landline or ''}"

    @api.model
    def _join_person(self, old, person):
        old.mobiles += [number for number in person.mobiles if number not in old.mobiles]
        old.landlines += [number for number in person.landlines if number not in old.landlines]
        for name in ("function", "qq", "email", "department"):
            setattr(old, name, getattr(old, name) or getattr(person, name))

    def _set_person_vals(self, plan):
        person = plan.person
        wanted = {
            "name": person.name,
            "function": person.function,
            "phone": " / ".join(person.mobiles),
            "landline": " / ".join(person.landlines),
            "qq_number": person.qq,
            "email": person.email,
            "department": person.department,
        }
        wanted = {name: value for name, value in wanted.items() if value}
        if not plan.partner:
            plan.vals = wanted
            return
        if not plan.partner.active:
            # who has left stays so
            plan.vals = {}
            return
        if same_letters(plan.partner.name) == same_letters(person.name):
            del wanted["name"]
        known = set(phone_keys(self._get_numbers(plan.partner)))
        for name in ("phone", "landline"):
            if set(phone_keys(wanted.get(name))) <= known:
                wanted.pop(name, None)
        plan.vals = self._get_changes(plan.partner, wanted)

    # === Writing === #

    def _write_customers(self, plans, outcomes):
        """Make and change the customers and contacts of plans."""
        quiet = self.env["res.partner"].with_context(**QUIET)
        common = {
            "taken_over_on": self.env.company._aftersales_today(),
            "lang": self.env.company._aftersales_lang(),
        }
        fresh = [plan for plan in plans if not plan.partner]
        # A new company has nobody to share its values with, and its contacts are made with them: Odoo need not compare.
        apart = quiet.with_context(_partners_skip_fields_sync=True)
        made = apart.create([{**plan.vals, **common, "is_company": True} for plan in fresh])
        for plan, partner in zip(fresh, made, strict=True):
            plan.partner = partner.with_env(self.env)
            plan.outcome.raise_to(NEW)
        fresh = set(fresh)
        for plan in plans:
            if plan not in fresh:
                self._change_partner(plan)
        self._write_people(apart, [plan for plan in plans if plan in fresh], common, shared=True)
        self._write_people(quiet, [plan for plan in plans if plan not in fresh], common)
        for plan in plans:
            first = plan.people[:1]
            if first and first[0].partner.active and not plan.partner.software_contact_id:
                plan.partner.with_context(**QUIET).software_contact_id = first[0].partner

    def _change_partner(self, plan):
        """Write what is other than before on a customer or contact.

        :param plan: CustomerPlan or PersonPlan
        """
        if plan.vals:
            plan.outcome.raise_to(CHANGED)
            plan.outcome.changes += self._describe(plan.partner, plan.vals)
            plan.partner.write(plan.vals)

    def _write_people(self, partners, plans, common, shared=False):
        """Make and change the contacts of customers.

        :param partners: res.partner, in whose environment contacts are made
        :param dict common: values of all of them
        :param bool shared: whether the values that a company shares with its contacts are given to them
        """
        names = {*partners._commercial_fields(), *partners._address_fields()} if shared else ()
        new, vals_list = [], []
        for plan in plans:
            given = {name: value for name, value in plan.vals.items() if name in names}
            for person in plan.people:
                if person.partner:
                    self._change_partner(person)
                    continue
                new.append(person)
                own = {**common, "parent_id": plan.partner.id, "type": "contact"}
                vals_list.append({**given, **person.vals, **own})
        for person, partner in zip(new, partners.create(vals_list), strict=True):
            person.partner = partner.with_env(self.env)
            person.outcome.raise_to(NEW)
