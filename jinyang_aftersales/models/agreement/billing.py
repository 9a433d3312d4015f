from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ...groups import MANAGERS, READERS
from ..deadline.deadline import Deadline
from .values import AGREED_LINE_FIELDS, DISPATCH_FIELDS

ACCOUNTANT = "account.group_account_invoice"
DISPATCH_ACTIVITY = "jinyang_aftersales.mail_activity_invoice_dispatch"

INVOICE_STATES = [
    ("none", "Not Invoiced"),
    ("draft", "Draft"),
    ("open", "Awaiting Payment"),
    ("overdue", "Overdue"),
    ("paid", "Paid"),
    ("reversed", "Credited"),
    ("free", "Free of Charge"),
]


class ContractContract(models.Model):
    """Amount and invoice of a service agreement, from signing to dispatch (五.2.3 – 五.2.5).

    What happens when the invoice is paid is in ``payment.py``.
    """

    _inherit = "contract.contract"

    invoice_contact_id = fields.Many2one(
        comodel_name="res.partner",
        string="Invoice Contact",
        copy=False,
        domain="[('commercial_partner_id', '=', commercial_partner_id)]",
        help="Who receives the paper invoice, and where (五.2.5).",
    )
    invoice_address = fields.Char(
        copy=False, help="Where the paper invoice goes, as confirmed with the customer (五.2.5)."
    )
    invoice_sent_on = fields.Date(string="Invoice Dispatched On", copy=False, tracking=True)
    invoice_courier = fields.Char(string="Courier", copy=False, tracking=True)
    invoice_tracking_number = fields.Char(string="Waybill Number", copy=False, tracking=True)
    invoice_dispatch_due = fields.Date(
        string="Invoice to Dispatch By",
        readonly=True,
        copy=False,
        help="Working days of the company's setting after the invoice was made.",
    )
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company Currency"
    )
    agreement_amount = fields.Monetary(
        string="Amount",
        compute="_compute_agreement_amount",
        store=True,
        currency_field="company_currency_id",
        help="What the customer pays for the term, taxes included.",
    )
    fee_amount = fields.Monetary(
        string="By Yearly Fees",
        compute="_compute_fee_amount",
        currency_field="company_currency_id",
        groups=READERS,
        help="What the yearly fees of the products make for the term, before taxes and discounts.",
    )
    is_off_fee = fields.Boolean(compute="_compute_fee_amount", groups=READERS)
    invoice_ids = fields.Many2many(
        comodel_name="account.move",
        string="Invoices",
        compute="_compute_invoice_ids",
        compute_sudo=True,
    )
    # the figures of the invoice that specialists may read without rights on accounting
    agreement_invoice_state = fields.Selection(
        selection=INVOICE_STATES, string="Invoice", compute="_compute_agreement_invoice"
    )
    agreement_invoice_name = fields.Char(
        string="Invoice Number", compute="_compute_agreement_invoice"
    )
    agreement_invoice_date = fields.Date(
        string="Invoice Date", compute="_compute_agreement_invoice"
    )
    agreement_date_due = fields.Date(string="Due On", compute="_compute_agreement_invoice")
    agreement_amount_due = fields.Monetary(
        string="Open Amount",
        compute="_compute_agreement_invoice",
        currency_field="company_currency_id",
    )
    can_create_invoice = fields.Boolean(compute="_compute_can_create_invoice")
    paid_on = fields.Date(readonly=True, copy=False, tracking=True)

    # agreements that wait for payment: few, while the number of paid ones grows
    _unpaid_idx = models.Index(
        "(company_id) WHERE is_service_agreement AND agreement_stage = 'signed' AND paid_on IS NULL"
    )

    # ------------------------------------------------------------------
    # Amount
    # ------------------------------------------------------------------

    def _get_computed_currency(self):
        # agreements use the company's currency, so that amounts add up and can be written in capital figures
        if self.is_service_agreement:
            return self.company_id.currency_id
        return super()._get_computed_currency()

    @api.depends(
        "is_service_agreement",
        "company_id",
        "fiscal_position_id",
        "contract_line_ids.display_type",
        "contract_line_ids.product_id",
        "contract_line_ids.quantity",
        "contract_line_ids.price_unit",
        "contract_line_ids.discount",
    )
    def _compute_agreement_amount(self):
        """Compute the amount by the tax rules of the invoice, so that both are the same."""
        taxes = self.env["account.tax"]
        for contract in self:
            lines = contract.contract_line_ids.filtered(lambda line: not line.display_type)
            if not contract.is_service_agreement or not lines:
                contract.agreement_amount = 0.0
                continue
            company = contract.company_id
            base_lines = [line._prepare_agreement_base_line() for line in lines]
            taxes._add_tax_details_in_base_lines(base_lines, company)
            taxes._round_base_lines_tax_details(base_lines, company)
            contract.agreement_amount = taxes._get_tax_totals_summary(
                base_lines=base_lines, currency=company.currency_id, company=company
            )["total_amount_currency"]

    @api.depends(
        "agreement_stage",
        "term_start",
        "term_end",
        "contract_line_ids.product_id",
        "contract_line_ids.price_unit",
        "contract_line_ids.quantity",
    )
    def _compute_fee_amount(self):
        """Compare the lines of drafts with the fees of the products, which are only proposed."""
        for contract in self:
            fees = {}
            if contract.is_service_agreement and contract.agreement_stage == "draft":
                fees = contract.contract_line_ids._get_fees()
            contract.fee_amount = sum(fee * line.quantity for line, fee in fees.items())
            contract.is_off_fee = any(
                contract.company_id.currency_id.compare_amounts(line.price_unit, fee)
                for line, fee in fees.items()
            )

    def action_apply_fees(self):
        """Put the yearly fees of the products for the term on the lines of drafts.

        :raises AccessError: for users who may not write the agreements
        :raises UserError: for agreements that are no longer drafts
        """
        self.check_access("write")
        for contract in self:
            contract.contract_line_ids._check_agreed(contract)
            before = contract.agreement_amount
            for line, fee in contract.contract_line_ids._get_fees().items():
                line.write({"specific_price": fee, "price_unit": fee})
            contract._message_log(
                body=self.env._(
                    "Lines at the yearly fees of the products: %(new)s instead of %(old)s.",
                    new=contract._say_amount(contract.agreement_amount, contract.currency_id),
                    old=contract._say_amount(before, contract.currency_id),
                )
            )

    # ------------------------------------------------------------------
    # Invoices
    # ------------------------------------------------------------------

    def _get_agreement_moves(self):
        """Invoices and credit notes of each agreement, in any state.

        :return: ``{contract: account.move}``, records as superuser
        :rtype: dict
        """
        # sudo: finds the invoices of agreements the user may read, for users without rights on accounting
        lines = self.sudo().with_context(active_test=False).contract_line_ids
        groups = (
            self.env["account.move.line"]
            .sudo()
            ._read_group(
                [("contract_line_id", "in", lines.ids)], ["contract_line_id"], ["move_id:recordset"]
            )
        )
        found = {contract.id: self.env["account.move"].sudo() for contract in self}
        for line, moves in groups:
            found[line.contract_id.id] |= moves
        # one prefetch set, so that all invoices are read by one query
        together = self.env["account.move"].union(*found.values())._prefetch_ids
        return {contract: found[contract.id].with_prefetch(together) for contract in self}

    def _get_live_invoices(self):
        """Invoices of one agreement that still ask for money or have been paid.

        :return: account.move, as superuser
        """
        self.ensure_one()
        return self._get_agreement_moves()[self].filtered(
            lambda move: move.move_type == "out_invoice"
            and move.state != "cancel"
            and move.payment_state != "reversed"
        )

    @api.depends("agreement_stage", "paid_on", "contract_line_ids.last_date_invoiced")
    def _compute_invoice_ids(self):
        moves = self._origin._get_agreement_moves()
        for contract in self:
            contract.invoice_ids = moves.get(contract._origin, self.env["account.move"])

    @api.depends("invoice_ids")
    def _compute_agreement_invoice(self):
        moves = self._origin._get_agreement_moves()
        for contract in self:
            invoices = moves.get(contract._origin, self.env["account.move"]).filtered(
                lambda move: move.move_type == "out_invoice" and move.state != "cancel"
            )
            current = invoices.filtered(lambda move: move.payment_state != "reversed") or invoices
            posted = current.filtered(lambda move: move.state == "posted")
            contract.agreement_invoice_name = contract._name_invoices(current) or False
            contract.agreement_invoice_date = max(posted.mapped("invoice_date"), default=False)
            contract.agreement_date_due = max(posted.mapped("invoice_date_due"), default=False)
            contract.agreement_amount_due = sum(posted.mapped("amount_residual"))
            contract.agreement_invoice_state = contract._get_invoice_state(current, posted)

    @api.model
    def _name_invoices(self, invoices):
        """Numbers of invoices, for messages.

        :param invoices: account.move, as superuser
        :rtype: str
        """
        return ", ".join(move.name or move.display_name for move in invoices)

    def _get_invoice_state(self, invoices, posted):
        """State of the agreement's invoice, as it is shown on the agreement.

        :param invoices: account.move, the agreement's invoices that are not cancelled
        :param posted: account.move, the posted ones
        :return: one of the keys of ``INVOICE_STATES``
        """
        if self.paid_on:
            return "paid" if posted else "free"
        if not invoices:
            return "none"
        if not posted:
            return "draft"
        if all(move.payment_state == "reversed" for move in posted):
            return "reversed"
        today = self.company_id._aftersales_today()
        late = any(move.invoice_date_due and move.invoice_date_due < today for move in posted)
        return "overdue" if late else "open"

    @api.depends("agreement_stage", "agreement_amount", "invoice_ids")
    def _compute_can_create_invoice(self):
        for contract in self:
            contract.can_create_invoice = (
                contract.is_service_agreement
                and contract._origin
                and contract._origin._get_invoicing_gap() is None
            )

    def _get_invoicing_gap(self):
        """Why no invoice can be made for the agreement now.

        :return: the reason, or None when it can
        :rtype: str | None
        """
        self.ensure_one()
        if self.agreement_stage != "signed":
            return self.env._("%s is not signed: there is nothing to invoice yet.", self.name)
        if self.taken_over_on:
            return self.env._("%s was taken over as signed: it is invoiced elsewhere.", self.name)
        if self.company_id.currency_id.is_zero(self.agreement_amount):
            return self.env._("%s is free of charge.", self.name)
        invoices = self._get_live_invoices()
        if invoices:
            return self.env._(
                "%(contract)s already has the invoice %(invoices)s.",
                contract=self.name,
                invoices=self._name_invoices(invoices),
            )
        return None

    def action_create_invoice(self):
        """Make the invoice again, after the first one was cancelled, deleted or credited.

        :raises UserError: unless the agreement is signed and has no live invoice
        :raises AccessError: for users who may not write the agreement
        """
        self._check_may_invoice()
        for contract in self:
            reason = contract._get_invoicing_gap()
            if reason:
                raise UserError(reason)
            contract._make_invoice(contract.company_id._aftersales_today())
            contract._sync_payment()

    def _make_invoice(self, day):
        """Make, date and post the one invoice of a signed agreement (五.2.3, 五.2.5).

        :param datetime.date day: invoice date
        :raises AccessError: for users who may neither write the agreement nor keep accounts
        :raises UserError: when accounting is not set up for it
        :return: account.move, as superuser
        """
        self.ensure_one()
        self._check_may_invoice()
        # sudo: specialists sign, which makes the invoice (五.2), but have no rights on accounting
        contract = self.sudo().with_company(self.company_id).with_context(agreement_invoice_day=day)
        contract._release_invoiced_lines()
        # the contract addon writes the invoicing dates of the lines
        with contract._lend_key("contract.line", AGREED_LINE_FIELDS) as lending:
            invoice = lending._recurring_create_invoice(contract.term_start)
        if not invoice:
            raise UserError(self.env._("%s has no line that can be invoiced.", self.name))
        invoice.with_context(mail_notify_force_send=False).action_post()
        contract._owe_dispatch()
        contract._message_log(
            body=self.env._(
                "Invoice %(number)s over %(amount)s, due on %(due)s.",
                number=invoice.name,
                amount=self._say_amount(invoice.amount_total, invoice.currency_id),
                due=self._say_day(invoice.invoice_date_due),
            )
        )
        return invoice

    def _check_may_invoice(self):
        """Accountants read agreements; they make the invoice of a signed one, and record its dispatch, by methods.

        :raises AccessError: for users who may neither write the agreements nor keep accounts
        """
        if self.env.user.has_group(ACCOUNTANT):
            self.check_access("read")
        else:
            self.check_access("write")

    def _get_payment_deadline(self, signed_on):
        """Day until which an agreement signed on a day has to be paid (五.2.6).

        :param datetime.date signed_on: day of signature
        :rtype: datetime.date
        """
        self.ensure_one()
        # sudo: a setting of the company, which the signing user may not read
        return signed_on + timedelta(days=self.company_id.sudo().aftersales_payment_days)

    def _prepare_invoice(self, date_invoice, journal=None):
        vals = super()._prepare_invoice(date_invoice, journal=journal)
        day = self.env.context.get("agreement_invoice_day")
        if self.is_service_agreement:
            day = day or self.company_id._aftersales_today()
            vals.update(
                {
                    "invoice_date": day,
                    # 五.2.4: the day agreed with the customer, else 五.2.6; payment terms do not apply
                    "invoice_date_due": max(
                        self.payment_due_date or self._get_payment_deadline(self.signed_on or day),
                        day,
                    ),
                    "invoice_payment_term_id": False,
                    "partner_id": (self.invoice_partner_id or self.partner_id).id,
                }
            )
        return vals

    @api.model
    def _get_contracts_to_invoice_domain(self, date_ref=None):
        # agreements are invoiced when they are signed, not by the contract addon's day of the next invoice
        return super()._get_contracts_to_invoice_domain(date_ref) & Domain(
            "is_service_agreement", "=", False
        )

    def _prepare_recurring_invoices_values(self, date_ref=False):
        """Refuse an invoice for unsigned or already invoiced agreements: every way to an invoice calls this."""
        for contract in self.filtered("is_service_agreement"):
            reason = contract._get_invoicing_gap()
            if reason:
                raise UserError(reason)
        return super()._prepare_recurring_invoices_values(date_ref)

    def _release_invoiced_lines(self):
        """Reset the invoicing dates of agreements without a live invoice, so that they can be invoiced again."""
        # sudo: accountants, who removed the invoice, may not write agreements
        lines = self.sudo().contract_line_ids.filtered("last_date_invoiced")
        for contract, part in lines.grouped("contract_id").items():
            part._write_unlocked(
                {"last_date_invoiced": False, "recurring_next_date": contract.term_start}
            )

    # ------------------------------------------------------------------
    # Dispatch of the paper invoice (五.2.5)
    # ------------------------------------------------------------------

    def write(self, vals):
        result = super().write(vals)
        if vals.get("invoice_sent_on"):
            self._close_deadline("dispatch")
        return result

    @api.constrains("invoice_contact_id")
    def _check_invoice_contact(self):
        """The invoice goes to a person of the customer, or of the company that pays for it."""
        for contract in self.filtered("is_service_agreement"):
            # sudo: compares owners of partners that not every user may read
            row = contract.sudo()
            contact, owners = row.invoice_contact_id, row.commercial_partner_id
            owners |= row.invoice_partner_id.commercial_partner_id
            if contact and contact.commercial_partner_id not in owners:
                raise ValidationError(
                    self.env._(
                        "%(contact)s does not belong to %(customer)s and cannot receive its invoice.",
                        contact=contact.display_name,
                        customer=row.commercial_partner_id.display_name,
                    )
                )

    def _check_dispatch(self, vals):
        """Refuse to record a dispatch without an invoice, on a day to come, or over one recorded before.

        :param dict vals: values about to be written
        :raises UserError: with the reason
        """
        self.ensure_one()
        changed = self._changed_fields(vals, set(DISPATCH_FIELDS))
        if not changed:
            return
        if not self._get_live_invoices().filtered(lambda move: move.state == "posted"):
            raise UserError(
                self.env._("%s has no invoice yet: there is nothing to dispatch.", self.name)
            )
        day = fields.Date.to_date(vals.get("invoice_sent_on"))
        if day and day > self.company_id._aftersales_today():
            raise UserError(self.env._("The invoice cannot have been dispatched in the future."))
        corrected = {name for name in changed if self[name]}
        if corrected and not self.env.user.has_group(MANAGERS):
            raise UserError(
                self.env._("%s: only a service manager corrects a recorded dispatch.", self.name)
            )

    def action_open_invoice_dispatch(self):
        """Open the dialogue that records how the paper invoice left (五.2.5)."""
        self.ensure_one()
        self._check_may_invoice()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Invoice Dispatched"),
            "res_model": "aftersales.invoice.dispatch",
            "view_mode": "form",
            "target": "new",
            "context": {"default_contract_id": self.id},
        }

    def _record_invoice_dispatch(self, day, courier, waybill):
        """Record how the paper invoice left (五.2.5).

        :param datetime.date day: when
        :param str courier: by whom
        :param str waybill: its number
        :raises AccessError: for users who may neither write the agreement nor keep accounts
        :raises UserError: without a day, and for what :meth:`_check_dispatch` refuses
        """
        self.ensure_one()
        self._check_may_invoice()
        if not day:
            raise UserError(self.env._("Enter the day on which the invoice was dispatched."))
        vals = dict(zip(DISPATCH_FIELDS, (day, courier, waybill), strict=True))
        # with the rights of the user: who corrects what was recorded before
        self._check_dispatch(vals)
        # sudo: accountants only read agreements; nothing but the dispatch is written
        self.sudo().write(vals)

    def _owe_dispatch(self):
        """Have the new invoice dispatched; how an earlier one left stays in the history."""
        self.ensure_one()
        company = self.company_id
        self._reopen_deadline("dispatch")
        self._write_unlocked(
            {
                **dict.fromkeys(DISPATCH_FIELDS, False),
                # sudo: a setting of the company, which the signing user may not read
                "invoice_dispatch_due": company._aftersales_next_working_day(
                    company._aftersales_today(), company.sudo().aftersales_dispatch_days
                ),
            }
        )

    def _owe_no_dispatch(self):
        """There is no invoice any more that could be dispatched."""
        owing = self.filtered("invoice_dispatch_due")
        owing._close_deadline("dispatch")
        owing._write_unlocked({"invoice_dispatch_due": False})

    @api.model
    def _get_deadlines(self, company):
        owed = Domain("invoice_sent_on", "=", False) & Domain("agreement_stage", "=", "signed")
        return [
            *super()._get_deadlines(company),
            Deadline(
                "dispatch",
                "invoice_dispatch_due",
                owed,
                DISPATCH_ACTIVITY,
                users=lambda contract: contract._get_late_payment_user(),
                note=lambda contract, due: contract.env._(
                    "The invoice of %(contract)s was to be dispatched by %(day)s.",
                    contract=contract.name,
                    day=due,
                ),
            ),
        ]

    def action_view_invoices(self):
        """Open the invoices and credit notes of the agreement, for users who may read them."""
        self.ensure_one()
        action = {
            "type": "ir.actions.act_window",
            "name": self.env._("Invoices"),
            "res_model": "account.move",
            "views": [
                (self.env.ref("account.view_out_invoice_tree").id, "list"),
                (self.env.ref("account.view_move_form").id, "form"),
            ],
            "domain": [("id", "in", self.invoice_ids.ids)],
            "context": {"create": False},
        }
        return self._open_only(action)
