from odoo import models
from odoo.fields import Command, Domain

from ...tools.keys import serial_key
from .aftersales_takeover_engine import QUIET
from .run import CHANGED, NEW, REFUSED


class AftersalesTakeoverEngine(models.AbstractModel):
    """Agreements in force: taken over as signed, without an invoice, with their term as a period where it is paid."""

    _inherit = "aftersales.takeover.engine"

    def _take_agreements(self, plans, outcomes, dry):
        """Write the customers of a list of agreements, the software it names, and the agreements.

        :param list[CustomerPlan] plans: see ``_plan_customers``
        :param dict outcomes: what becomes of each row, filled in
        :param bool dry: whether it will be taken back
        """
        numbers = {facts.get("number") for plan in plans for facts in plan.rows} - {None}
        contracts = self.env["contract.contract"].with_context(active_test=False)
        own = Domain("is_service_agreement", "=", True) & Domain(
            "company_id", "=", self.env.company.id
        )
        by_number = contracts.search(own & Domain("name", "in", list(numbers))).grouped("name")

        def work(some):
            self._write_customers(some, outcomes)
            for plan in some:
                for rows in self._group_rows(plan, outcomes):
                    self._write_agreement(plan, rows, outcomes, by_number, own)

        self._write_plans(plans, outcomes, work)

    def _group_rows(self, plan, outcomes):
        """Rows of one agreement: those with the same number and term, one for each software."""
        groups = {}
        for facts in plan.rows:
            if outcomes[facts.number].result != REFUSED:
                key = facts.get("number") or facts.number
                groups.setdefault((key, facts.get("from"), facts.get("to")), []).append(facts)
        return groups.values()

    def _write_agreement(self, plan, rows, outcomes, by_number, own):
        """Write one agreement, in a savepoint of its own where another one of the customer could be written."""
        outcome = outcomes[rows[0].number]
        software = self.env["aftersales.installation"]
        for facts in rows:
            found = self._find_covered(plan, facts, outcomes[facts.number])
            if outcomes[facts.number].result == REFUSED:
                for other in rows:
                    outcomes[other.number].refuse(
                        self.env._("Row %s of the same agreement is refused.", facts.number)
                    )
                return
            software |= found
        facts = rows[0]
        contract = by_number.get(facts.get("number"))
        if not contract:
            contract = (
                self.env["contract.contract"]
                .search(
                    own
                    & Domain("commercial_partner_id", "=", plan.partner.id)
                    & Domain("term_start", "=", facts.get("from"))
                    & Domain("installation_ids", "in", software.ids)
                )
                .filtered(lambda row: not facts.get("number"))
            )
        if len(contract) > 1:
            outcome.refuse(
                self.env._("Two agreements match: %s.", ", ".join(contract.mapped("name")))
            )
        elif contract:
            self._compare_agreement(contract, plan, facts, outcome)
        else:
            contract = self._make_agreement(plan, rows, software)
            outcome.raise_to(NEW)
        for other in rows:
            if contract and outcomes[other.number].result != REFUSED:
                outcomes[other.number].record = ("contract.contract", contract[:1].id)
                outcomes[other.number].raise_to(outcome.result)

    def _find_covered(self, plan, facts, outcome):
        """The software an agreement covers; what the ledger does not know yet is made.

        :rtype: aftersales.installation
        """
        rows = self.env["aftersales.installation"].search(
            [("partner_id", "=", plan.partner.id), ("company_id", "=", self.env.company.id)]
        )
        products = facts.get("product_ids") or []
        if facts.serials:
            keys = {serial_key(row.serial_number): row for row in rows if row.serial_number}
            found = rows.browse()
            for serial in facts.serials:
                row = keys.get(serial_key(serial))
                if not row and len(products) == 1:
                    row = self._make_software(plan, products[0], facts, serial)
                if not row:
                    outcome.refuse(
                        self.env._(
                            "%(customer)s has no software with the serial number %(serial)s.",
                            customer=plan.name,
                            serial=serial,
                        )
                    )
                    return rows.browse()
                found |= row
            return found
        found = rows.browse()
        for product in products:
            same = rows.filtered(lambda row, product=product: row.product_id.id == product)
            if len(same) > 1:
                outcome.refuse(
                    self.env._(
                        "%(customer)s has several of this software. Give the serial number.",
                        customer=plan.name,
                    )
                )
                return rows.browse()
            found |= same or self._make_software(plan, product, facts, False)
        return found

    def _make_software(self, plan, product, facts, serial):
        vals = {
            "partner_id": plan.partner.id,
            "company_id": self.env.company.id,
            "product_id": product,
            "serial_number": serial,
            "installation_date": False,
            "taken_over_on": self.env.company._aftersales_today(),
            "user_id": facts.get("user_id") or False,
        }
        quiet = self.env["aftersales.installation"].with_context(**QUIET)
        return quiet._create_unlocked(vals).with_env(self.env)

    def _compare_agreement(self, contract, plan, facts, outcome):
        """Agreements that are there already are not changed, but that their payment became known."""
        if contract.commercial_partner_id != plan.partner:
            outcome.refuse(
                self.env._(
                    "%(agreement)s is an agreement of %(customer)s.",
                    agreement=contract.name,
                    customer=contract.commercial_partner_id.display_name,
                )
            )
            return
        terms = (contract.term_start, contract.term_end)
        if terms != (facts.get("from"), facts.get("to")):
            outcome.refuse(
                self.env._(
                    "%(agreement)s has the term %(start)s – %(end)s. Correct it there.",
                    agreement=contract.name,
                    start=contract._say_day(terms[0]),
                    end=contract._say_day(terms[1]),
                )
            )
            return
        if (
            self._is_paid(facts)
            and contract.taken_over_on
            and not contract.is_paid_elsewhere
            and not contract.paid_on
        ):
            self._set_paid(contract, facts)
            outcome.raise_to(CHANGED)
            outcome.changes.append(self.env._("It is paid."))

    @staticmethod
    def _is_paid(facts):
        return facts.get("paid") == "yes" or bool(
            facts.get("paid_on") and facts.get("paid") != "no"
        )

    def _set_paid(self, contract, facts):
        contract._write_unlocked(
            {"is_paid_elsewhere": True, "paid_on": facts.get("paid_on") or False}
        )
        contract._sync_payment()

    def _make_agreement(self, plan, rows, software):
        facts, company = rows[0], self.env.company
        contracts = self.env["contract.contract"].with_context(**QUIET)
        user = facts.get("user_id") or plan.partner.service_user_id.id or self.env.uid
        contract = contracts.create(
            {
                **contracts._prepare_customer_vals(plan.partner, company),
                "is_service_agreement": True,
                "name": facts.get("number") or "/",
                "company_id": company.id,
                "partner_id": plan.partner.id,
                "user_id": user,
                "installation_ids": [Command.set(software.ids)],
                "term_start": facts.get("from"),
                "term_end": facts.get("to"),
                "signed_on": facts.get("signed_on"),
                "contract_line_ids": self._prepare_lines(rows, software),
            }
        )
        note = "\n".join(row.get("remark") for row in rows if row.get("remark"))
        reason = self.env._(
            "Import of %(file)s, row %(row)s",
            file=self.env.context.get("aftersales_takeover_file") or "",
            row=facts.number,
        )
        contract.action_take_over(f"{reason}\n{note}" if note else reason)
        if self._is_paid(facts):
            self._set_paid(contract, facts)
        return contract.with_env(self.env)

    def _prepare_lines(self, rows, software):
        """One line for each software; the amount of a row stands on the first line of its software."""
        amounts = {}
        for facts in rows:
            keys = {serial_key(serial) for serial in facts.serials}
            own = software.filtered(
                lambda row, keys=keys, facts=facts: serial_key(row.serial_number or "") in keys
                if keys
                else row.product_id.id in (facts.get("product_ids") or ())
            )
            if own and facts.get("amount"):
                amounts[own[0]] = amounts.get(own[0], 0) + facts.get("amount")
        return [
            Command.create(
                {
                    "product_id": row.product_id.id,
                    "name": row.product_id.display_name,
                    "quantity": 1,
                    "specific_price": amounts.get(row, 0),
                    "price_unit": amounts.get(row, 0),
                }
            )
            for row in software
        ]
