from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command, Domain
from odoo.tools import SQL

from ...activities import RENEW_ACTIVITY
from ...groups import READERS
from ...tools.dates import LAST_DAY, next_term
from ...tools.text import list_words
from ..company.service_state import company_limits
from .values import AGREEMENT_STAGES, AGREEMENT_STATES


# The model has further rooms: rules.py (what may be written), signing.py, billing.py and payment.py; what is printed
# and what becomes of the copy is in aftersales_agreement_paper_mixin.py, and in its own
# subject the customer's answer to an offer
class ContractContract(models.Model):
    """Service agreements (五.2): a contract that covers installations for a term.

    Only ``agreement_stage`` is stored; the state is derived from it and the term, see
    :meth:`_compute_agreement_state`.

    ========================  ==============================================================
    Who                       May
    ========================  ==============================================================
    specialist                read all of their companies; in reach (responsible, creator or
                              in charge of the customer) write drafts, send, sign, renew, and
                              record returned copy and dispatch after signing
    manager, director         everything a specialist may, for every agreement; change the
                              term after signing; delete drafts; undo a signature whose
                              invoice is gone; with a reason: sign although something is
                              missing, correct what was signed, agree on another payment day
    call-back, archive, dev.  read
    accountant                all contracts and invoices, by rights of the contract addon; make a
                              missing invoice and record its dispatch (only read otherwise)
    ========================  ==============================================================
    """

    _name = "contract.contract"
    _inherit = ["contract.contract", "aftersales.owner.mixin", "aftersales.job.mixin"]

    # stored with the agreement; the contract addon has it related to the contact, which may move
    commercial_partner_id = fields.Many2one(related=None, compute="_compute_commercial_partner_id")
    # a new agreement has no number until it is saved
    name = fields.Char(
        default=lambda self: "/" if self.env.context.get("default_is_service_agreement") else False
    )
    is_service_agreement = fields.Boolean(string="Service Agreement", index=True)
    agreement_stage = fields.Selection(
        selection=AGREEMENT_STAGES,
        string="Stage",
        default="draft",
        required=True,
        copy=False,
        tracking=True,
    )
    agreement_state = fields.Selection(
        selection=AGREEMENT_STATES,
        string="State",
        compute="_compute_agreement_state",
        search="_search_agreement_state",
        help="Active: signed and within its term. Renewed: the term is over and a successor is signed.",
    )
    product_line_id = fields.Many2one(
        comodel_name="aftersales.product.line",
        string="Product Line",
        ondelete="restrict",
        help="One product line and brand an agreement.",
    )
    installation_ids = fields.Many2many(
        comodel_name="aftersales.installation",
        relation="aftersales_contract_installation_rel",
        column1="contract_id",
        column2="installation_id",
        string="Installations",
        domain="[('partner_id', '=', commercial_partner_id), ('product_line_id', '=?', product_line_id)]",
        copy=False,
        # accountants read contracts, but neither software nor notices
        groups=f"{READERS},base.group_portal",
    )
    term_start = fields.Date(tracking=True, copy=False)
    term_end = fields.Date(
        tracking=True, copy=False, index="btree_not_null", help="Last day of the term, inclusive."
    )
    term_anchor = fields.Date(
        copy=False,
        help="First day of the first term of an unbroken chain: the terms are counted from it, so that a "
        "chain begun on 29 February comes back to that day.",
    )
    renewal_of_id = fields.Many2one(
        comodel_name="contract.contract",
        string="Renewal Of",
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    renewal_ids = fields.One2many(
        comodel_name="contract.contract", inverse_name="renewal_of_id", string="Renewals"
    )
    notice_ids = fields.One2many(
        comodel_name="aftersales.renewal.notice",
        inverse_name="contract_id",
        string="Notices",
        groups=READERS,
    )
    # computed by the contract addon from journals and invoices, which specialists may not read
    currency_id = fields.Many2one(compute_sudo=True)
    pricelist_id_domain = fields.Binary(compute_sudo=True)
    invoice_count = fields.Integer(compute_sudo=True)
    renewal_count = fields.Integer(compute="_compute_renewal_count")
    notice_count = fields.Integer(compute="_compute_notice_count", groups=READERS)
    callback_ids = fields.One2many(
        comodel_name="aftersales.callback",
        inverse_name="contract_id",
        string="Call-backs",
        groups=READERS,
        copy=False,
    )
    callback_count = fields.Integer(compute="_compute_callback_count", groups=READERS)

    # one renewal at a time: two clicks in two tabs do not make two
    _one_renewal = models.UniqueIndex(
        "(renewal_of_id) WHERE renewal_of_id IS NOT NULL AND agreement_stage != 'lost'",
        "This agreement has already been renewed. Open its renewal, or mark that one as lost first.",
    )
    _agreement_term = models.Constraint(
        "CHECK(NOT is_service_agreement OR term_start IS NULL OR term_end IS NULL OR term_end >= term_start)",
        "The term of a service agreement cannot end before it begins.",
    )

    def _is_over(self):
        return self.is_service_agreement and self.agreement_stage in ("signed", "lost")

    @api.depends("name")
    def _compute_display_name(self):
        # an agreement that is not saved has no number: its form shows it as new
        unnumbered = self.filtered(
            lambda contract: contract.is_service_agreement and contract.name == "/"
        )
        unnumbered.display_name = False
        return super(ContractContract, self - unnumbered)._compute_display_name()

    @api.depends(
        "agreement_stage",
        "term_start",
        "term_end",
        "company_id",
        "is_service_agreement",
        "renewal_ids.agreement_stage",
    )
    def _compute_agreement_state(self):
        for company, contracts in self.grouped("company_id").items():
            # on a new form the company may be empty for a moment
            today = (company or self.env.company)._aftersales_today()
            for contract in contracts:
                contract.agreement_state = contract._get_agreement_state(today)

    def _get_agreement_state(self, today):
        """State of one agreement on a day.

        :param datetime.date today: the company's calendar day
        :return: one of the keys of ``AGREEMENT_STATES``; False for other contracts
        """
        self.ensure_one()
        state = self.agreement_stage if self.is_service_agreement else False
        if state == "signed" and self.term_start and self.term_end:
            if self.term_end < today:
                renewed = "signed" in self.renewal_ids.mapped("agreement_stage")
                state = "renewed" if renewed else "expired"
            elif self.term_start <= today:
                state = "active"
        return state

    def _search_agreement_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        signed = Domain("agreement_stage", "=", "signed")
        succeeded = Domain("renewal_ids.agreement_stage", "=", "signed")
        result = Domain.FALSE
        for (today, _last), companies in company_limits(self.env).items():
            over = Domain("term_end", "<", today)
            begun = Domain("term_start", "<=", today) & Domain("term_end", ">=", today)
            parts = {
                "draft": Domain("agreement_stage", "=", "draft"),
                "sent": Domain("agreement_stage", "=", "sent"),
                "lost": Domain("agreement_stage", "=", "lost"),
                "active": signed & begun,
                "renewed": signed & over & succeeded,
                "expired": signed & over & ~succeeded,
                "signed": signed & ~over & ~begun,
            }
            states = Domain.OR(parts[state] for state in set(value) if state in parts)
            result |= states & Domain("company_id", "in", companies.ids)
        result &= Domain("is_service_agreement", "=", True)
        if False in value:
            result |= Domain("is_service_agreement", "=", False)
        return result

    def _field_to_sql(self, alias, field_expr, query=None):
        if field_expr != "agreement_state":
            return super()._field_to_sql(alias, field_expr, query)
        company, is_agreement, stage, start, end = (
            self._field_to_sql(alias, name, query)
            for name in (
                "company_id",
                "is_service_agreement",
                "agreement_stage",
                "term_start",
                "term_end",
            )
        )
        whens = []
        for (today, _last), companies in company_limits(self.env).items():
            whens.append(SQL("WHEN %s IN %s THEN %s", company, tuple(companies.ids), today))
        today = SQL("CASE %s END", SQL(" ").join(whens))
        succeeded = SQL(
            "EXISTS (SELECT FROM contract_contract successor WHERE successor.renewal_of_id = %s"
            " AND successor.agreement_stage = 'signed')",
            SQL.identifier(alias, "id"),
        )
        return SQL(
            "CASE WHEN NOT COALESCE(%(is_agreement)s, FALSE) THEN NULL WHEN %(stage)s != 'signed' THEN %(stage)s"
            " WHEN %(end)s < %(today)s THEN CASE WHEN %(succeeded)s THEN 'renewed' ELSE 'expired' END"
            " WHEN %(start)s <= %(today)s AND %(end)s >= %(today)s THEN 'active' ELSE 'signed' END",
            is_agreement=is_agreement,
            stage=stage,
            start=start,
            end=end,
            today=today,
            succeeded=succeeded,
        )

    @api.constrains("installation_ids", "partner_id", "product_line_id", "company_id")
    def _check_installations(self):
        """An agreement covers software of one customer, one company and one product line."""
        for contract in self.filtered("is_service_agreement"):
            wrong = contract.installation_ids.filtered(
                lambda installation, contract=contract: (
                    installation.partner_id != contract.commercial_partner_id
                    or installation.company_id != contract.company_id
                    or (
                        contract.product_line_id
                        and installation.product_line_id != contract.product_line_id
                    )
                )
            )
            if wrong:
                raise ValidationError(
                    self.env._(
                        "%(installations)s cannot be covered by %(contract)s: an agreement covers software "
                        "of one customer and one product line.",
                        installations=list_words(self.env, wrong.mapped("display_name")),
                        contract=contract.name,
                    )
                )

    @api.constrains("renewal_of_id", "partner_id", "company_id", "product_line_id")
    def _check_renewal_of(self):
        """A renewal belongs to the customer, company and product line of the agreement it renews."""
        for contract in self.filtered("renewal_of_id"):
            renewed = contract.renewal_of_id
            if (
                not renewed.is_service_agreement
                or renewed == contract
                or renewed.commercial_partner_id != contract.commercial_partner_id
                or renewed.company_id != contract.company_id
                or (
                    contract.product_line_id and renewed.product_line_id != contract.product_line_id
                )
            ):
                raise ValidationError(
                    self.env._(
                        "%(contract)s cannot renew %(renewed)s: that agreement is about another customer, company "
                        "or product line.",
                        contract=contract.name,
                        renewed=renewed.name,
                    )
                )

    # ------------------------------------------------------------------
    # Onchange
    # ------------------------------------------------------------------

    @api.onchange("partner_id", "company_id")
    def _onchange_partner_id(self):
        if not self.is_service_agreement:
            return super()._onchange_partner_id()
        # sudo: prices, taxes and payment terms of the customer are set for specialists, who may not read them
        return super(ContractContract, self.sudo())._onchange_partner_id()

    @api.onchange("partner_id")
    def _onchange_agreement_partner(self):
        if self.is_service_agreement:
            self.installation_ids = self.installation_ids.filtered(
                lambda installation: installation.partner_id._origin == self.commercial_partner_id
            )
            self.user_id = self.commercial_partner_id.service_user_id or self.user_id
            if self.invoice_contact_id.commercial_partner_id != self.commercial_partner_id:
                self.invoice_contact_id = self.invoice_address = False

    @api.onchange("installation_ids")
    def _onchange_installation_ids(self):
        if self.is_service_agreement and not self.product_line_id:
            self.product_line_id = self.installation_ids.product_line_id[:1]

    @api.onchange("term_start")
    def _onchange_term_start(self):
        """Move the end with the first day, so that the term keeps its length; a new term lasts a year."""
        if not self.is_service_agreement or not self.term_start or self.term_start > LAST_DAY:
            return
        before = self._origin
        if before.term_start and before.term_end:
            length = relativedelta(before.term_end + relativedelta(days=1), before.term_start)
        else:
            length = relativedelta(years=1)
        self.term_end = self.term_start + length - relativedelta(days=1)

    @api.depends("renewal_ids")
    def _compute_renewal_count(self):
        for contract in self:
            contract.renewal_count = len(contract.renewal_ids)

    @api.depends("notice_ids")
    def _compute_notice_count(self):
        for contract in self:
            contract.notice_count = len(contract.notice_ids)

    def action_renew(self):
        """Make the draft for the next term, or open the renewal there is.

        :raises UserError: for drafts and lost agreements, which have no term to follow
        :raises AccessError: for users who may not write the agreement
        :return: action that opens the renewal
        :rtype: dict
        """
        self.ensure_one()
        self.check_access("write")
        renewal = self.renewal_ids.filtered(lambda contract: contract.agreement_stage != "lost")[:1]
        if not renewal:
            renewal = self._renew()
        # what the customer's answer asked for is done
        self._withdraw_activities(RENEW_ACTIVITY)
        return renewal._open_agreement()

    def _renew(self):
        """The successor, as a draft.

        :raises UserError: unless this agreement was signed
        :return: contract.contract
        """
        self.ensure_one()
        if not self.is_service_agreement or self.agreement_stage != "signed":
            raise UserError(
                self.env._("%s was never signed: there is no term to renew.", self.name)
            )
        return self.create(self._prepare_renewal_vals())

    def _prepare_renewal_vals(self):
        """Values of the successor: same customer, software and prices, the next term of the same length.

        It begins the day after the old term, also when that is in the past; the draft may be changed.

        :rtype: dict
        """
        self.ensure_one()
        _anchor, start, end = next_term(self.term_anchor, self.term_start, self.term_end)
        specialist = self.commercial_partner_id.service_user_id
        # sudo: the fiscal position is taken over for specialists, who may not read it
        position = self.sudo().fiscal_position_id
        return {
            "is_service_agreement": True,
            "renewal_of_id": self.id,
            "company_id": self.company_id.id,
            "partner_id": self.partner_id.id,
            "invoice_partner_id": self.invoice_partner_id.id,
            **self._prepare_invoice_contact(),
            "fiscal_position_id": position.id,
            "product_line_id": self.product_line_id.id,
            "user_id": (specialist or self.user_id or self.env.user).id,
            "installation_ids": [Command.set(self.installation_ids.filtered("active").ids)],
            "term_start": start,
            "term_end": end,
            "contract_line_ids": self._prepare_renewal_lines(start, end),
        }

    def _prepare_renewal_lines(self, start, end):
        """Lines of the successor: at the last amount; where there was none, at the fees of the products.

        :param datetime.date start: first day of the next term
        :param datetime.date end: last day, inclusive
        :rtype: list
        """
        self.ensure_one()
        if not self.company_id.currency_id.is_zero(self.agreement_amount):
            return self.contract_line_ids._agreement_copy_commands()
        if not self.contract_line_ids.product_id:
            return self.installation_ids.filtered("active")._prepare_agreement_lines(start, end)
        lines = self.contract_line_ids._agreement_copy_commands()
        for _command, _id, vals in lines:
            product = self.env["product.product"].browse(vals["product_id"])
            fee = product and product._get_term_fee(self.company_id, start, end)
            if fee:
                vals.update(specific_price=fee, price_unit=fee)
        return lines

    def _prepare_invoice_contact(self):
        """:return: who received the last invoice and where, unless they have left the customer, a dict"""
        contact = self.invoice_contact_id
        owners = self.commercial_partner_id | self.invoice_partner_id.commercial_partner_id
        if not contact.active or contact.commercial_partner_id not in owners:
            return {}
        return {"invoice_contact_id": contact.id, "invoice_address": self.invoice_address}

    def _open_agreement(self):
        """:return: action that opens the agreement in its own form, a dict"""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [
                (
                    self.env.ref("jinyang_aftersales.contract_contract_view_form_agreement").id,
                    "form",
                )
            ],
            "context": {"default_is_service_agreement": True},
        }

    def action_view_renewals(self):
        """Open the renewals of the agreement."""
        self.ensure_one()
        if len(self.renewal_ids) == 1:
            return self.renewal_ids._open_agreement()
        return self._get_list_action(
            "jinyang_aftersales.contract_contract_action_agreement",
            [("id", "in", self.renewal_ids.ids)],
            {"default_is_service_agreement": True},
        )

    def action_view_renewed(self):
        """Open the agreement this one renews."""
        self.ensure_one()
        return self.renewal_of_id._open_agreement()

    def action_view_notices(self):
        """Open the renewal notices of the agreement."""
        self.ensure_one()
        action = {
            "type": "ir.actions.act_window",
            "name": self.env._("Renewal Notices"),
            "res_model": "aftersales.renewal.notice",
            "view_mode": "list,form",
            "domain": [("contract_id", "=", self.id)],
            "context": {"create": False},
        }
        return self._open_only(action)

    def _message_receive_bounce(self, email, partner):
        # the mail of a notice is a message of its agreement: its bounces arrive here
        result = super()._message_receive_bounce(email, partner)
        self.notice_ids._handle_bounce(email)
        return result

    @api.depends("callback_ids")
    def _compute_callback_count(self):
        counts = self.env["aftersales.callback"]._count_by("contract_id", self.ids)
        for contract in self:
            contract.callback_count = counts[contract.id]

    def action_view_callbacks(self):
        """Open the call-backs about the agreement."""
        self.ensure_one()
        return self._get_list_action(
            "jinyang_aftersales.aftersales_callback_action",
            [("contract_id", "=", self.id)],
            {"default_contract_id": self.id},
        )

    # ------------------------------------------------------------------
    # Paper
    # ------------------------------------------------------------------

    def _get_letter_partners(self):
        return self.commercial_partner_id

    def _get_report_base_filename(self):
        """Name of the agreement's file on the portal, without its ending.

        :rtype: str
        """
        self.ensure_one()
        return f"{self._get_agreement_title()} {self.name}"
