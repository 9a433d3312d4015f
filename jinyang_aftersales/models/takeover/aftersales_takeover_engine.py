from odoo import api, models
from odoo.exceptions import AccessError
from odoo.fields import Date

from ...groups import MANAGERS
from ...tools.keys import phone_keys
from .kinds import AGREEMENTS, LEDGER, TICKETS
from .layout import product_key
from .run import (
    REFUSED,
    Outcome,
    nfkc,
    same_letters,
)

# nothing is said in the history of what is new
QUIET = {"tracking_disable": True, "mail_create_nolog": True, "mail_create_nosubscribe": True}
BATCH = 200


# the model has further rooms: customers.py, software.py, agreements.py and tickets.py
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

    # === What changes === #

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


def _split(name):
    return [
        part
        for part in name.replace("、", "/").replace("，", "/").replace(",", "/").split("/")
        if part.strip()
    ]
