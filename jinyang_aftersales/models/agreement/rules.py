from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ...groups import MANAGERS, READERS
from ...tools.dates import LAST_DAY, next_term
from .values import ACCOUNTANTS

# what was agreed with the customer: fixed when the agreement is no longer a draft
AGREED_FIELDS = {
    "partner_id",
    "company_id",
    "product_line_id",
    "installation_ids",
    "contract_line_ids",
    "contract_line_fixed_ids",
    "term_start",
    "term_end",
    "pricelist_id",
    "renewal_of_id",
    "active",
}
DRAFT = frozenset({"draft"})
# when one of these changes, product line, chain of terms and dates of the lines are computed anew
FOLLOWED_FIELDS = {
    "term_start",
    "term_end",
    "renewal_of_id",
    "installation_ids",
    "contract_line_ids",
    "contract_line_fixed_ids",
}
# set by this addon, so that one invoice covers the whole term in the company's currency
FIXED_FIELDS = {
    "contract_type",
    "generation_type",
    "line_recurrence",
    "currency_id",
    "manual_currency_id",
}
# where invoices are booked: written by accountants only
BOOKING_FIELDS = {"journal_id", "fiscal_position_id", "payment_term_id"}
# what follows from the customer, unless it is given with the customer
CUSTOMER_FIELDS = ("pricelist_id", "fiscal_position_id", "payment_term_id", "invoice_partner_id")
# the day agreed with the customer: colleagues of the service move it, accountants do not
AGREED_DAYS = frozenset({"return_due_date"})


class ContractContract(models.Model):
    """Which fields of a service agreement may be written in which stage, and what follows from a change."""

    _name = "contract.contract"
    _inherit = [
        "aftersales.steps.mixin",
        "aftersales.deadline.mixin",
        "aftersales.portal.page.mixin",
        "contract.contract",
    ]
    # here, because the mixins that come first have none
    _search_text = ("name", "code")
    _search_links = ("partner_id", "commercial_partner_id", "installation_ids")
    _field_states = {
        **dict.fromkeys(AGREED_FIELDS, DRAFT),
        "active": DRAFT | {"lost"},
        # fixed by the signature
        **dict.fromkeys(
            ("signed_on", "signed_by_id", "payment_due_date"), DRAFT | {"sent", "lost"}
        ),
    }
    _manager_field_states = {
        # 五.2.6, 五.2.7: a manager may correct the term; service period and notices follow
        **dict.fromkeys(("term_start", "term_end"), DRAFT | {"signed"}),
        "active": DRAFT | {"lost", "signed"},
    }
    # customers may write messages on agreements they read, without a token
    _mail_post_access = "read"
    _portal_fields = frozenset(
        {
            "active",
            "name",
            "code",
            "contract_type",
            "partner_id",
            "user_id",
            "note",
            "date_start",
            "date_end",
            "recurring_next_date",
            "recurring_rule_type",
            "recurring_interval",
            "recurring_invoicing_type",
            "payment_term_id",
            "currency_id",
            "contract_line_ids",
            "contract_line_fixed_ids",
            "modification_ids",
            # of service agreements
            "is_service_agreement",
            "agreement_stage",
            "agreement_state",
            "product_line_id",
            "installation_ids",
            "term_start",
            "term_end",
            "renewal_of_id",
            "agreement_amount",
            "company_currency_id",
            "accepted_on",
            "accepted_by_name",
            "accepted_by_id",
            "acceptance_signature",
            "declined_on",
            "declined_by_name",
            "decline_reason",
            "signed_on",
            "customer_signatory",
            "agreement_invoice_name",
            "agreement_invoice_date",
            "agreement_invoice_state",
            "agreement_date_due",
            "agreement_amount_due",
            "payment_due_date",
            "paid_on",
            "invoice_sent_on",
            "invoice_courier",
            "invoice_tracking_number",
        }
    )

    can_change_term = fields.Boolean(compute="_compute_can_change_term")

    @api.depends("agreement_stage")
    @api.depends_context("uid")
    def _compute_can_change_term(self):
        for contract in self:
            contract.can_change_term = "term_start" not in contract._get_frozen_fields()

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    @api.model
    def _get_protected_fields(self):
        return super()._get_protected_fields() | {"agreement_stage", "term_anchor"}

    @api.model
    def _get_start_values(self):
        starts = {"agreement_stage": "draft", "term_anchor": None}
        return {**super()._get_start_values(), **starts}

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if not self._makes_agreement(vals):
                continue
            self._check_term_vals(vals)
            for name in ("currency_id", "manual_currency_id"):
                # forms of the contract addon send these fields, which follow from the company
                vals.pop(name, None)
            company = self.env["res.company"].browse(vals.get("company_id")) or self.env.company
            if vals.get("name", "/") in ("/", "", False):
                vals["name"] = self.env["ir.sequence"]._aftersales_next(
                    "aftersales.agreement", company
                )
            vals.setdefault("code", vals["name"])
            vals.update(line_recurrence=True, contract_type="sale", generation_type="invoice")
            vals.setdefault("date", company._aftersales_today())
        contracts = super().create(vals_list)
        agreements = contracts.filtered("is_service_agreement")
        agreements._after_agreement_change()
        agreements._check_payer()
        return contracts

    def write(self, vals):
        becoming = vals.get("is_service_agreement")
        agreements = self if becoming else self.filtered("is_service_agreement")
        if not agreements:
            return super().write(vals)
        agreements._check_term_vals(vals)
        signed = agreements.filtered(lambda contract: contract.agreement_stage == "signed")
        terms = {contract: (contract.term_start, contract.term_end) for contract in signed}
        customers = {
            contract: (contract.partner_id, contract.company_id) for contract in agreements
        }
        payers = {contract: contract.invoice_partner_id for contract in agreements}
        result = super().write(vals)
        turned = agreements.filtered(
            lambda contract: customers[contract] != (contract.partner_id, contract.company_id)
        )
        turned._follow_customer(vals.keys())
        agreements.filtered(
            lambda contract: contract in turned or payers[contract] != contract.invoice_partner_id
        )._check_payer()
        if becoming or not FOLLOWED_FIELDS.isdisjoint(vals):
            agreements._after_agreement_change()
        moved = signed.filtered(
            lambda contract: terms[contract] != (contract.term_start, contract.term_end)
        )
        moved._after_term_moved()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_agreed(self):
        for contract in self.filtered("is_service_agreement"):
            if contract.agreement_stage in ("sent", "signed"):
                raise UserError(
                    self.env._(
                        "%s has been sent or signed and cannot be deleted. Mark it as lost instead.",
                        contract.name,
                    )
                )

    def copy_data(self, default=None):
        """A copy of an agreement is a draft with its own number; its lines are built anew.

        Copied lines of the contract addon would carry the invoicing dates of the old term.
        """
        vals_list = super().copy_data(default)
        for contract, vals in zip(self, vals_list, strict=True):
            if not contract.is_service_agreement:
                continue
            vals.update(name=False, code=False)
            vals.pop("contract_line_fixed_ids", None)
            vals["contract_line_ids"] = contract.contract_line_ids._agreement_copy_commands()
            customer = self.env["res.partner"].browse(vals.get("partner_id"))
            if customer != contract.partner_id:
                company = self.env["res.company"].browse(vals.get("company_id")) or self.env.company
                followed = self._prepare_customer_vals(customer, company)
                vals.update({k: v for k, v in followed.items() if k not in (default or {})})
            for name in ("name", "code"):
                if not (default or {}).get(name):
                    vals.pop(name)
        return vals_list

    def get_formview_id(self, access_uid=None):
        groups = (READERS, *ACCOUNTANTS.split(","))
        if self.is_service_agreement and any(map(self.env.user.has_group, groups)):
            return self.env.ref("jinyang_aftersales.contract_contract_view_form_agreement").id
        return super().get_formview_id(access_uid=access_uid)

    def _set_start_contract_modification(self):
        # no follower, modification or mail for the draft of an agreement: the customer does not know of it yet
        return super(
            ContractContract, self.filtered(lambda contract: not contract.is_service_agreement)
        )._set_start_contract_modification()

    # ------------------------------------------------------------------
    # Guards
    # ------------------------------------------------------------------

    @api.model
    def _makes_agreement(self, vals):
        """:return: whether the values make a service agreement of a new contract"""
        return vals.get(
            "is_service_agreement", self.env.context.get("default_is_service_agreement")
        )

    @api.model
    def _check_new_vals(self, vals_list, unlocked):
        """Refuse agreements in another stage than draft, naming the way to that stage."""
        for vals in vals_list:
            stage = vals.get("agreement_stage", "draft")
            if (
                stage != "draft"
                and "agreement_stage" not in unlocked
                and self._makes_agreement(vals)
            ):
                raise UserError(
                    self.env._("An agreement begins as a draft. Create it, then send or sign it.")
                )
        return super()._check_new_vals(vals_list, unlocked)

    def _check_locked_vals(self, vals):
        becoming = vals.get("is_service_agreement")
        agreements = self if becoming else self.filtered("is_service_agreement")
        agreements._check_agreement_vals(vals)
        return super()._check_locked_vals(vals)

    def _check_agreement_vals(self, vals):
        """Refuse values of service agreements that users may not write, by form, import or RPC.

        :param dict vals: values about to be written, without those that a method of the product has unlocked
        :raises UserError: naming the fields, and what to do instead
        """
        closed = FIXED_FIELDS
        if not self.env.su and not self.env.user.has_group("account.group_account_invoice"):
            closed = closed | BOOKING_FIELDS
        for contract in self:
            wrong = contract._find_refused(vals)
            wrong |= contract._changed_fields(vals, closed)
            if contract.agreement_stage == "signed" and not self._serves():
                wrong |= contract._changed_fields(vals, AGREED_DAYS)
            if vals.get("is_service_agreement") is False:
                wrong.add("is_service_agreement")
            if wrong:
                contract._refuse_fields(wrong)
            contract._check_dispatch(vals)
        self._check_field_states(vals)

    @api.model
    def _serves(self):
        """:return: whether the user has a role in the service; others keep accounts"""
        return self.env.su or self.env.user.has_group(READERS)

    def _get_frozen_fields(self):
        frozen = super()._get_frozen_fields()
        if not self.is_service_agreement:
            return frozen
        # the number is given with the first save
        frozen.add("name")
        return frozen

    def _check_payer(self):
        """Refuse that somebody else than the customer pays, unless a manager has decided it.

        :raises UserError: naming agreement and payer
        """
        if self.env.su or self.env.user.has_group(MANAGERS):
            return
        for contract in self.sudo():
            payer = contract.invoice_partner_id
            decided = contract.renewal_of_id.invoice_partner_id
            if (
                payer
                and payer != decided
                and payer.commercial_partner_id != contract.commercial_partner_id
            ):
                raise UserError(
                    self.env._(
                        "%(agreement)s is invoiced to its customer. That %(payer)s pays is decided by a service"
                        " manager.",
                        agreement=contract.name,
                        payer=payer.display_name,
                    )
                )

    def _refuse_fields(self, names):
        raise UserError(
            self.env._(
                "%(fields)s of %(contract)s cannot be entered. Use the buttons of the agreement.",
                fields=self._labels(names),
                contract=self[:1].name or "/",
            )
        )

    def _check_term_vals(self, vals):
        """Refuse terms too far in the future, before the lines are dated by them.

        :param dict vals: values about to be written
        :raises ValidationError: naming the last day a term may have
        """
        for name in ("term_start", "term_end"):
            day = fields.Date.to_date(vals.get(name))
            if day and day > LAST_DAY:
                raise ValidationError(
                    self.env._(
                        "The term of a service agreement cannot go on until %(day)s. Enter a day up to %(last)s.",
                        day=self._say_day(day),
                        last=self._say_day(LAST_DAY),
                    )
                )

    # ------------------------------------------------------------------
    # Effects of a change
    # ------------------------------------------------------------------

    @api.model
    def _prepare_customer_vals(self, customer, company):
        """What prices, taxes, payment and invoices of an agreement follow from: its customer.

        :param customer: res.partner
        :param company: res.company
        :return: values by name of ``CUSTOMER_FIELDS``
        :rtype: dict
        """
        # sudo: set for specialists, too, who may not read the accounting of the customer
        partner = customer.sudo().with_company(company)
        position = partner.env["account.fiscal.position"]._get_fiscal_position(
            partner.commercial_partner_id or partner
        )
        return {
            "pricelist_id": partner.property_product_pricelist.id,
            "fiscal_position_id": position.id,
            "payment_term_id": partner.property_payment_term_id.id,
            "invoice_partner_id": partner.address_get(["invoice"])["invoice"],
        }

    def _follow_customer(self, given):
        """Let prices, taxes, payment and payer follow the new customer; the contract addon does so in its form only.

        :param given: names of fields that were given together with the customer
        """
        for contract in self:
            values = self._prepare_customer_vals(contract.partner_id, contract.company_id)
            values = {name: value for name, value in values.items() if name not in given}
            # sudo: the user may not read accounting or the contact of the customer before
            agreement = contract.sudo()
            contact = agreement.invoice_contact_id
            if contact.commercial_partner_id != agreement.commercial_partner_id:
                values.update(invoice_contact_id=False, invoice_address=False)
            agreement._write_unlocked(values)

    def _after_agreement_change(self):
        """Keep product line, chain of terms and the invoicing dates of the lines in step."""
        for contract in self:
            # sudo: reads the software covered, for accountants who import agreements, too
            line = contract.sudo().installation_ids.product_line_id
            vals = {}
            if not contract.product_line_id and len(line) == 1:
                vals["product_line_id"] = line.id
            anchor = contract._get_term_anchor()
            if contract.term_anchor != anchor:
                vals["term_anchor"] = anchor
            if contract.term_start and contract.date_start != contract.term_start:
                vals["date_start"] = contract.term_start
            if not contract.line_recurrence:
                # each line has its own dates, so that one invoice covers the whole term
                vals["line_recurrence"] = True
            if vals:
                contract._write_unlocked(vals)
        self.contract_line_ids._align_with_agreement()

    def _get_term_anchor(self):
        """First day of the unbroken chain of terms this term belongs to.

        :rtype: datetime.date | bool
        """
        self.ensure_one()
        renewed = self.renewal_of_id
        if self.term_start and renewed.term_start and renewed.term_end:
            anchor, start, _end = next_term(
                renewed.term_anchor, renewed.term_start, renewed.term_end
            )
            if start == self.term_start:
                return anchor
        return self.term_start

    def _after_term_moved(self):
        """A manager changed the term of signed agreements: periods and notices follow."""
        if not self:
            return
        for contract in self:
            contract._sync_payment(
                self.env._(
                    "The term of %(agreement)s was changed to %(start)s – %(end)s",
                    agreement=contract.name,
                    start=self._say_day(contract.term_start),
                    end=self._say_day(contract.term_end),
                )
            )
        # sudo: notices follow the term, and the manager who changed it may not write all of them
        self.env["aftersales.renewal.notice"].sudo()._reconcile(self.company_id)

    def _get_ended_domain(self):
        today = self.env.company._aftersales_today()
        return Domain("agreement_stage", "=", "lost") | (
            Domain("agreement_stage", "=", "signed") & Domain("term_end", "<", today)
        )

    def _is_open_by_token(self):
        # neither purchase contracts nor agreements that were not sent yet are opened by a link
        shown = not self.is_service_agreement or self.agreement_stage != "draft"
        return super()._is_open_by_token() and self.contract_type == "sale" and shown
