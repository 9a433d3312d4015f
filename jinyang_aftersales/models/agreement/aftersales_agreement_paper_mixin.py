from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...groups import MANAGERS, READERS
from ...tools.cn import capital_amount
from ...tools.text import clean_line
from .values import COPY_FIELDS


class AftersalesAgreementPaperMixin(models.AbstractModel):
    """The paper of an agreement: what is printed on it, and the counter-signed copy (五.2.3, 五.2.4)."""

    _name = "aftersales.agreement.paper.mixin"
    _description = "Agreement on Paper"

    customer_signatory = fields.Char(
        string="Signed for the Customer By", readonly=True, copy=False, tracking=True
    )
    is_customer_sealed = fields.Boolean(
        string="Customer's Seal Affixed", readonly=True, copy=False, tracking=True
    )
    return_due_date = fields.Date(
        string="Copy Expected Back On", copy=False, help="Agreed with the customer (五.2.4)."
    )
    return_due_date_first = fields.Date(
        string="Copy First Expected On",
        readonly=True,
        copy=False,
        help="The day agreed at the signature. It stays known, wherever the day is moved to.",
    )
    is_return_moved = fields.Boolean(
        string="Day of the Copy Moved",
        readonly=True,
        copy=False,
        help="The day was moved once; from now on a delay is announced, with its reason.",
    )
    can_delay_copy = fields.Boolean(compute="_compute_can_delay_copy")
    countersigned_on = fields.Date(
        string="Counter-Signed Copy Returned On", readonly=True, copy=False, tracking=True
    )
    countersigned_filed = fields.Boolean(
        string="Counter-Signed Copy Filed",
        copy=False,
        tracking=True,
        readonly=True,
        help="Kept in step with the original in the archive.",
    )
    printed_texts = fields.Json(
        readonly=True,
        copy=False,
        groups=READERS,
        help="Names and addresses on the paper as they were signed.",
    )

    @api.depends("agreement_stage")
    @api.depends_context("uid")
    def _compute_can_delay_copy(self):
        reads = self.env.user.has_group(READERS)
        for contract in self:
            contract.can_delay_copy = reads and contract._get_copy_entry("expected").can_delay

    # ------------------------------------------------------------------
    # What is printed
    # ------------------------------------------------------------------

    def _get_agreement_title(self):
        """Title of the agreement on paper, under the brand of its product line.

        :rtype: str
        """
        self.ensure_one()
        brand = self.product_line_id.brand
        if brand:
            return self.env._("%s After-Sales Service Agreement", brand)
        return self.env._("After-Sales Service Agreement")

    @api.model
    def _get_paper_address(self, partner):
        """Address of a party in one line, without its name.

        In China an address goes from the province to the street, without the country; a city that is named like
        its province (北京市) is written once.

        :param partner: res.partner
        :rtype: str
        """
        if partner.country_id.code == "CN":
            state, city = partner.state_id.name or "", partner.city or ""
            parts = (state, "" if city in state else city, partner.street, partner.street2)
            return " ".join(part for part in parts if part)
        lines = partner._display_address(without_company=True).splitlines()
        return ", ".join(part for line in lines if (part := line.strip(" ,")))

    def _get_printed_texts(self):
        """Names, addresses and numbers of both parties as they are now, in the language of the paper.

        :rtype: dict[str, str]
        """
        self.ensure_one()
        customer, company = self.commercial_partner_id, self.company_id
        contact, bank = customer.software_contact_id, company.partner_id.bank_ids[:1]
        return {
            **company._get_letterhead(),
            "customer": customer.name or "",
            "customer_address": self._get_paper_address(customer),
            "contact": contact.name or "",
            "phone": contact.phone or customer.phone or "",
            "tax_number": customer.vat or "",
            "our_address": self._get_paper_address(company.partner_id),
            "our_contact": self.user_id.name or "",
            "our_phone": self.user_id.phone or company.phone or "",
            "our_tax_number": company.vat or "",
            "our_bank": " ".join(filter(None, (bank.bank_id.name, bank.acc_number))),
            "our_signatory": self.signed_by_id.name or "",
        }

    def _get_paper_texts(self):
        """Names and addresses for the paper: as they were signed, else as they are now.

        :rtype: dict[str, str]
        """
        self.ensure_one()
        return {**self._get_printed_texts(), **(self.printed_texts or {})}

    def _get_capital_amount(self):
        """The amount in capital figures (大写金额), where the agreement is in yuan.

        :rtype: str | bool
        """
        self.ensure_one()
        if self.company_id.currency_id.name != "CNY":
            return False
        return capital_amount(self.agreement_amount)

    # ------------------------------------------------------------------
    # The counter-signed copy comes back and is filed
    # ------------------------------------------------------------------

    def action_open_copy(self):
        """Open the dialogue that records the counter-signed copy, for managers also to correct it."""
        self.ensure_one()
        return self._open_signing_dialog(self.env._("Copy Returned"), "aftersales.agreement.copy")

    def action_record_copy(self, values, reason=None):
        """Record that the counter-signed copy came back, with the customer's signature and seal (五.2.4).

        What was recorded before is corrected by service managers, with a reason.

        :param dict values: of ``COPY_FIELDS``
        :param str reason: why a service manager accepts an incomplete copy, or corrects one
        :raises UserError: for an agreement that is not signed, a day to come, or what only a manager may record
        """
        self.check_access("write")
        for contract in self:
            if contract.agreement_stage != "signed":
                raise UserError(self.env._("%s is not signed yet.", contract.name))
            given = contract._with_given(values, COPY_FIELDS)
            early = contract._get_early_obstacle(given.countersigned_on)
            if early:
                raise UserError(early)
            new = dict(vars(given))
            new["customer_signatory"] = clean_line(given.customer_signatory, limit=100) or False
            labels = contract.fields_get(COPY_FIELDS, ["string"])
            gaps = [labels[name]["string"] for name in COPY_FIELDS if not new[name]]
            contract._write_corrected(new, gaps, reason)

    def _is_signed_by_customer(self):
        """:return: whether the customer's side is signed already, so that no copy has to come back"""
        self.ensure_one()
        return bool(self.customer_signatory and self.countersigned_on)

    def _expect_copy(self):
        """Let the archive expect the copy of each agreement, from the specialist unless they have left."""
        for contract in self:
            holder = contract.user_id if contract.user_id.active else None
            contract._expect_archive_entry(
                "countersigned_contract", contract.return_due_date, holder
            )

    def _get_copy_entry(self, *states):
        """The archive's entry of the counter-signed copy.

        :param str states: only in one of these states; in any by default
        :rtype: aftersales.archive.entry
        """
        self.ensure_one()
        return self.archive_entry_ids.filtered(
            lambda row: row.kind == "countersigned_contract" and (not states or row.state in states)
        )[:1]

    def _check_copy_day(self, vals):
        """三.8: the day of the copy is moved once, before it has come, by who owns it; then by an announced delay.

        :param dict vals: values about to be written
        :return: agreements whose day is moved freely now
        :rtype: contract.contract
        :raises AccessError: for users who are neither in charge nor service managers
        :raises UserError: when only an announced delay moves the day, and once the copy has come
        """
        freely = self.browse()
        if "return_due_date" not in vals or "return_due_date" in self._get_unlocked_fields():
            return freely
        for contract in self.filtered(lambda row: row.agreement_stage == "signed"):
            # sudo: where the paper is, also for accountants
            entry = contract.sudo()._get_copy_entry()
            if not entry or not contract._changed_fields(vals, {"return_due_date"}):
                continue
            if entry.state != "expected":
                raise UserError(
                    self.env._(
                        "%s: the counter-signed copy is not expected any more, so its day stays as it was agreed.",
                        contract.name,
                    )
                )
            user = self.env.user
            owner = user in (contract.user_id | entry.holder_id) or user.has_group(MANAGERS)
            if not (owner or self.env.su):
                raise AccessError(
                    self.env._(
                        "Who is in charge of %s moves the day of its copy, or a service manager.",
                        contract.name,
                    )
                )
            due = entry.date_deadline
            if contract.is_return_moved or due <= contract.company_id._aftersales_today():
                raise UserError(
                    self.env._(
                        "%s: the day of the copy is moved once, before it has come. Now announce the delay with its"
                        " reason.",
                        contract.name,
                    )
                )
            freely |= contract
        return freely

    def action_open_copy_delay(self):
        """Ask who owes the counter-signed copy for a later day and the reason (三.8)."""
        self.ensure_one()
        entry = self._get_copy_entry("expected")
        if not entry:
            raise UserError(self.env._("No copy of %s is expected.", self.name))
        return entry.action_open_delay()

    def _move_copy_deadline(self):
        """Move the deadline of the expected copy to the day newly agreed with the customer."""
        for contract in self.filtered(lambda row: row.agreement_stage == "signed"):
            # sudo: the archive's entry follows the agreement, which the user may write
            entry = contract.sudo()._get_copy_entry("expected")
            if entry and entry.date_deadline != contract.return_due_date:
                entry._close_deadline("original_overdue")
                entry._write_unlocked({"date_deadline": contract.return_due_date})
            if not contract.return_due_date_first:
                contract._write_unlocked({"return_due_date_first": contract.return_due_date})

    def _get_filing_gap(self, entry):
        gap = super()._get_filing_gap(entry)
        if entry.kind != "countersigned_contract" or self.countersigned_on or self.taken_over_on:
            return gap
        if not self.company_id._aftersales_owes_since(self.signed_on):
            return gap
        return self.env._(
            "%s: the customer's signatory and seal are not recorded yet. Record them with Copy Returned on the"
            " agreement, then file the copy.",
            self.name,
        )

    def _after_archive_change(self, entry):
        super()._after_archive_change(entry)
        if entry.kind != "countersigned_contract":
            return
        values = {"countersigned_filed": entry.state in ("filed", "on_loan")}
        if entry.state == "filed" and not self.countersigned_on:
            values["countersigned_on"] = entry.filed_on
        self._write_unlocked(values)
