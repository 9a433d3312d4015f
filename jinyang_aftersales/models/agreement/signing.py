from types import SimpleNamespace

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ...groups import MANAGERS
from ...tools.text import list_words
from ..shared.steps import Step
from .values import COPY_FIELDS, SIGNED_FIELDS, SIGNING_FIELDS


class ContractContract(models.Model):
    """Stages of a service agreement: sent to the customer, signed, or lost (五.2.3, 五.2.4)."""

    _name = "contract.contract"
    _inherit = [
        "contract.contract",
        "aftersales.agreement.paper.mixin",
        "aftersales.letter.mixin",
        "aftersales.dispatch.mixin",
        "aftersales.archive.mixin",
    ]
    _dispatch_reports = ("jinyang_aftersales.action_report_agreement",)
    _state_field = "agreement_stage"
    _steps = (
        Step("draft", "sent", "action_mark_sent"),
        Step("draft", "signed", "action_sign"),
        Step("draft", "signed", "action_take_over", needed=("signed_on",)),
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
    is_sealed = fields.Boolean(string="Our Seal Affixed", readonly=True, copy=False, tracking=True)
    signing_reason = fields.Char(
        string="Signed Incomplete Because",
        readonly=True,
        copy=False,
        help="Why a service manager signed although something was missing.",
    )
    taken_over_on = fields.Date(
        readonly=True,
        copy=False,
        help="Signed before the product was in use: the invoice was made elsewhere.",
    )
    is_paid_elsewhere = fields.Boolean(
        string="Paid Before the Take-Over",
        readonly=True,
        copy=False,
        help="Taken over as paid: its term is a period of service.",
    )
    payment_due_date = fields.Date(copy=False, help="Agreed with the customer (五.2.4).")
    # for staff only; customers read that the agreement was not concluded
    lost_reason = fields.Char(copy=False, tracking=True, groups="base.group_user")

    _lost_for_a_reason = models.Constraint(
        "CHECK(agreement_stage != 'lost' OR COALESCE(lost_reason, '') != '')",
        "Say why the agreement was lost.",
    )

    def write(self, vals):
        freely = self._check_copy_day(vals)
        result = super().write(vals)
        if freely:
            freely._write_unlocked({"is_return_moved": True})
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

    def action_mark_sent_by_hand(self, values=None):
        """Record that drafts went to the customer by fax or post, and keep the paper as it was sent (五.2.3).

        :param dict values: see ``_prepare_dispatch`` of ``aftersales.letter.dispatch``
        :raises UserError: while something the customer has to sign is missing, or number, address or proof
        """
        self._check_step("action_mark_sent")
        self._record_dispatch(values or {})

    def _get_dispatch_obstacle(self):
        """See the base method: a draft goes out as for sending it by mail, and the signed paper afterwards (五.2.3)."""
        if self.agreement_stage == "draft" or not self.is_service_agreement:
            return self._get_step_obstacle("action_mark_sent")
        if self.agreement_stage == "lost":
            return self.env._("%s was lost. Make it a draft again before it is sent.", self.name)
        return super()._get_dispatch_obstacle()

    def _get_dispatch_person(self):
        return self.commercial_partner_id.software_contact_id or self.commercial_partner_id

    def _note_dispatch(self, checked):
        drafts = self.filtered(lambda contract: contract.agreement_stage == "draft")
        drafts._step("action_mark_sent")
        return super()._note_dispatch(checked)

    def _print_dispatched(self, report):
        papers = super()._print_dispatched(report)
        return {
            contract.id: (papers[contract.id][0], f"{contract._get_report_base_filename()}.pdf")
            for contract in self
        }

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

    def action_open_sign(self):
        """Open the dialogue that asks for what an agreement is signed with (五.2.3 – 五.2.5).

        :raises UserError: while something the customer has to sign is missing
        """
        self.ensure_one()
        self._check_step("action_sign")
        return self._open_signing_dialog(self.env._("Sign"), "aftersales.agreement.sign")

    def _open_signing_dialog(self, title, model, **defaults):
        """:return: the action that opens a dialogue about this agreement, a dict"""
        context = {f"default_{name}": value for name, value in defaults.items()}
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": model,
            "view_mode": "form",
            "target": "new",
            "context": {"default_contract_id": self.id, **context},
        }

    def action_sign(self, values=None, reason=None):
        """Sign the agreement: the stage is set, and the invoice made, dated and posted (五.2.3, 五.2.5).

        :param dict values: of ``SIGNING_FIELDS``; what is not given stays as it was entered before
        :param str reason: why a service manager signs although something is missing, or agrees on a later payment
        :raises UserError: when it is signed or lost already, incomplete, signed in the future, or something is missing
            for the signature and no service manager gives a reason
        :raises AccessError: for users who may not write the agreement
        """
        for contract in self:
            contract._check_step("action_sign")
            given = contract._with_given(values, SIGNING_FIELDS)
            early = contract._get_early_obstacle(given.signed_on)
            if early:
                raise UserError(early)
            gaps = contract._get_signing_gaps(given)
            text = contract._check_gaps(gaps, reason)
            signed_on = given.signed_on or contract.company_id._aftersales_today()
            contract._enter(
                "signed",
                signed_on=signed_on,
                signed_by_id=(given.signed_by_id or self.env.user).id,
                is_sealed=given.is_sealed,
                return_due_date=given.return_due_date,
                return_due_date_first=given.return_due_date,
                is_return_moved=False,
                payment_due_date=given.payment_due_date
                or contract._get_payment_deadline(signed_on),
                invoice_contact_id=given.invoice_contact_id.id,
                invoice_address=given.invoice_address,
                signing_reason=text,
            )
            contract._log_gaps(self.env._("Signed although this was missing: %s"), gaps, text)
            contract._freeze_prices()
            if contract._get_invoicing_gap() is None:
                contract._make_invoice(signed_on)
            contract._sync_payment()

    def action_take_over(self, reason=None):
        """Mark a draft as signed before the product was in use: nothing is asked for, and no invoice is made.

        :param str reason: where the signed paper and its invoice are
        :raises UserError: without the day of the signature, without a reason, or for users other than managers
        """
        for contract in self:
            contract._check_step("action_take_over")
            early = contract._get_early_obstacle(contract.signed_on)
            if early:
                raise UserError(early)
            question = self.env._("Say where the signed agreement and its invoice are.")
            text = self._check_reason(reason, question)
            contract._enter("signed", taken_over_on=contract.company_id._aftersales_today())
            contract._message_log(body=self.env._("Taken over as signed: %s", text))

    def action_open_take_over(self):
        """Ask for the reason, then take the agreement over as signed."""
        return self._ask_reason("action_take_over")

    @api.model
    def _get_open_work_domain(self, role):
        # signed ones are paid and renewed, too
        return Domain("agreement_stage", "!=", "lost")

    @api.model
    def _get_reason_steps(self):
        return {
            **super()._get_reason_steps(),
            "action_take_over": self.env._("Take Over as Signed"),
            "action_lose": self.env._("Mark as Lost"),
        }

    @api.model
    def _get_asked_steps(self):
        return {**super()._get_asked_steps(), "action_unsign": self.env._("Undo Signature")}

    def _with_given(self, values, names):
        """The agreement as it would be with values of a dialogue; nothing is written.

        :param dict values: by name of the field
        :param tuple names: fields the dialogue asks for
        :return: an object with these fields as attributes
        :raises UserError: for values of other fields
        """
        self.ensure_one()
        values = values or {}
        unknown = values.keys() - set(names)
        if unknown:
            self._refuse_fields(unknown)
        given = {name: self[name] for name in names}
        for name, value in values.items():
            field = self._fields[name]
            given[name] = field.convert_to_record(field.convert_to_cache(value, self), self)
        return SimpleNamespace(**given)

    def _get_signing_gaps(self, given):
        """What is missing for our signature (五.2.3 – 五.2.5).

        :param given: of :meth:`_with_given`
        :return: texts in the user's language
        :rtype: list[str]
        """
        self.ensure_one()
        signed_on = given.signed_on or self.company_id._aftersales_today()
        agreed, usual = given.payment_due_date, self._get_payment_deadline(signed_on)
        # who left the customer receives no invoice of it
        owner = given.invoice_contact_id.commercial_partner_id
        contact = owner and owner in (
            self.commercial_partner_id | self.invoice_partner_id.commercial_partner_id
        )
        paid = not self.company_id.currency_id.is_zero(self.agreement_amount)
        asked = (
            (
                given.signed_by_id and not given.signed_by_id.share,
                self.env._("who signs for us"),
            ),
            (given.signed_on, self.env._("the day of our signature")),
            (given.is_sealed, self.env._("our seal")),
            (
                given.return_due_date or self._is_signed_by_customer(),
                self.env._("the day the copy is expected back"),
            ),
            (contact or not paid, self.env._("the customer's contact who receives the invoice")),
            (
                (given.invoice_address or "").strip() or not paid,
                self.env._("the address the invoice goes to"),
            ),
            (
                not agreed or agreed <= usual or not paid,
                self.env._("payment by %s, as the regulation has it", self._say_day(usual)),
            ),
        )
        return [text for there, text in asked if not there]

    def _check_gaps(self, gaps, reason):
        """Let service managers pass what is missing, with a reason; refuse everybody else.

        :param list gaps: texts, in the user's language
        :param str reason: as the user gave it
        :return: the reason, False where nothing is missing
        :raises UserError: naming what is missing
        """
        if not gaps:
            return False
        text = self._check_reason(reason, False)
        if text and self.env.user.has_group(MANAGERS):
            return text
        raise UserError(
            self.env._(
                "%(contract)s: this is missing: %(missing)s. Fill it in; a service manager may go on without it and"
                " gives the reason.",
                contract=self.name,
                missing=list_words(self.env, gaps),
            )
        )

    def _log_gaps(self, text, gaps, reason):
        """Keep in the history what was missing, and why it went on all the same."""
        if gaps:
            missing = text.replace("%s", list_words(self.env, gaps))
            self._message_log(
                body=self.env._("%(missing)s. Reason: %(reason)s", missing=missing, reason=reason)
            )

    def action_open_correct_signature(self):
        """Open the dialogue in which managers correct our side of a signed agreement."""
        self.ensure_one()
        return self._open_signing_dialog(
            self.env._("Correct Signature"), "aftersales.agreement.sign", is_correction=True
        )

    def action_correct_signature(self, values, reason):
        """Correct our signature, its day or seal on a signed agreement.

        :param dict values: of ``SIGNED_FIELDS``
        :param str reason: why
        :raises AccessError: for users other than service managers
        :raises UserError: without a reason, or for an agreement that is not signed
        """
        self.check_access("write")
        for contract in self:
            if contract.agreement_stage != "signed":
                raise UserError(self.env._("%s is not signed yet.", contract.name))
            if not self.env.user.has_group(MANAGERS):
                raise AccessError(self.env._("Only a service manager corrects a signature."))
            given = contract._with_given(values, SIGNED_FIELDS)
            if not given.signed_on or not given.signed_by_id:
                raise UserError(self.env._("A signature has a name and a day."))
            early = contract._get_early_obstacle(given.signed_on)
            if early:
                raise UserError(early)
            new = {
                "signed_on": given.signed_on,
                "signed_by_id": given.signed_by_id.id,
                "is_sealed": given.is_sealed,
            }
            contract._write_corrected(new, [], reason)

    def _write_corrected(self, values, gaps, reason):
        """Write what a dialogue recorded; a service manager gives a reason for gaps and for what was there before.

        :param dict values: by name of the field
        :param list gaps: what is missing, in the user's language
        :param str reason: as the user gave it
        :raises UserError: naming what needs a service manager's reason
        """
        changed = self._changed_fields(values, set(values))
        corrected = [name for name in changed if self[name]]
        parts = list(gaps)
        if corrected:
            parts.append(self.env._("a correction of %s", self._labels(corrected)))
        text = self._check_gaps(parts, reason)
        self._write_unlocked(values)
        self._log_gaps(self.env._("Recorded with these gaps or corrections: %s"), parts, text)

    def action_ask_unsign(self):
        """Ask once more before a signature is undone."""
        return self._ask_first(
            "action_unsign",
            self.env._(
                "Take the signature back? The service periods of a free agreement go back, too."
            ),
        )

    def action_unsign(self):
        """Undo a signature: back to draft, when the invoice is cancelled or deleted.

        :raises UserError: for users other than service managers, or while there is a live invoice
        """
        for contract in self:
            gone = (
                *SIGNING_FIELDS[:5],
                *COPY_FIELDS,
                "signing_reason",
                "taken_over_on",
                "is_paid_elsewhere",
            )
            moved = ("return_due_date_first", "is_return_moved")
            contract._step("action_unsign", **dict.fromkeys((*gone, *moved), False))
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
        return self._ask_reason("action_lose")

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
        if step.action == "action_take_over" and not self.env.user.has_group(MANAGERS):
            return self.env._("Only a service manager takes over signed agreements.")
        return super()._get_role_obstacle(step)

    def _get_further_obstacle(self, step):
        obstacle = False
        if step.target in ("sent", "signed"):
            obstacle = self._get_incomplete_obstacle()
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
            missing=list_words(self.env, missing),
        )

    def _get_early_obstacle(self, day):
        """:return: text that refuses a day in the future, False for any other day or none"""
        early = day and day > self.company_id._aftersales_today()
        return bool(early) and self.env._(
            "%(contract)s: %(day)s has not come yet. Enter today or a day before.",
            contract=self.name,
            day=self._say_day(day),
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
            # papers of agreements that were taken over are filed already
            self.filtered(lambda contract: not contract.taken_over_on)._expect_copy()
        else:
            signed._write_unlocked({"printed_texts": False})
            signed._withdraw_archive_entries("countersigned_contract")
        return result

    def _freeze_prices(self):
        """Fix the prices of the lines, so that they do not follow price lists after the signature."""
        for line in self.contract_line_ids.filtered("automatic_price"):
            price = line.price_unit
            line._write_unlocked({"automatic_price": False, "specific_price": price})
