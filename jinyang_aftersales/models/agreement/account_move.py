from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Date, Domain

from ...groups import READERS
from .values import ACCOUNTANTS

# key under which the transaction keeps the ids of the entries to look at before it commits
NOTED = "aftersales.agreement.moves"
DEBT_ACTIVITY = "jinyang_aftersales.mail_activity_debt"
UNDONE_PAYMENTS = ("draft", "canceled", "rejected")


class AccountMove(models.Model):
    """Service agreements follow the payment state of their invoices, and invoices name their agreements."""

    _inherit = "account.move"

    service_agreement_ids = fields.Many2many(
        comodel_name="contract.contract",
        string="Service Agreements",
        compute="_compute_service_agreements",
        groups=f"{READERS},{ACCOUNTANTS}",
    )
    service_agreement_count = fields.Integer(
        compute="_compute_service_agreements", groups=f"{READERS},{ACCOUNTANTS}"
    )
    service_receivable = fields.Selection(
        selection=[("due", "To Be Paid"), ("late", "Overdue")],
        string="Receivable",
        compute="_compute_service_receivable",
        search="_search_service_receivable",
        groups=ACCOUNTANTS,
        help="Invoices of service agreements that are not paid in full.",
    )
    service_dispatch_due = fields.Date(
        string="To Dispatch By",
        compute="_compute_service_agreements",
        search="_search_service_dispatch_due",
        groups=ACCOUNTANTS,
        help="Until when the paper invoice has to leave (五.2.5); empty once it has left.",
    )
    service_dispatch = fields.Char(
        string="Dispatched", compute="_compute_service_agreements", groups=ACCOUNTANTS
    )

    @api.constrains("payment_state", "state")
    def _note_service_agreements(self):
        """Note entries whose agreements are brought in line before the transaction commits.

        Runs on writes and on every recomputation of the payment state, often while an entry is being posted or
        reconciled, when nothing may be read or written. Entries that were never posted are left out: they have
        changed nothing yet.
        """
        moves = self.filtered("posted_before")
        if moves:
            callbacks = self.env.cr.precommit
            if NOTED not in callbacks.data:
                callbacks.data[NOTED] = set()
                callbacks.add(self.browse()._sync_service_agreements)
            callbacks.data[NOTED].update(moves.ids)

    def _sync_service_agreements(self):
        """Bring the agreements of these entries and of the noted ones in line with their payment."""
        noted = self.env.cr.precommit.data.pop(NOTED, set())
        # sudo: accountants may not write agreements, which follow the booking; nothing of them is shown
        moves = self.sudo() | self.sudo().browse(noted).exists()
        moves._get_service_agreements()._sync_payment()

    def _invoice_paid_hook(self):
        result = super()._invoice_paid_hook()
        self._sync_service_agreements()
        return result

    def unlink(self):
        agreements = self._get_service_agreements()
        names = agreements._name_invoices(self) if agreements else ""
        result = super().unlink()
        agreements._sync_payment(self.env._("Invoice %s was deleted", names))
        return result

    def _get_service_agreements(self):
        """The service agreements these entries invoice or pay.

        :return: contract.contract, as superuser
        """
        if not self:
            return self.env["contract.contract"]
        # sudo: accountants may not read agreements; the result is only given to :meth:`_sync_payment`
        partials = (
            self.env["account.partial.reconcile"]
            .sudo()
            .search(
                [
                    "|",
                    ("debit_move_id.move_id", "in", self.ids),
                    ("credit_move_id.move_id", "in", self.ids),
                ]
            )
        )
        moves = self.sudo() | (partials.debit_move_id | partials.credit_move_id).move_id
        groups = (
            self.env["account.move.line"]
            .sudo()
            ._read_group(
                [
                    ("move_id", "in", moves.ids),
                    ("contract_line_id.contract_id.is_service_agreement", "=", True),
                ],
                ["contract_line_id"],
            )
        )
        lines = self.env["contract.line"].sudo().union(*(line for (line,) in groups))
        return lines.contract_id

    # ------------------------------------------------------------------
    # Payment of one invoice
    # ------------------------------------------------------------------

    def _get_agreement_counterparts(self):
        """Journal items that pay or credit this invoice.

        :return: account.move.line
        """
        lines = self.line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )
        return (
            lines.matched_debit_ids.debit_move_id | lines.matched_credit_ids.credit_move_id
        ).filtered(lambda line: line.move_id != self)

    def _get_agreement_undone_payments(self):
        """Names of payments that are still matched with the invoice though they are no longer booked.

        Setting a payment back to draft leaves it matched, and the invoice "paid".

        :rtype: list[str]
        """
        moves = self._get_agreement_counterparts().move_id
        return moves.filtered(
            lambda move: move.state != "posted" or move.origin_payment_id.state in UNDONE_PAYMENTS
        ).mapped("display_name")

    def _is_agreement_invoice_settled(self):
        """Whether the whole invoice is paid, by what is booked now.

        :rtype: bool
        """
        self.ensure_one()
        if self.state != "posted" or self.payment_state not in ("paid", "in_payment"):
            return False
        if self._get_agreement_undone_payments():
            return False
        if self.currency_id.is_zero(self.amount_residual):
            return True
        # a payment without a journal entry counts from the moment it is in process, also a partial one
        amount = sum(
            payment.currency_id._convert(
                payment.amount, self.currency_id, self.company_id, payment.date
            )
            for payment in self._get_agreement_pending_payments()
        )
        return self.currency_id.compare_amounts(amount, self.amount_residual) >= 0

    def _get_agreement_pending_payments(self):
        """Payments of this invoice that have no journal entry.

        :return: account.payment
        """
        return self.matched_payment_ids.filtered(
            lambda payment: not payment.move_id and payment.state in ("in_process", "paid")
        )

    def _get_agreement_payment_dates(self):
        """On which days this invoice was paid.

        :rtype: list[datetime.date]
        """
        return [
            *self._get_agreement_counterparts().mapped("date"),
            *self._get_agreement_pending_payments().mapped("date"),
        ]

    # ------------------------------------------------------------------
    # Amounts that are no agreement (四 专员.6)
    # ------------------------------------------------------------------

    @api.model
    def _remind_debts(self, company, today):
        """Tell specialists, and later managers, of overdue invoices that belong to no agreement; each once.

        Those of agreements are chased by their agreement. The activity is on the customer, where the specialist sees
        what is owed, and ends when nothing is overdue any more.

        :param company: res.company
        :param datetime.date today: the company's calendar day
        :return: invoices left for lack of time, always 0
        :rtype: int
        :raises UserError: naming the invoices that failed, once the others are done
        """
        # sudo: a routine of the company; its user need not have rights on accounting
        moves = self.sudo().with_company(company)
        late = moves.search(moves._get_debts_domain(company, today))
        moves._close_settled_debts(late.commercial_partner_id)
        errors, job = [], self.env["aftersales.job"]
        days = company.sudo().aftersales_payment_escalation_days

        def remind(move):
            move._remind_debt(today, Date.add(move.invoice_date_due, days=days) < today)

        def failed(move, error):
            errors.append(f"{move.name}: {error}")

        job._each_apart(late, remind, failed, taken=(self.env["aftersales.reminder"]._table,))
        job._checkpoint(len(late), 0)
        if errors:
            raise UserError("\n".join(errors))
        return 0

    @api.model
    def _get_debts_domain(self, company, today):
        """Overdue invoices of customers of the service department, other than those of agreements.

        :param company: res.company
        :param datetime.date today: the company's calendar day
        :rtype: Domain
        """
        agreement = Domain("line_ids.contract_line_id.contract_id.is_service_agreement", "=", True)
        domain = (
            Domain("company_id", "=", company.id)
            & Domain("move_type", "=", "out_invoice")
            & Domain("state", "=", "posted")
            & Domain("payment_state", "in", ("not_paid", "partial"))
            & Domain("invoice_date_due", "<", today)
            & Domain("commercial_partner_id.installation_ids.company_id", "=", company.id)
            & ~agreement
        )
        # what was due before the rule came is shown, but nobody is reminded of it
        since = company.sudo().aftersales_duties_since
        return domain & Domain("invoice_date_due", ">=", since) if since else domain

    @api.model
    def _close_settled_debts(self, owing):
        """End the reminders on customers who owe nothing overdue any more.

        :param owing: res.partner, the customers who still do
        """
        told = self.env["mail.activity"].search(
            [
                ("res_model", "=", "res.partner"),
                ("activity_type_id", "=", self.env.ref(DEBT_ACTIVITY).id),
                ("res_id", "not in", owing.ids),
            ]
        )
        companies = self.env["res.company"].search(Domain.TRUE)
        others = self.search(
            Domain.OR(
                self._get_debts_domain(company, company._aftersales_today())
                for company in companies - self.env.company
            )
            & Domain("commercial_partner_id", "in", told.mapped("res_id"))
        )
        settled = set(told.mapped("res_id")) - set(others.commercial_partner_id.ids)
        self.env["res.partner"].browse(settled)._withdraw_activities(DEBT_ACTIVITY)

    def _remind_debt(self, today, escalate):
        """Tell people of this overdue invoice, unless they were told before.

        :param datetime.date today: the company's calendar day
        :param bool escalate: tell the managers, too
        """
        key = {
            "res_model": self._name,
            "res_id": self.id,
            "kind": "debt",
            "date_deadline": self.invoice_date_due,
        }
        rows = self.env["aftersales.reminder"]
        row = rows.search([(name, "=", value) for name, value in key.items()])
        if row.escalated_on or (row and not escalate):
            return
        company, customer = self.company_id, self.commercial_partner_id
        user = customer.service_user_id
        if not user.active or company not in user.company_ids:
            user = user.browse()
        users = user if not row else user.browse()
        if escalate or not user:
            users |= company._aftersales_managers() - user
        vals = {"told_on": row.told_on or today, "escalated_on": escalate and today}
        if row:
            row.write(vals)
        else:
            rows.create({**key, **vals, "company_id": company.id})
        customer._notify_users(
            users,
            DEBT_ACTIVITY,
            lambda partner: partner.env._(
                "%(invoice)s over %(amount)s was to be paid by %(day)s.",
                invoice=self.name,
                amount=partner._say_amount(self.amount_residual, self.currency_id),
                day=partner._say_day(self.invoice_date_due),
            ),
            today,
            mail=False,
        )

    # ------------------------------------------------------------------
    # What accountants see of agreements (五.2.5, 五.2.6)
    # ------------------------------------------------------------------

    @api.depends("line_ids.contract_line_id", "state", "payment_state")
    @api.depends_context("uid", "lang")
    def _compute_service_agreements(self):
        for move in self:
            # sudo: _get_service_agreements also follows payments; only agreements the user may read are shown
            lines = move.sudo().line_ids.contract_line_id
            agreements = lines.contract_id.filtered("is_service_agreement").with_env(self.env)
            agreements = agreements._filtered_access("read")
            owing = agreements.filtered(
                lambda contract: contract.agreement_stage == "signed"
                and not contract.invoice_sent_on
            )
            live = move.state == "posted" and move.payment_state != "reversed"
            days = owing.filtered("invoice_dispatch_due").mapped("invoice_dispatch_due")
            move.service_agreement_ids = agreements
            move.service_agreement_count = len(agreements)
            move.service_dispatch_due = min(days, default=False) if live else False
            sent = agreements.filtered("invoice_sent_on")
            move.service_dispatch = live and "\n".join(map(self._describe_dispatch, sent)) or False

    @api.model
    def _describe_dispatch(self, agreement):
        """:return: when and how the paper invoice of an agreement left, one line"""
        parts = (
            agreement._say_day(agreement.invoice_sent_on),
            agreement.invoice_courier,
            agreement.invoice_tracking_number,
        )
        return " ".join(filter(None, parts))

    @api.model
    def _get_receivable_domain(self):
        """Posted invoices of service agreements that are not paid in full.

        :rtype: Domain
        """
        return (
            Domain("move_type", "=", "out_invoice")
            & Domain("state", "=", "posted")
            & Domain("payment_state", "in", ("not_paid", "partial"))
            & Domain("line_ids.contract_line_id.contract_id.is_service_agreement", "=", True)
        )

    @api.model
    def _get_late_domain(self):
        """Invoices whose day of payment has passed, for each company by its own calendar day.

        :rtype: Domain
        """
        days = self.env.companies.grouped(lambda company: company._aftersales_today())
        return Domain.OR(
            Domain("company_id", "in", companies.ids) & Domain("invoice_date_due", "<", today)
            for today, companies in days.items()
        )

    def _compute_service_receivable(self):
        # sudo: whether an invoice is one of an agreement; the invoices are those the user reads
        owing = self.sudo().search(self._get_receivable_domain() & Domain("id", "in", self.ids))
        for move in self:
            state = False
            if move._origin.id in owing.ids:
                today = move.company_id._aftersales_today()
                late = move.invoice_date_due and move.invoice_date_due < today
                state = "late" if late else "due"
            move.service_receivable = state

    @api.model
    def _search_service_receivable(self, operator, value):
        if operator != "in":
            return NotImplemented
        owing, late = self._get_receivable_domain(), self._get_late_domain()
        parts = {"due": owing & ~late, "late": owing & late, False: ~owing}
        return Domain.OR(parts[state] for state in set(value) if state in parts)

    @api.model
    def _search_service_dispatch_due(self, operator, value):
        live = (
            Domain("move_type", "=", "out_invoice")
            & Domain("state", "=", "posted")
            & Domain("payment_state", "!=", "reversed")
        )
        agreement = (
            Domain("is_service_agreement", "=", True)
            & Domain("agreement_stage", "=", "signed")
            & Domain("invoice_sent_on", "=", False)
        )

        def having(condition):
            return live & Domain("line_ids.contract_line_id.contract_id", "any", condition)

        owing = having(agreement & Domain("invoice_dispatch_due", "!=", False))
        if operator == "in":
            days = [day for day in value if day]
            found = having(agreement & Domain("invoice_dispatch_due", "in", days))
            return found | ~owing if len(days) < len(list(value)) else found
        if operator in ("<", "<=", ">", ">="):
            return having(agreement & Domain("invoice_dispatch_due", operator, value))
        return NotImplemented

    def action_view_service_agreements(self):
        """Open the service agreements of the invoice."""
        self.ensure_one()
        return self.env["contract.contract"]._get_list_action(
            "jinyang_aftersales.contract_contract_action_agreement",
            [("id", "in", self.service_agreement_ids.ids)],
            {"create": False},
        )

    def action_open_invoice_dispatch(self):
        """Open the dialogue that records how the paper invoice left (五.2.5).

        :raises UserError: for invoices without an agreement
        """
        self.ensure_one()
        if not self.service_agreement_ids:
            raise UserError(
                self.env._("%s is no invoice of a service agreement.", self.display_name)
            )
        return self.service_agreement_ids[:1].action_open_invoice_dispatch()
