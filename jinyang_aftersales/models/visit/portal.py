from odoo import api, fields, models
from odoo.exceptions import UserError

from ..shared.document_fields import CUSTOMER_READS
from .aftersales_visit import AftersalesVisit as Visit
from .values import OPINION_FIELDS

# fields the customer signs, in the order in which they are read
SIGNED_FIELDS = (
    "name",
    "partner_id",
    "installation_id",
    "problem",
    "technician_ids",
    "arrived_on",
    "result",
    *OPINION_FIELDS,
    "signed_by_name",
    "signed_on",
)
# what the customer enters when signing; the other signed fields are only shown to the customer
ANSWER_FIELDS = frozenset({*OPINION_FIELDS, "signed_by_name", "signed_on"})
PORTAL_FIELDS = CUSTOMER_READS | {
    "problem",
    "address",
    "date_wished",
    "date_planned_start",
    "date_planned_end",
    "technician_ids",
    "lead_technician_id",
    "arrived_on",
    "result",
    *OPINION_FIELDS,
    "signed_by_name",
    "customer_signature",
    "signed_on",
    "signature_hash",
}


class AftersalesVisit(models.Model):
    """The customer's side of a visit: asked for, followed and signed on the portal (五.3.1, 五.3.5)."""

    _name = "aftersales.visit"
    _inherit = ["aftersales.visit", "aftersales.filing.mixin"]
    _portal_url = "/my/visits"
    _portal_fields = PORTAL_FIELDS
    _protected_fields = {**Visit._protected_fields, "filed_by_id": False}
    _signed_fields = SIGNED_FIELDS
    _answer_fields = ANSWER_FIELDS
    _printed_fields = {"customer": "partner_id", "technicians": "technician_ids"}

    date_wished = fields.Datetime(
        string="Wished Arrival",
        copy=False,
        help="When the customer would like the visit; the arrival is agreed with them (五.3.2).",
    )

    # === Told on the way === #

    def _get_filing_text(self):
        return self.env._(
            "Thank you. We have received your request %s for a visit and will agree the time of arrival with you. You"
            " can follow it on the portal; a reply to this mail reaches us there, too.",
            self.name,
        )

    def action_reschedule(self, start, end, agreed_with, reason):
        """Tell the customer about the new time; the arguments are those of the visit."""
        result = super().action_reschedule(start, end, agreed_with, reason)
        self._tell_customer(
            lambda visit: visit._get_rescheduled_text(),
            lambda visit: visit.env._("new time"),
        )
        return result

    def _get_rescheduled_text(self):
        return self.env._(
            "The visit %(visit)s has a new time: we arrive at %(time)s.",
            visit=self.name,
            time=self._format_moment(self.date_planned_start),
        )

    def action_cancel(self, reason):
        """Cancel, and tell customers who know of the visit; the reason is that of the visit."""
        known = self.filtered(lambda document: document._is_known_to_customer())
        result = super().action_cancel(reason)
        known._tell_customer(
            lambda visit: visit._get_cancelled_text(),
            lambda visit: visit.env._("cancelled"),
        )
        return result

    def _get_cancelled_text(self):
        return self.env._("The visit %s is cancelled.", self.name)

    def _get_signed_text(self):
        return self.env._(
            "Thank you for the signed feedback form of the visit %s. You can read it on the portal; a reply to this"
            " mail reaches us there, too.",
            self.name,
        )

    # === Signing === #

    def _is_to_be_signed(self):
        """:return: whether the feedback form waits for the customer's signature"""
        return self.state == "on_site" and bool(self.arrived_on and self.result)

    def _get_shown_content(self):
        content = {
            name: value
            for name, value in self._get_signed_content().items()
            if name in set(SIGNED_FIELDS) - ANSWER_FIELDS
        }
        # the name of the software is translated: pages are read in several languages
        return {
            **super()._get_shown_content(),
            **content,
            "installation_id": self.installation_id._get_shown_key(),
        }

    def _get_printed_texts(self):
        contact, software = self.contact_id, self.installation_id
        return {
            **super()._get_printed_texts(),
            "customer": self.partner_id.name or "",
            "contact": contact.name or "",
            "department": contact.department or "",
            "phone": contact.phone or self.partner_id.phone or "",
            "address": self.address or "",
            "software": software.product_id.name or "",
            "serial": software.serial_number or "",
            "technicians": ", ".join(self.technician_ids.mapped("name")),
            "record": self.ticket_id.number or "",
        }

    def _sign_on_portal(self, answer, signatory):
        """The customer signs the feedback form with an opinion (五.3.5); as superuser, after the check of access.

        :param dict answer: opinion, scores, name and drawing
        :param signatory: res.partner of the account, empty without one
        :raises UserError: when the form cannot be signed (any more)
        """
        self.ensure_one()
        if self.signature_hash:
            raise UserError(
                self.env._("The feedback form has been signed by %s already.", self.signed_by_name)
            )
        if not self._is_to_be_signed():
            raise UserError(self.env._("The feedback form is not ready to be signed yet."))
        if signatory.commercial_partner_id != self.commercial_partner_id:
            signatory = signatory.browse()
        self.write({**answer, "signed_by_id": signatory.id})
        self.action_sign()
        self._post_signed_copy(signatory)

    def _post_signed_copy(self, signatory):
        """Tell those who follow the visit that the customer has signed, with the paper for both sides.

        :param signatory: res.partner of the account that signed, empty without one
        """
        author = signatory or self.contact_id or self.partner_id
        self.with_context(mail_notify_force_send=False).message_post(
            body=self.env._("%s has signed the feedback form.", self.signed_by_name),
            author_id=author.id,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            attachments=self.env["ir.actions.report"]._print_signed_copy(
                "jinyang_aftersales.report_visit_feedback_action",
                self,
                self.env._("Feedback Form"),
            ),
        )

    def action_sign(self):
        """The customer's person in charge has signed the feedback form (五.3.5): seal it and thank the customer.

        :raises UserError: while result, signatory, drawing or the time of arrival are missing
        """
        self._check_still_drawn()
        for visit in self:
            visit._step("action_sign", signed_on=fields.Datetime.now())
            visit._seal()
        self._tell_customer(
            lambda visit: visit._get_signed_text(),
            lambda visit: visit.env._("feedback form signed"),
        )

    @api.model
    def _get_asked_steps(self):
        return {**super()._get_asked_steps(), "action_reopen": self.env._("Reopen")}

    def action_ask_reopen(self):
        """Ask once more before a signature becomes void."""
        return self._ask_first("action_reopen", self._describe_void())

    def action_reopen(self):
        """Take a signed visit back on site: the signature is void, the customer signs again.

        :raises UserError: for users other than service managers, or when the form has been handed in
        """
        for visit in self:
            voided = visit.signed_by_name, visit.signature_hash
            visit._step("action_reopen", **visit._get_unsealed_vals())
            visit._log_void(*voided)
