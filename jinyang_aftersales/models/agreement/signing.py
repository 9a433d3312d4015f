from odoo import api, fields, models

from ...groups import MANAGERS, READERS
from ...tools.cn import capital_amount
from ..shared.steps import Step


class ContractContract(models.Model):
    """Stages of a service agreement: sent to the customer, signed, or lost (五.2.3, 五.2.4)."""

    _name = "contract.contract"
    _inherit = [
        "contract.contract",
        "aftersales.letter.mixin",
        "aftersales.archive.mixin",
    ]
    _state_field = "agreement_stage"
    _steps = (
        Step("draft", "sent", "action_mark_sent"),
        Step("draft", "signed", "action_sign"),
        Step("draft", "lost", "action_lose"),
        Step("sent", "draft", "action_draft"),
        Step("sent", "signed", "action_sign"),
        Step("sent", "lost", "action_lose"),
        Step("lost", "draft", "action_draft"),
        Step("signed", "draft", "action_unsign"),
    )

    signed_on = fields.Date(copy=False, tracking=True)
    signed_by_id = fields.Many2one(
        comodel_name="res.users",
        person="fact",
        string="Signed for Us By",
        copy=False,
        tracking=True,
        domain="[('share', '=', False)]",
    )
    customer_signatory = fields.Char(string="Signed for the Customer By", copy=False)
    is_sealed = fields.Boolean(string="Our Seal Affixed", copy=False)
    return_due_date = fields.Date(
        string="Copy Expected Back On", copy=False, help="Agreed with the customer (五.2.4)."
    )
    countersigned_on = fields.Date(
        string="Counter-Signed Copy Returned On", copy=False, tracking=True
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
    payment_due_date = fields.Date(copy=False, help="Agreed with the customer (五.2.4).")
    # for staff only; customers read that the agreement was not concluded
    lost_reason = fields.Char(copy=False, tracking=True, groups="base.group_user")

    _lost_for_a_reason = models.Constraint(
        "CHECK(agreement_stage != 'lost' OR COALESCE(lost_reason, '') != '')",
        "Say why the agreement was lost.",
    )

    def write(self, vals):
        result = super().write(vals)
        if vals.get("return_due_date"):
            self._move_copy_deadline()
        return result

    # ------------------------------------------------------------------
    # Sending
    # ------------------------------------------------------------------

    def action_mark_sent(self):
        """Open the mail composer with the agreement as a PDF; sending it moves the draft to sent.

        :raises UserError: while something the customer has to sign is missing
        """
        self.ensure_one()
        self._check_step("action_mark_sent")
        template = self.env.ref(
            "jinyang_aftersales.mail_template_agreement", raise_if_not_found=False
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Send Agreement"),
            "res_model": "mail.compose.message",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_model": self._name,
                "default_res_ids": self.ids,
                "default_composition_mode": "comment",
                "default_template_id": template.id if template else False,
                "default_email_layout_xmlid": "mail.mail_notification_light",
                "mark_agreement_sent": True,
                "force_email": True,
            },
        }

    def action_mark_sent_by_hand(self):
        """Record that the agreement went to the customer by fax or on paper (五.2.3).

        :raises UserError: while something the customer has to sign is missing
        """
        for contract in self:
            contract._step("action_mark_sent")
            contract._message_log(body=self.env._("Sent to the customer by fax or on paper."))

    def message_post(self, **kwargs):
        if self.env.context.get("mark_agreement_sent"):
            drafts = self.filtered(
                lambda contract: contract.is_service_agreement
                and contract.agreement_stage == "draft"
            )
            drafts._step("action_mark_sent")
        return super().message_post(**kwargs)

    # ------------------------------------------------------------------
    # Signing
    # ------------------------------------------------------------------

    def action_sign(self):
        """Sign the agreement: the stage is set, and the invoice made, dated and posted (五.2.3, 五.2.5).

        The day is ``signed_on`` or today, the signatory ``signed_by_id`` or the user.

        :raises UserError: when it is signed or lost already, incomplete, or signed in the future
        :raises AccessError: for users who may not write the agreement
        """
        for contract in self:
            signed_on = contract.signed_on or contract.company_id._aftersales_today()
            contract._step(
                "action_sign",
                signed_on=signed_on,
                signed_by_id=(contract.signed_by_id or self.env.user).id,
                payment_due_date=contract.payment_due_date
                or contract._get_payment_deadline(signed_on),
            )
            contract._freeze_prices()
            if contract._get_invoicing_gap() is None:
                contract._make_invoice(signed_on)
            contract._sync_payment()

    def action_unsign(self):
        """Undo a signature: back to draft, when the invoice is cancelled or deleted.

        :raises UserError: for users other than service managers, or while there is a live invoice
        """
        for contract in self:
            contract._step(
                "action_unsign", signed_on=False, signed_by_id=False, payment_due_date=False
            )
            contract._sync_payment(self.env._("The signature of %s was undone", contract.name))
            contract._close_late_payment(done=False)

    def action_draft(self):
        """Back to draft from sent or lost, to change the offer."""
        for contract in self:
            contract._step("action_draft", lost_reason=False)

    def action_lose(self, reason=None):
        """Mark the agreements as lost.

        :param str reason: why the customer did not sign; ``lost_reason`` when not given
        :raises UserError: without a reason
        """
        for contract in self:
            state = contract._check_step("action_lose")
            question = self.env._("Say why %s was lost.", contract.name)
            text = self._check_reason(reason or contract.lost_reason, question)
            contract._enter(state, lost_reason=text)

    def action_open_lose(self):
        """Ask for the reason, then mark as lost."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Mark as Lost"),
            "res_model": "aftersales.agreement.lose",
            "view_mode": "form",
            "target": "new",
            "context": {"default_contract_ids": self.ids},
        }

    # ------------------------------------------------------------------
    # Paper
    # ------------------------------------------------------------------

    def _get_letter_partners(self):
        return self.commercial_partner_id

    def _get_agreement_title(self):
        """Title of the agreement on paper, under the brand of its product line.

        :rtype: str
        """
        self.ensure_one()
        brand = self.product_line_id.brand
        if brand:
            return self.env._("%s After-Sales Service Agreement", brand)
        return self.env._("After-Sales Service Agreement")

    def _get_report_base_filename(self):
        """Name of the agreement's file on the portal, without its ending.

        :rtype: str
        """
        self.ensure_one()
        return f"{self._get_agreement_title()} {self.name}"

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
    # Rules
    # ------------------------------------------------------------------

    def _get_step_obstacle(self, action, target=None):
        if not self.is_service_agreement:
            return self.env._("%s is no service agreement.", self.name)
        return super()._get_step_obstacle(action, target)

    def _get_role_obstacle(self, step):
        if step.action == "action_unsign" and not self.env.user.has_group(MANAGERS):
            return self.env._("Only a service manager may undo a signature.")
        return super()._get_role_obstacle(step)

    def _get_further_obstacle(self, step):
        obstacle = False
        if step.target in ("sent", "signed"):
            obstacle = self._get_incomplete_obstacle()
        if not obstacle and step.target == "signed":
            obstacle = self._get_early_obstacle()
        if step.action == "action_unsign":
            obstacle = self._get_invoice_obstacle()
        return obstacle or super()._get_further_obstacle(step)

    def _get_incomplete_obstacle(self):
        """:return: text that says what is missing in the agreement, False when it is complete"""
        missing = []
        if not (self.term_start and self.term_end):
            missing.append(self.env._("the term"))
        if not self.installation_ids:
            missing.append(self.env._("the software it covers"))
        if not self.contract_line_ids.filtered(lambda line: not line.display_type):
            missing.append(self.env._("a line with the service and its price"))
        return bool(missing) and self.env._(
            "%(contract)s is not complete. Missing: %(missing)s.",
            contract=self.name,
            missing=", ".join(missing),
        )

    def _get_early_obstacle(self):
        """:return: text that refuses a day of signature in the future, False for any other day or none"""
        early = self.signed_on and self.signed_on > self.company_id._aftersales_today()
        return bool(early) and self.env._(
            "%(contract)s cannot be signed on %(day)s: that day has not come yet.",
            contract=self.name,
            day=self.signed_on,
        )

    def _get_invoice_obstacle(self):
        """:return: text that names the live invoice of the agreement, False when there is none"""
        invoices = self._get_live_invoices()
        return bool(invoices) and self.env._(
            "%(contract)s has the invoice %(invoices)s. Have it cancelled first, then undo the signature.",
            contract=self.name,
            invoices=self._name_invoices(invoices),
        )

    def _enter(self, state, **vals):
        signed = self.filtered(lambda contract: contract.agreement_stage == "signed")
        result = super()._enter(state, **vals)
        # write now: of two concurrent signatures the later one conflicts on this row, and Odoo retries it
        self.flush_recordset(["agreement_stage"])
        if state == "signed":
            for contract in self:
                texts = contract._for_paper()._get_paper_texts()
                # an agreement that was accepted before is signed by us only now
                texts["our_signatory"] = contract.sudo().signed_by_id.name or ""
                contract._write_unlocked({"printed_texts": texts})
            self._expect_copy()
        else:
            signed._write_unlocked({"printed_texts": False})
            signed._withdraw_archive_entries("countersigned_contract")
        return result

    def _freeze_prices(self):
        """Fix the prices of the lines, so that they do not follow price lists after the signature."""
        for line in self.contract_line_ids.filtered("automatic_price"):
            price = line.price_unit
            line._write_unlocked({"automatic_price": False, "specific_price": price})

    # ------------------------------------------------------------------
    # The counter-signed copy comes back on paper and is filed (五.2.3, 五.2.4)
    # ------------------------------------------------------------------

    def _expect_copy(self):
        """Let the archive expect the copy of each agreement, from the specialist unless they have left."""
        for contract in self:
            holder = contract.user_id if contract.user_id.active else None
            contract._expect_archive_entry(
                "countersigned_contract", contract.return_due_date, holder
            )

    def _move_copy_deadline(self):
        """Move the deadline of the expected copy to the day newly agreed with the customer."""
        for contract in self.filtered(lambda row: row.agreement_stage == "signed"):
            # sudo: the archive's entry follows the agreement, which the user may write
            entry = contract.sudo().archive_entry_ids.filtered(
                lambda row: row.kind == "countersigned_contract" and row.state == "expected"
            )
            if entry and entry.date_deadline != contract.return_due_date:
                entry._close_deadline("original_overdue")
                entry._write_unlocked({"date_deadline": contract.return_due_date})

    def _after_archive_change(self, entry):
        super()._after_archive_change(entry)
        if entry.kind != "countersigned_contract":
            return
        values = {"countersigned_filed": entry.state in ("filed", "on_loan")}
        if entry.state == "filed" and not self.countersigned_on:
            values["countersigned_on"] = entry.filed_on
        self._write_unlocked(values)
