from odoo import models
from odoo.fields import Domain

from ...tools.dates import LAST_DAY
from ...tools.keys import serial_key
from .aftersales_takeover_engine import QUIET
from .run import CHANGED, NEW, REFUSED, SoftwarePlan


class AftersalesTakeoverEngine(models.AbstractModel):
    """The ledger of customers and their software: installations with serial numbers and periods of service."""

    _inherit = "aftersales.takeover.engine"

    def _take_ledger(self, plans, outcomes, dry):
        """Write the customers, contacts, software and periods of a ledger.

        :param list[CustomerPlan] plans: see ``_plan_customers``
        :param dict outcomes: what becomes of each row, filled in
        :param bool dry: whether it will be taken back
        """
        self._plan_software(plans, outcomes)

        def work(some):
            self._write_customers(some, outcomes)
            self._write_software(some)
            for plan in some:
                for facts in plan.rows:
                    outcome = outcomes[facts.number]
                    outcome.record = outcome.record or ("res.partner", plan.partner.id)

        self._write_plans(plans, outcomes, work)

    # === Finding === #

    def _plan_software(self, plans, outcomes):
        index = self._index_software(plans)
        taken = {}
        for plan in plans:
            for facts in plan.rows:
                outcome = outcomes[facts.number]
                if outcome.result == REFUSED or not facts.get("product_ids"):
                    continue
                found = [
                    self._plan_one(plan, facts, serial, index, taken, outcome)
                    for serial in facts.serials or [""]
                ]
                if outcome.result != REFUSED:
                    plan.software += [one for one in found if one]

    def _index_software(self, plans):
        """Software that the rows may be about, by serial number, and by customer and product.

        :rtype: dict
        """
        installations = self.env["aftersales.installation"].with_context(active_test=False)
        serials = {serial for plan in plans for facts in plan.rows for serial in facts.serials}
        keys = {serial_key(serial) for serial in serials}
        partners = [plan.partner.id for plan in plans if plan.partner]
        domain = Domain("company_id", "=", self.env.company.id)
        named = Domain("serial_number", "in", list(serials))
        if "serial_key" in installations._fields:
            named |= Domain("serial_key", "in", list(keys))
        # sudo: a serial number is unique also among customers the user cannot see
        rows = installations.sudo().search(domain & (named | Domain("partner_id", "in", partners)))
        index = {"serial": {}, "product": {}}
        for row in rows:
            if row.serial_number and serial_key(row.serial_number) in keys:
                index["serial"].setdefault(serial_key(row.serial_number), row)
            index["product"].setdefault((row.partner_id.id, row.product_id.id), []).append(row)
        return index

    def _plan_one(self, plan, facts, serial, index, taken, outcome):
        """The software a row and one of its serial numbers mean.

        :param dict taken: rows by the software they are about, filled in
        :rtype: SoftwarePlan | None
        """
        product = facts.get("product_ids")[0]
        row = index["serial"].get(serial_key(serial)) if serial else None
        if row and row.partner_id != plan.partner:
            outcome.refuse(
                self.env._(
                    "Serial number %(serial)s is installed at %(customer)s.",
                    serial=serial,
                    customer=row.partner_id.display_name,
                )
            )
            return None
        if not row and plan.partner:
            row = self._find_without_serial(plan, facts, product, serial, index, outcome)
        if outcome.result == REFUSED:
            return None
        key = (
            ("row", row.id)
            if row
            else (id(plan), product, facts.get("installed"), serial_key(serial))
        )
        first = taken.setdefault(key, facts)
        if first is not facts:
            if self._has_same_service(first, facts):
                return None
            outcome.refuse(
                self.env._("Row %s is about the same software, with other facts.", first.number)
            )
            return None
        if row and not row.active:
            outcome.refuse(
                self.env._("%s is archived. Unarchive the software first.", row.display_name)
            )
            return None
        one = SoftwarePlan(facts, outcome, serial, row.sudo(False) if row else None)
        self._set_software_vals(one, facts, product, serial)
        return one

    @staticmethod
    def _has_same_service(first, second):
        return all(
            first.get(key) == second.get(key)
            for key in ("product", "version", "installed", "from", "to")
        )

    def _find_without_serial(self, plan, facts, product, serial, index, outcome):
        """Software found by customer, product and day of installation: the row or the software has no serial number."""
        rows = index["product"].get((plan.partner.id, product), [])
        day = facts.get("installed")
        if serial:
            # a number that came later; software of rows that still have none is another one
            listed = [
                other
                for other in plan.rows
                if not other.serials
                and other.get("product_ids") == [product]
                and other.get("installed") == day
            ]
            several = sum(
                other.get("product_ids") == [product] and other.get("installed") == day
                for other in plan.rows
            )
            rows = [
                row
                for row in rows
                if not row.serial_number and (row.installation_date or None) == day
            ]
            return (
                rows[0]
                if len(rows) == 1 and not listed and several == 1 and len(facts.serials) == 1
                else None
            )
        rows = [row for row in rows if (row.installation_date or None) == day]
        rows = [row for row in rows if not row.serial_number] or rows
        if len(rows) > 1:
            outcome.refuse(
                self.env._(
                    "%(customer)s has several of this software. Give the serial number.",
                    customer=plan.name,
                )
            )
            return None
        return rows[0] if rows else None

    def _set_software_vals(self, one, facts, product, serial):
        note = "\n".join(text for text in (facts.get("remark"), *facts.kept) if text)
        wanted = {
            "product_id": product,
            "version": facts.get("version"),
            "serial_number": serial,
            "installation_date": facts.get("installed"),
            "user_id": facts.get("user_id"),
            "usage_note": note,
        }
        wanted = {name: value for name, value in wanted.items() if value}
        if not one.installation:
            # what is not given stays empty: no day of today
            one.vals = {"installation_date": False, **wanted}
            one.period = (facts.get("from"), facts.get("to")) if facts.get("to") else ()
            return
        if serial and serial_key(one.installation.serial_number) == serial_key(serial):
            del wanted["serial_number"]
        one.vals = self._get_changes(one.installation, wanted)
        if facts.get("to"):
            self._plan_period(one, facts.get("from"), facts.get("to"))

    def _plan_period(self, one, start, end):
        """What becomes of the service period of software that is there already."""
        software = one.installation
        if end == software.service_date_end and start in (None, software.service_date_start):
            return
        # sudo: periods of software the user reads
        periods = software.sudo().period_ids.filtered("effective")
        if any(
            row.date_end == end == software.service_date_end and row.date_start == start
            for row in periods
        ):
            return
        paid = periods.filtered(lambda row: row.origin == "agreement")
        if paid:
            one.outcome.refuse(
                self.env._(
                    "The service period of %(software)s comes from the agreement %(agreement)s.",
                    software=software.display_name,
                    agreement=paid[:1].contract_id.name,
                )
            )
            return
        one.period = (start, end)
        if periods:
            one.change = self.env._(
                "Service: %(old)s → %(new)s",
                old=f"{software.service_date_start or ''} – {software.service_date_end}",
                new=f"{start or ''} – {end}",
            )

    # === Writing === #

    def _write_software(self, plans):
        """Make and change the software of plans, and their periods."""
        company = self.env.company
        quiet = self.env["aftersales.installation"].with_context(**QUIET)
        pairs = [
            (plan, one) for plan in plans for one in plan.software if one.outcome.result != REFUSED
        ]
        new = [(plan, one) for plan, one in pairs if not one.installation]
        made = (
            quiet._create_unlocked(
                [
                    {
                        **one.vals,
                        "partner_id": plan.partner.id,
                        "company_id": company.id,
                        "taken_over_on": company._aftersales_today(),
                    }
                    for plan, one in new
                ]
            )
            if new
            else quiet
        )
        for (_plan, one), installation in zip(new, made, strict=True):
            one.installation = installation.with_env(self.env)
            one.outcome.raise_to(NEW)
        for pair in pairs:
            one = pair[1]
            if pair in new:
                continue
            if one.vals or one.period:
                one.outcome.raise_to(CHANGED)
                one.outcome.changes += self._describe(one.installation, one.vals)
                if one.change:
                    one.outcome.changes.append(one.change)
            if one.vals:
                one.installation.write(one.vals)
        self._write_periods([one for _plan, one in pairs if one.period])
        for _plan, one in pairs:
            one.outcome.record = ("aftersales.installation", one.installation.id)

    def _write_periods(self, plans):
        """Add first periods, many at once; periods that replace others are changes with a reason."""
        first = [one for one in plans if not one.change]
        # sudo: no user may write these rows; managers take them over
        rows = self.env["aftersales.service.period"].sudo()
        rows.create(
            [
                {
                    "installation_id": one.installation.id,
                    "origin": "initial",
                    "date_start": one.period[0] or False,
                    "date_end": min(one.period[1], LAST_DAY),
                    "recorded_by_id": self.env.uid,
                }
                for one in first
            ]
        )
        name = self.env.context.get("aftersales_takeover_file") or ""
        for one in plans:
            if one.change:
                reason = self.env._(
                    "Import of %(file)s, row %(row)s", file=name, row=one.facts.number
                )
                one.installation._change_period(one.period[0] or False, one.period[1], reason)
