import json
import textwrap
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...groups import READERS
from ...tools.mail import usable_addresses
from ...tools.text import clean_line

# customers are told of a signature that is at most so old
NEWS = timedelta(days=7)
DECLINED_ACTIVITY = "jinyang_aftersales.mail_activity_renewal_declined"
HOLD_ACTIVITY = "jinyang_aftersales.mail_activity_offer_hold"
OFFER_ACTIVITY = "jinyang_aftersales.mail_activity_offer_answer"
# the customer's answer: emptied when the offer goes back to draft
ANSWER_FIELDS = (
    "accepted_on",
    "accepted_by_name",
    "accepted_by_id",
    "acceptance_signature",
    "acceptance_content",
    "acceptance_hash",
    "acceptance_address",
    "declined_on",
    "declined_by_name",
    "decline_reason",
)


class ContractContract(models.Model):
    """The customer's answer to an agreement that was sent, given on the portal (五.2.3).

    Accepting is the signature of the customer only: a colleague signs for the company afterwards, which makes the
    invoice. The accepted content is kept as the customer saw it, with a hash over content and drawing. When the
    offer goes back to draft, its answer becomes void.
    """

    _inherit = "contract.contract"

    accepted_on = fields.Datetime(
        string="Accepted by the Customer On", readonly=True, copy=False, tracking=True
    )
    accepted_by_name = fields.Char(string="Accepted By", readonly=True, copy=False)
    accepted_by_id = fields.Many2one(
        comodel_name="res.partner",
        string="Accepting Contact",
        readonly=True,
        copy=False,
        help="The contact whose account accepted; empty when it was done by the link of the mail.",
    )
    acceptance_signature = fields.Binary(
        string="Customer's Signature", attachment=False, readonly=True, copy=False
    )
    acceptance_content = fields.Text(readonly=True, copy=False, groups=READERS)
    acceptance_hash = fields.Char(string="SHA-256", readonly=True, copy=False, groups=READERS)
    acceptance_address = fields.Char(
        string="Network Address", readonly=True, copy=False, groups=READERS
    )
    acceptance_valid = fields.Boolean(
        string="Signature Intact", compute="_compute_acceptance_valid", groups=READERS
    )
    declined_on = fields.Datetime(
        string="Declined by the Customer On", readonly=True, copy=False, tracking=True
    )
    declined_by_name = fields.Char(string="Declined By", readonly=True, copy=False)
    decline_reason = fields.Char(string="Why Declined", readonly=True, copy=False)

    offer_release_on = fields.Date(
        string="Goes Out With the Notice From",
        readonly=True,
        copy=False,
        help="The offer was made for a renewal notice, and goes out with it unless somebody holds it.",
    )

    # ------------------------------------------------------------------
    # The offer that goes out with the renewal notice
    # ------------------------------------------------------------------

    def _is_offer_unchanged(self):
        """Whether the offer for the next term may be made without asking: same software, same prices as the list.

        :rtype: bool
        """
        self.ensure_one()
        lines = self.contract_line_ids.filtered(lambda line: not line.display_type)
        currency = self.company_id.currency_id
        return (
            not self.renewal_ids
            and bool(lines and self.installation_ids)
            and all(self.with_context(active_test=False).installation_ids.mapped("active"))
            and all(
                line.product_id.active
                and line.product_id.sale_ok
                and not currency.compare_amounts(line.price_unit, line.product_id.lst_price)
                for line in lines
            )
        )

    def _make_notice_offer(self, day):
        """Make the offer for the next term, and give the specialist time to hold it.

        :param datetime.date day: from when it goes out
        """
        self.ensure_one()
        offer = self._renew()
        offer._write_unlocked({"offer_release_on": day})
        users = (offer.user_id | offer.commercial_partner_id.service_user_id).filtered(
            lambda user: user.active and not user.share
        )[:1]
        offer._notify_users(
            users or offer.company_id._aftersales_managers(),
            HOLD_ACTIVITY,
            lambda row: row.env._(
                "%(offer)s goes out with the renewal notice from %(day)s on. Hold it if something has to be changed.",
                offer=row.name,
                day=row._say_day(day),
            ),
            day,
        )

    def action_hold_offer(self):
        """Keep an offer back: it does not go out with the notice.

        :raises AccessError: for users who may not write the agreement
        :raises UserError: when it goes out with no notice
        """
        self.check_access("write")
        for contract in self:
            if contract.agreement_stage != "draft" or not contract.offer_release_on:
                raise UserError(self.env._("%s goes out with no notice.", contract.name))
            contract._write_unlocked({"offer_release_on": False})
            contract._message_log(body=self.env._("Held back from the renewal notice."))
        self._withdraw_activities(HOLD_ACTIVITY)

    def _release_notice_offer(self):
        """Send the offer for the next term along with the notice of this agreement, when its time has come.

        :return: the offer that customers can answer now, empty where there is none
        :rtype: contract.contract
        """
        offer = self.renewal_ids.filtered(lambda row: row.agreement_stage in ("draft", "sent"))[:1]
        if offer.agreement_stage == "draft":
            today = offer.company_id._aftersales_today()
            release = offer.offer_release_on
            if not release or release > today or offer._get_step_obstacle("action_mark_sent"):
                offer._write_unlocked({"offer_release_on": False})
                return offer.browse()
            offer._step("action_mark_sent")
            offer._message_log(body=self.env._("Sent with the renewal notice."))
        return offer.filtered(lambda row: not row._get_answer_obstacle())

    # ------------------------------------------------------------------
    # Accepted content
    # ------------------------------------------------------------------

    @api.depends(
        "acceptance_hash", "acceptance_content", "acceptance_signature", "agreement_amount"
    )
    def _compute_acceptance_valid(self):
        hashed = self.env["aftersales.signature.mixin"]._hash_signature
        for contract in self.with_context(bin_size=False):
            # sudo: compares fields that not every reader of the agreement may read
            row = contract.sudo()
            contract.acceptance_valid = bool(row.acceptance_hash) and (
                row.acceptance_hash
                == hashed(row.acceptance_content or "", row.acceptance_signature)
                and self._bare(json.loads(row.acceptance_content or "{}"))
                == self._bare(row._get_offered_content())
            )

    @staticmethod
    def _bare(content):
        """:return: the content without names, which may be corrected later without breaking the acceptance"""
        return {
            name: value
            for name, value in content.items()
            if name not in ("customer", "software", "accepted_by_name", "accepted_on", "printed")
        }

    def _get_paper_texts(self):
        texts = super()._get_paper_texts()
        # sudo: the accepted text is part of the paper, also for users who may not read the field
        offer = self.sudo()
        if offer.acceptance_valid and not offer.printed_texts:
            texts.update(json.loads(offer.acceptance_content).get("printed", {}))
        return texts

    def _get_offered_content(self):
        """Content of the offer as the customer sees it when accepting.

        :rtype: dict
        """
        self.ensure_one()
        # sudo: reads names of software and lines, which customers may not read
        contract = self.sudo()
        lines = contract.contract_line_ids.filtered(lambda line: not line.display_type)
        return {
            "number": contract.name,
            "customer": contract.commercial_partner_id.name,
            "software": sorted(contract.installation_ids.mapped("display_name")),
            "software_ids": sorted(contract.installation_ids.ids),
            "term": [
                fields.Date.to_string(contract.term_start),
                fields.Date.to_string(contract.term_end),
            ],
            "lines": [[line.name, line.quantity, line.price_subtotal] for line in lines.sorted()],
            "amount": contract.agreement_amount,
            "currency": contract.company_currency_id.name,
            "accepted_by_name": contract.accepted_by_name,
            "accepted_on": fields.Datetime.to_string(contract.accepted_on) or False,
        }

    def _get_shown_content(self):
        hidden = ("software", "software_ids", "accepted_by_name", "accepted_on")
        offered = {
            name: value for name, value in self._get_offered_content().items() if name not in hidden
        }
        lines = self.contract_line_ids.sorted()
        return {
            **super()._get_shown_content(),
            **offered,
            "installations": self.installation_ids.sorted("id")._get_shown_key(),
            "rows": [[line.name, line.quantity, line.price_unit] for line in lines],
            "note": self.note or "",
            "payment_days": self.company_id.aftersales_payment_days,
            "printed": self._for_paper()._get_printed_texts(),
        }

    # ------------------------------------------------------------------
    # Answers
    # ------------------------------------------------------------------

    def _get_answer_obstacle(self, accept=True):
        """Why the customer cannot accept, or decline, the offer now.

        :param bool accept: whether it is about accepting
        :return: the reason in the reader's language, False when nothing is in the way
        :rtype: str | bool
        """
        self.ensure_one()
        if not self.is_service_agreement or self.agreement_stage != "sent":
            return self.env._("There is no offer to answer.")
        if self.accepted_on:
            return self.env._("This offer has already been accepted.")
        if self.term_end and self.term_end < self.company_id._aftersales_today():
            return self.env._("The term of this offer is over. Please ask us for a new one.")
        if not accept and self.declined_on:
            return self.env._("This offer has already been declined.")
        return False

    def _accept_offer(self, name, signature, partner, address=None):
        """The customer accepts the offer with a drawn signature (五.2.3); that of the company follows.

        The caller has checked that the visitor may act for the customer.

        :param str name: name of the person who signs
        :param bytes signature: the drawing, base64
        :param partner: the res.partner of the account, empty without one
        :param str address: network address the acceptance came from
        :raises UserError: when there is nothing to accept, or name or drawing are missing
        """
        self.ensure_one()
        obstacle = self._get_answer_obstacle()
        name = clean_line(name, limit=100)
        if obstacle:
            raise UserError(obstacle)
        if not name or not signature:
            raise UserError(self.env._("Enter your name and draw your signature."))
        # sudo: customers may not write agreements; the answer is the only thing they may enter
        contract = self.sudo().with_context(bin_size=False)
        contract._write_unlocked(
            {
                "accepted_on": fields.Datetime.now(),
                "accepted_by_name": name,
                "accepted_by_id": partner.id,
                "acceptance_signature": signature,
                "acceptance_address": address,
                "declined_on": False,
                "declined_by_name": False,
                "decline_reason": False,
            }
        )
        # Write now: of several answers at once Odoo retries all but one, and these read that it was answered.
        contract.flush_recordset()
        offered = contract._get_offered_content()
        offered["printed"] = contract._for_paper()._get_printed_texts()
        content = json.dumps(offered, ensure_ascii=False, sort_keys=True)
        digest = self.env["aftersales.signature.mixin"]._hash_signature(
            content, contract.acceptance_signature
        )
        contract._write_unlocked({"acceptance_content": content, "acceptance_hash": digest})
        contract._withdraw_activities(DECLINED_ACTIVITY)
        # printed after the hash is stored, so that the copy shows the valid signature
        copy = self.env["ir.actions.report"]._print_signed_copy(
            "jinyang_aftersales.action_report_agreement",
            contract,
            contract._get_agreement_title(),
        )
        contract._post_answer(self.env._("%s has accepted this agreement.", name), partner, copy)
        contract._message_log(
            body=self.env._("Accepted by %(name)s. SHA-256: %(hash)s", name=name, hash=digest)
        )
        contract._tell_offer_answer(
            lambda row: row.env._("%s has accepted the agreement: sign it for us.", name)
        )

    def _decline_offer(self, name, reason, partner):
        """The customer declines the offer; a colleague decides whether the agreement is lost.

        :param str name: name of the person
        :param str reason: why
        :param partner: the res.partner of the account, empty without one
        :raises UserError: when there is nothing to decline, or no reason is given
        """
        self.ensure_one()
        obstacle = self._get_answer_obstacle(accept=False)
        reason = clean_line(reason, limit=500)
        if obstacle:
            raise UserError(obstacle)
        if not reason:
            raise UserError(self.env._("Please tell us why."))
        name = clean_line(name, limit=100) or partner.name or self.env._("The customer")
        # sudo: customers may not write agreements, see _accept_offer
        contract = self.sudo()
        contract._write_unlocked(
            {
                "declined_on": fields.Datetime.now(),
                "declined_by_name": name,
                "decline_reason": reason,
            }
        )
        # Write now, see _accept_offer.
        contract.flush_recordset()
        said = self.env._(
            "%(name)s has declined this agreement: %(reason)s", name=name, reason=reason
        )
        contract._post_answer(said, partner)
        contract._tell_offer_answer(
            lambda row: row.env._(
                "%(name)s has declined this agreement: %(reason)s", name=name, reason=reason
            )
        )
        contract._follow_decline(name, reason, said)

    def _follow_decline(self, name, reason, said):
        """Treat a declined renewal offer like a declined renewal: managers are told, a last call is planned.

        :param str name: name of the person
        :param str reason: why
        :param str said: both in one sentence
        """
        renewed = self.renewal_of_id
        notice = renewed.notice_ids.filtered(
            lambda row: row.term_end == renewed.term_end
            and row.state in ("pending", "print", "sent")
            and row.term_end >= row.company_id._aftersales_today()
        )[:1]
        if notice:
            notice._take_written_answer("declining", name, reason)
        else:
            self._note_decline(said)
            notice._tell_declined(self, self.commercial_partner_id, reason)

    def _post_answer(self, body, partner, attachments=()):
        """Post the answer to the customer's communication, in the name of the person who gave it.

        :param str body: text of the message
        :param partner: the res.partner of the account, empty without one
        :param attachments: name and content of files that go with it
        """
        contact = self.commercial_partner_id.software_contact_id or self.partner_id
        self.with_context(mail_notify_force_send=False).message_post(
            body=body,
            author_id=(partner or contact).id,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            attachments=list(attachments),
        )

    def _note_decline(self, said):
        """Add the customer's answer to the notes of open renewal calls, for their callers (四 回访专员.4).

        :param str said: answer of the customer
        """
        callbacks = self.env["aftersales.callback"].search(
            [
                ("contract_id", "in", (self | self.renewal_of_id).ids),
                ("kind", "=", "renewal"),
                ("state", "=", "todo"),
            ]
        )
        for callback in callbacks:
            callback.note = "\n".join(filter(None, (callback.note, said)))

    def _tell_offer_answer(self, get_note):
        """Give an activity to the specialist, or to the managers where there is no specialist.

        :param get_note: function of the agreement that makes the text, in the language of its environment
        """
        users = self.user_id or self.commercial_partner_id.service_user_id
        self._withdraw_activities(OFFER_ACTIVITY)
        self._notify_users(
            users.filtered("active") or self.company_id._aftersales_managers(),
            OFFER_ACTIVITY,
            lambda row: textwrap.shorten(get_note(row), 300, placeholder="…"),
        )

    def _get_link_partner(self):
        return self._get_portal_contact() or super()._get_link_partner()

    def _get_portal_contact(self):
        contact = self.commercial_partner_id.software_contact_id
        return contact if contact.partner_share else contact.browse()

    def _enter(self, state, **vals):
        if state == "draft":
            vals.update(dict.fromkeys(ANSWER_FIELDS, False))
            for contract in self.filtered("accepted_on"):
                contract._message_log(
                    body=self.env._(
                        "Changed: the acceptance of %(name)s is void.",
                        name=contract.accepted_by_name,
                    )
                )
        elif state == "signed" and self.accepted_on and not self.customer_signatory:
            # the acceptance on the portal is the customer's side of the signature
            vals.setdefault("customer_signatory", self.accepted_by_name)
            vals.setdefault("countersigned_on", self.company_id._aftersales_day(self.accepted_on))
        result = super()._enter(state, **vals)
        self._withdraw_activities(OFFER_ACTIVITY, HOLD_ACTIVITY)
        if state == "signed":
            self._tell_signed()
        return result

    def _is_signed_by_customer(self):
        return super()._is_signed_by_customer() or bool(self.accepted_on)

    def _tell_signed(self):
        """Tell the customers in their language that the company has signed, too; the mail is queued.

        Agreements entered long after they were signed on paper are left out.
        """
        # sudo: reads contacts and settings that the signing user may not read
        for contract in self.sudo():
            today = contract.company_id._aftersales_today()
            if (
                contract.taken_over_on
                or not contract.signed_on
                or contract.signed_on < today - NEWS
            ):
                continue
            customer = contract.commercial_partner_id
            people = customer.software_contact_id | contract.partner_id | customer
            reached = contract._filter_customer_people(people).filtered(
                lambda person: usable_addresses(person.email)
            )[:1]
            if not reached:
                continue
            spoken = contract.with_context(lang=contract.company_id._aftersales_lang(reached))
            format_day = spoken.env["ir.qweb.field.date"].value_to_html
            spoken._post_to_customer(
                reached,
                spoken.env._(
                    "The agreement %(agreement)s from %(start)s to %(end)s is signed. You find it on the portal; a"
                    " reply to this mail reaches us there, too.",
                    agreement=contract.name,
                    start=format_day(contract.term_start, {}),
                    end=format_day(contract.term_end, {}),
                ),
                contract.company_id.partner_id,
                subject=spoken.env._("Service agreement %s is signed", contract.name),
                email_from=contract.company_id.email_formatted,
            )
