from odoo import models
from odoo.fields import Domain
from odoo.tools import plaintext2html

from ...tools.keys import plain, serial_key
from ...tools.text import clean_line
from .aftersales_takeover_engine import QUIET
from .run import NEW, REFUSED, same_letters

TITLE_LENGTH = 60


class AftersalesTakeoverEngine(models.AbstractModel):
    """Open tickets of another system. One that is here already is worked on here: no row changes it."""

    _inherit = "aftersales.takeover.engine"

    def _take_tickets(self, plans, outcomes, dry):
        """Write the customers of a list of open tickets, and the tickets.

        :param list[CustomerPlan] plans: see ``_plan_customers``
        :param dict outcomes: what becomes of each row, filled in
        :param bool dry: whether it will be taken back
        """
        numbers = {
            plain(facts.get("number")).upper()
            for plan in plans
            for facts in plan.rows
            if facts.get("number")
        }
        tickets = self.env["helpdesk.ticket"].with_context(active_test=False)
        known = {}
        # sudo: tickets of all teams, whose numbers are taken
        for ticket in tickets.sudo().search(
            [("former_number", "!=", False), ("company_id", "=", self.env.company.id)]
        ):
            number = plain(ticket.former_number).upper()
            if number in numbers:
                known.setdefault(number, ticket)
        names = {
            model: self._get_names(model)
            for model in ("helpdesk.ticket.channel", "helpdesk.ticket.category")
        }
        for plan in plans:
            for facts in plan.rows:
                self._check_ticket(facts, outcomes[facts.number], names)

        def work(some):
            self._write_customers(some, outcomes)
            self._write_tickets(some, outcomes, known, names, dry)

        self._write_plans(plans, outcomes, work)

    def _get_names(self, model):
        """:return: ids of records by their name in both languages"""
        found = {}
        for lang in {self.env.lang or "en_US", "en_US"}:
            for record in self.env[model].with_context(lang=lang).search(Domain.TRUE):
                found.setdefault(same_letters(record.name), record.id)
        return found

    def _check_ticket(self, facts, outcome, names):
        if not facts.get("number"):
            outcome.refuse(
                self.env._(
                    "The old number is missing: without it the ticket would be made a second time."
                )
            )
        for key, model in (
            ("channel", "helpdesk.ticket.channel"),
            ("category", "helpdesk.ticket.category"),
        ):
            name = facts.get(key)
            if name and same_letters(name) not in names[model]:
                outcome.refuse(
                    self.env._(
                        "“%(name)s” is none of: %(known)s.",
                        name=name,
                        known="、".join(self._list_names(model)),
                    )
                )

    def _list_names(self, model):
        return self.env[model].search([], limit=20).mapped("name")

    def _write_tickets(self, plans, outcomes, known, names, dry):
        rows = []
        for plan in plans:
            for facts in plan.rows:
                outcome = outcomes[facts.number]
                if outcome.result == REFUSED:
                    continue
                number = plain(facts.get("number")).upper()
                ticket = known.get(number)
                if ticket and ticket.commercial_partner_id != plan.partner:
                    outcome.refuse(
                        self.env._(
                            "%(number)s is a ticket of %(customer)s.",
                            number=number,
                            customer=ticket.commercial_partner_id.name,
                        )
                    )
                elif ticket:
                    outcome.record = ("helpdesk.ticket", ticket.id)
                    outcome.changes.append(self.env._("It is here already: %s", ticket.number))
                else:
                    vals = self._prepare_ticket(plan, facts, outcome, names, dry)
                    if outcome.result != REFUSED and number not in {row[1] for row in rows}:
                        rows.append((facts, number, vals))
        if not rows:
            return
        made = (
            self.env["helpdesk.ticket"]
            .with_context(**QUIET)
            ._create_unlocked([vals for _facts, _number, vals in rows])
        )
        for (facts, _number, _vals), ticket in zip(rows, made, strict=True):
            outcomes[facts.number].raise_to(NEW)
            outcomes[facts.number].record = ("helpdesk.ticket", ticket.id)

    def _prepare_ticket(self, plan, facts, outcome, names, dry):
        text = facts.get("description") or facts.get("title")
        title = facts.get("title") or clean_line(text.splitlines()[0], TITLE_LENGTH)
        if facts.get("remark"):
            text = f"{text}\n\n{facts.get('remark')}"
        contact = next(
            (
                one.partner
                for one in plan.people
                if facts.people and one.person.name == facts.people[0].name
            ),
            None,
        )
        return {
            "name": title,
            "description": plaintext2html(text),
            "company_id": self.env.company.id,
            "partner_id": plan.partner.id,
            **({"contact_id": contact.id} if contact else {}),
            "installation_id": self._find_reported(plan, facts, outcome).id,
            "user_id": facts.get("user_id") or False,
            "channel_id": names["helpdesk.ticket.channel"].get(
                same_letters(facts.get("channel") or "")
            )
            or False,
            "category_id": names["helpdesk.ticket.category"].get(
                same_letters(facts.get("category") or "")
            )
            or False,
            "former_number": facts.get("number"),
            "reported_on": facts.get("reported_on") or False,
            "taken_over_on": self.env.company._aftersales_today(),
            # numbers that are drawn are not given back
            **({"number": f"/{facts.number}"} if dry else {}),
        }

    def _find_reported(self, plan, facts, outcome):
        """The software a ticket is about, by serial number, else the only one of the customer with that name."""
        rows = self.env["aftersales.installation"].search(
            [("partner_id", "=", plan.partner.id), ("company_id", "=", self.env.company.id)]
        )
        if facts.serials:
            keys = {serial_key(serial) for serial in facts.serials}
            found = rows.filtered(lambda row: serial_key(row.serial_number or "") in keys)
            if not found:
                outcome.refuse(
                    self.env._(
                        "%(customer)s has no software with the serial number %(serial)s.",
                        customer=plan.name,
                        serial=facts.serials[0],
                    )
                )
            return found[:1]
        if facts.get("product_ids"):
            found = rows.filtered(lambda row: row.product_id.id in facts.get("product_ids"))
            return found if len(found) == 1 else found.browse()
        return rows.browse()
