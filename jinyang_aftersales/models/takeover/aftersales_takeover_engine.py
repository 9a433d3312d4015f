from odoo import api, models
from odoo.exceptions import AccessError
from odoo.fields import Date
from odoo.tools import SQL

from ...groups import MANAGERS
from ...tools.keys import customer_key, phone_keys
from .kinds import AGREEMENTS, LEDGER, TICKETS
from .layout import product_key
from .run import (
    CHANGED,
    NEW,
    REFUSED,
    CustomerPlan,
    Outcome,
    PersonPlan,
    has_legal_form,
    is_same_customer,
    nfkc,
    same_letters,
)

# nothing is said in the history of what is new
QUIET = {"tracking_disable": True, "mail_create_nolog": True, "mail_create_nosubscribe": True}
BATCH = 200


# the model has further rooms: software.py, agreements.py and tickets.py
class AftersalesTakeoverEngine(models.AbstractModel):
    """Takes rows over: finds whom and what they mean, and writes what is new or other than before.

    Keys are the tax number of a customer, else its name; the telephone of a contact, else its name; the serial number
    of software, else customer, product and day of installation; the number of an agreement, else customer, software and
    first day; the old number of a ticket. Where a key fits two records the row is refused. An empty cell changes
    nothing, and a row that says what is known already writes nothing.
    """

    _name = "aftersales.takeover.engine"
    _description = "Take-Over of Rows"

    @api.model
    def _check_rights(self):
        """:raises AccessError: for users other than service managers"""
        if not self.env.user.has_group(MANAGERS):
            raise AccessError(
                self.env._(
                    "A service manager takes customers, agreements and tickets over from Excel."
                )
            )

    @api.model
    def _take(self, kind, found, company, name, dry=False):
        """Take rows over.

        :param str kind: code of the kind of table
        :param list[Facts] found: what the rows say
        :param res.company company: the company that takes over
        :param str name: name of the file, for the history
        :param bool dry: write everything, and take it back: only what would become of the rows is wanted
        :return: what becomes of each row, by its number
        :rtype: dict[int, Outcome]
        :raises AccessError: for users other than service managers
        """
        self._check_rights()
        engine = self.with_company(company).with_context(
            allowed_company_ids=company.ids,
            aftersales_takeover_file=name,
            **({"tracking_disable": True} if dry else {}),
        )
        if not dry:
            return engine._take_all(kind, found)
        savepoint = self.env.cr.savepoint(flush=True)
        try:
            return engine._take_all(kind, found, dry=True)
        finally:
            self.env.flush_all()
            savepoint.close(rollback=True)
            self.env.invalidate_all(flush=False)
            # what was cached of records that are gone
            self.pool.clear_all_caches()
            self.pool.reset_changes()

    @api.model
    def _take_all(self, kind, found, dry=False):
        outcomes = {facts.number: Outcome() for facts in found}
        for facts in found:
            for title, reason in facts.errors:
                text = self._say(reason)
                outcomes[facts.number].refuse(f"{title}：{text}" if title else text)
        known = self._get_known(found)
        good = []
        for facts in found:
            if outcomes[facts.number].result != REFUSED:
                self._look_up(facts, known, outcomes[facts.number])
            if outcomes[facts.number].result != REFUSED:
                good.append(facts)
        plans = self._plan_customers(good, outcomes)
        take = {
            LEDGER: self._take_ledger,
            AGREEMENTS: self._take_agreements,
            TICKETS: self._take_tickets,
        }[kind]
        take(plans, outcomes, dry)
        for facts in found:
            if outcomes[facts.number].result != REFUSED:
                outcomes[facts.number].changes += [self._say(hint) for hint in facts.hints]
        return outcomes

    @api.model
    def _say(self, text):
        """:return: a text in the language of the reader, also one that was written before it was known"""
        return text if isinstance(text, str) else self.env._(text)

    # === Software and colleagues === #

    @api.model
    def _get_products(self):
        """:return: ids of software by the key of its name and of its code, a dict of sets"""
        products = self.env["product.product"].search_fetch(
            [("aftersales_line_id", "!=", False)], ["name", "default_code"]
        )
        found = {}
        for product in products:
            for text in (
                product.name,
                product.default_code,
                product.with_context(lang="en_US").name,
            ):
                if text:
                    found.setdefault(product_key(text), set()).add(product.id)
        return found

    @api.model
    def _get_people(self):
        """:return: ids of colleagues by their name without blanks, a dict of sets"""
        users = self.env["res.users"].search_fetch(
            [("share", "=", False), ("company_ids", "in", self.env.company.ids)], ["name", "login"]
        )
        found = {}
        for user in users:
            for text in {same_letters(user.name), same_letters(user.login)}:
                found.setdefault(text, set()).add(user.id)
        return found

    @api.model
    def _get_known(self, found):
        names = {facts.get("product") for facts in found if facts.get("product")}
        return {
            "products": self._get_products() if names else {},
            "people": self._get_people() if any(facts.get("specialist") for facts in found) else {},
        }

    def _look_up(self, facts, known, outcome):
        """Find the software and the colleague a row names.

        :param dict known: see :meth:`_get_known`
        """
        name = facts.get("product")
        if name:
            ids = known["products"].get(product_key(name), ())
            if not ids and facts.get("number"):
                # an agreement may name several
                parts = [known["products"].get(product_key(part), ()) for part in _split(name)]
                ids = (
                    [next(iter(part)) for part in parts]
                    if all(len(part) == 1 for part in parts)
                    else ()
                )
                facts.values["product_ids"] = list(ids)
            elif len(ids) > 1:
                outcome.refuse(self.env._("Several software products are called “%s”.", name))
            else:
                facts.values["product_ids"] = list(ids)
            if not ids:
                outcome.refuse(
                    self.env._(
                        "There is no software “%s”. Correct its name, or create the product first.",
                        name,
                    )
                )
        name = facts.get("specialist")
        if name:
            ids = known["people"].get(same_letters(name), ())
            if len(ids) == 1:
                facts.values["user_id"] = next(iter(ids))
            elif ids:
                outcome.refuse(
                    self.env._("Several colleagues are called “%s”. Write their login.", name)
                )
            else:
                outcome.refuse(self.env._("There is no colleague “%s”.", name))

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
        companies = self.env["res.company"].sudo().search([]).partner_id
        users = (
            self.env["res.users"]
            .sudo()
            .with_context(active_test=False)
            .search([("share", "=", False)])
        )
        employees = self.env["hr.employee"].sudo().with_context(active_test=False).search([])
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

    def _label(self, model, name):
        return self.env[model].fields_get([name], ["string"])[name]["string"]

    def _get_changes(self, record, wanted):
        """Of some values those that a record does not have yet.

        :param record: one record
        :param dict wanted: values by name of the field
        :rtype: dict
        """
        changes = {}
        for name, value in wanted.items():
            field = record._fields.get(name)
            if field is None:
                continue
            old = record[name]
            if field.type == "many2one":
                same = old.id == value
            elif name in ("phone", "landline"):
                same = set(phone_keys(value)) <= set(phone_keys(old))
            elif field.type in ("char", "text"):
                same = nfkc(old).split() == nfkc(value).split()
            else:
                same = old == value
            if not same:
                changes[name] = value
        return changes

    def _describe(self, record, changes):
        """:return: texts that say what changes: field, old value, new value"""
        lines = []
        for name, value in changes.items():
            field, old = record._fields[name], record[name]
            if field.type == "many2one":
                old, value = (
                    old.display_name,
                    self.env[field.comodel_name].browse(value).display_name,
                )
            elif field.type == "date":
                old, value = self._say_date(old), self._say_date(value)
            lines.append(f"{self._label(record._name, name)}：{old or '–'} → {value or '–'}")
        return lines

    def _say_date(self, day):
        return Date.to_string(day) if day else ""

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

    def _write_plans(self, plans, outcomes, work):
        """Write plans of customers, many at once; where that fails each by itself, so that a broken one stops no other.

        :param work: function of some plans, which writes them
        """
        plans = [
            plan
            for plan in plans
            if any(outcomes[row.number].result != REFUSED for row in plan.rows)
        ]

        def attempt(some):
            states = [plan.get_state(outcomes) for plan in some]
            try:
                work(some)
                self.env.flush_all()
            except Exception:
                for plan, state in zip(some, states, strict=True):
                    plan.set_state(outcomes, state)
                raise

        def failed(plan, error):
            for facts in plan.rows:
                outcomes[facts.number].refuse(str(error))

        job = self.env["aftersales.job"]
        for start in range(0, len(plans), BATCH):
            job._apart(plans[start : start + BATCH], attempt, failed)

    def _write_customers(self, plans, outcomes):
        """Make and change the customers and contacts of plans."""
        quiet = self.env["res.partner"].with_context(**QUIET)
        today = self.env.company._aftersales_today()
        common = {"taken_over_on": today, "lang": self.env.company._aftersales_lang()}
        fresh = [plan for plan in plans if not plan.partner]
        made = quiet.create([{**plan.vals, **common, "is_company": True} for plan in fresh])
        for plan, partner in zip(fresh, made, strict=True):
            plan.partner = partner.with_env(self.env)
            plan.outcome.raise_to(NEW)
        for plan in plans:
            if plan not in fresh and plan.vals:
                plan.outcome.raise_to(CHANGED)
                plan.outcome.changes += self._describe(plan.partner, plan.vals)
                plan.partner.write(plan.vals)
        people = [(plan, person) for plan in plans for person in plan.people]
        new = [(plan, person) for plan, person in people if not person.partner]
        made = quiet.create(
            [
                {**person.vals, **common, "parent_id": plan.partner.id, "type": "contact"}
                for plan, person in new
            ]
        )
        for (_plan, person), partner in zip(new, made, strict=True):
            person.partner = partner.with_env(self.env)
            person.outcome.raise_to(NEW)
        for plan, person in people:
            if (plan, person) not in new and person.vals:
                person.outcome.raise_to(CHANGED)
                person.outcome.changes += self._describe(person.partner, person.vals)
                person.partner.write(person.vals)
        for plan in plans:
            first = plan.people[:1]
            if first and first[0].partner.active and not plan.partner.software_contact_id:
                plan.partner.with_context(**QUIET).software_contact_id = first[0].partner


def _split(name):
    return [
        part
        for part in name.replace("、", "/").replace("，", "/").replace(",", "/").split("/")
        if part.strip()
    ]
