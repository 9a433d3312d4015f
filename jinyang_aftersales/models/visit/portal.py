import hashlib

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...groups import CALLERS, MANAGERS, READERS
from ...tools.facts import fact
from ..shared.document_fields import CUSTOMER_READS
from .aftersales_visit import AftersalesVisit as Visit
from .values import FEEDBACK_WAYS, OPINION_FIELDS, PAPER_FIELDS, SCORE_FIELDS

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
    _inherit = ["aftersales.visit", "aftersales.filing.mixin", "aftersales.file.mixin"]
    _scan_fields = ("paper_scan",)
    _scan_names = ("paper_scan_name",)
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

    feedback_way = fields.Selection(
        selection=FEEDBACK_WAYS,
        string="Form Signed",
        readonly=True,
        copy=False,
        help="How the customer signed the feedback form.",
    )
    paper_signed_on = fields.Date(
        string="Signed on Paper On", readonly=True, copy=False, help="The day written on the paper."
    )
    paper_scan = fields.Binary(
        string="Scan of the Signed Form",
        attachment=True,
        readonly=True,
        copy=False,
        groups=READERS,
        help="The form that was signed or sealed on paper: PDF, JPEG or PNG, up to 10 MB.",
    )
    paper_scan_name = fields.Char(readonly=True, copy=False, groups=READERS)

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

    # === Feedback form === #

    @api.depends("state", "feedback_received_on", "signature_hash", "technician_ids")
    @api.depends_context("uid")
    def _compute_can_receive(self):
        desk = self._is_call_desk()
        for visit in self:
            visit.can_receive = desk and not visit._get_receive_obstacle()

    @api.model
    def _is_call_desk(self):
        return self.env.user.has_group(CALLERS) or self.env.user.has_group(MANAGERS)

    def _get_receive_obstacle(self):
        """Why a user of the call-back desk cannot receive the feedback form.

        :return: the reason in the user's language, False when nothing is in the way
        :rtype: str | bool
        """
        if self.state not in ("feedback", "done") or self._is_form_received():
            return self.env._("%s: there is no signed feedback form to receive.", self.display_name)
        if self.env.user in self.technician_ids:
            return self.env._("Who did the work hands the form in, somebody else receives it.")
        return False

    def action_receive_feedback(self):
        """The call-back desk has the signed form; the call-back is due the next working day (五.5.1, 五.7.2).

        :raises AccessError: for users who are neither call-back specialist nor service manager
        :raises UserError: before the customer has signed, for a second time, or for a technician of the visit
        """
        self.check_access("read")
        if not self._is_call_desk():
            raise AccessError(self.env._("The call-back desk receives feedback forms."))
        for visit in self:
            obstacle = visit._get_receive_obstacle()
            if obstacle:
                raise UserError(obstacle)
        self._receive_form(self.env.user)

    def _receive_form(self, receiver):
        """Store that the signed form is in, and open the call-back.

        :param receiver: res.users who got it; empty for a form that nobody handed in, because it is signed on a phone
        """
        # sudo: neither the call-back desk nor the customer may write visits; the checks were made before
        self.sudo()._write_unlocked(
            {
                "feedback_received_on": fields.Datetime.now(),
                "feedback_received_by_id": receiver.id,
            }
        )
        self._close_deadline("visit_feedback")
        for visit in self:
            # again: a visit that was taken up anew has a call that was cancelled
            self.env["aftersales.callback"]._open_for(visit, "visit", again=True)

    def _receive_from_phone(self):
        """Count forms that were signed on a phone as received, where the company wants it and the seal holds (五.7.2).

        Paper is received by hand.
        """
        for visit in self:
            # sudo: setting and seal, which the customer and technicians may not read
            if (
                visit.sudo().company_id.aftersales_phone_form_received
                and visit.sudo().signature_valid
            ):
                visit._receive_form(self.env["res.users"])

    def _is_form_received(self):
        """:return: whether the form is in: handed in, or signed on a phone with a seal that still holds"""
        # sudo: the seal, which not everybody may read
        by_hand = self.feedback_received_by_id or self.feedback_way != "phone"
        return bool(self.feedback_received_on and (by_hand or self.sudo().signature_valid))

    def _get_callback_workers(self):
        return super()._get_callback_workers() | self.technician_ids | self.lead_technician_id

    def _get_callback_facts(self):
        rows = super()._get_callback_facts()
        scores = [
            f"{self._fields[name]._description_string(self.env)} {self[name]}"
            for name in SCORE_FIELDS
            if self[name]
        ]
        told = "\n".join(filter(None, (" · ".join(scores), self.customer_opinion)))
        return [
            *rows,
            fact(self.env._("Result of the Visit"), self.result),
            fact(self.env._("Said on Site"), told),
        ]

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
            visit._step("action_sign", signed_on=fields.Datetime.now(), feedback_way="phone")
            visit._seal()
            visit._receive_from_phone()
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

        :raises UserError: for users other than service managers, or when the form has been handed in or the customer
            was called about it
        """
        for visit in self:
            voided = visit.signed_by_name, visit.signature_hash
            visit._keep_paper()
            visit._step("action_reopen", **visit._get_unsealed_vals())
            if voided[1]:
                visit._log_void(*voided)

    def _get_unsealed_vals(self):
        return {
            **super()._get_unsealed_vals(),
            **dict.fromkeys(PAPER_FIELDS, False),
            "feedback_way": False,
            "feedback_received_on": False,
            "feedback_received_by_id": False,
        }

    def _get_reopen_obstacle(self):
        """Why a signed form is not reopened: somebody has the paper, or the customer was called about it.

        :return: the reason in the user's language, False when nothing is in the way
        :rtype: str | bool
        """
        if self.feedback_received_by_id:
            return self.env._(
                "The feedback form of %s has been handed in and is not reopened.",
                self.display_name,
            )
        # sudo: calls, which not every manager of a visit may read
        if self.feedback_received_on and "done" in self.sudo().callback_ids.mapped("state"):
            return self.env._(
                "The customer was called about %s already: its feedback form is not reopened.",
                self.display_name,
            )
        return False

    # === Signed on paper === #

    def action_open_paper(self):
        """Ask who signed the feedback form on paper, on which day, and for its scan.

        :raises UserError: while the visit is not at the customer's, or the result is missing
        """
        self.ensure_one()
        self.check_access("write")
        step = self._find_step("action_sign_paper")
        if not step or not self.arrived_on:
            raise UserError(
                self._get_step_obstacle("action_sign_paper") or self._describe_no_step("feedback")
            )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Signed on Paper"),
            "res_model": "aftersales.visit.paper",
            "view_mode": "form",
            "target": "new",
            "context": {"default_visit_id": self.id},
        }

    def action_sign_paper(self, day, scan, scan_name=False):
        """Accept a feedback form that was signed or sealed on paper, with its scan (五.3.5).

        The paper itself is still handed in at the call-back desk, which then calls the customer (五.7.2).

        :param datetime.date day: the company day on which it was signed
        :param scan: the scan or photo, as base64: PDF, JPEG or PNG
        :param str scan_name: name of its file
        :raises UserError: without a scan, for a day before the arrival or after today, while result, signatory or time
            of arrival are missing
        :raises ValidationError: for files that are no scan
        """
        self.ensure_one()
        self._check_step("action_sign_paper")
        day, company = fields.Date.to_date(day), self.company_id
        if not scan:
            raise UserError(
                self.env._(
                    "Add the scan or a photo of the signed form: without it nobody can see who signed."
                )
            )
        first = company._aftersales_day(self.arrived_on)
        if not day or not first <= day <= company._aftersales_today():
            raise UserError(
                self.env._(
                    "The form was signed between the arrival on %(day)s and today: enter the right day.",
                    day=self._say_day(first),
                )
            )
        file = self._read_file(scan)
        self._step(
            "action_sign_paper",
            customer_signature=False,
            drawn_version=False,
            feedback_way="paper",
            paper_signed_on=day,
            paper_scan=file,
            paper_scan_name=scan_name or self.env._("Feedback Form"),
        )
        self._message_log(
            body=self.env._(
                "Signed on paper by %(name)s on %(day)s. SHA-256 of the scan: %(hash)s",
                name=self.signed_by_name,
                day=self._say_day(day),
                hash=hashlib.sha256(file.raw).hexdigest(),
            ),
            author_id=self.env.user.partner_id.id,
        )
        self._tell_customer(
            lambda visit: visit._get_signed_text(),
            lambda visit: visit.env._("feedback form signed"),
        )

    def _keep_paper(self):
        """Keep the scan of a form that becomes void in the history of the visit."""
        scan = self._get_file("paper_scan")
        if scan:
            # sudo: who reopens the visit needs no right on attachments to keep the old scan
            self.sudo().with_context(mail_notify_force_send=False).message_post(
                body=self.env._("Reopened: the form that was signed on paper is void."),
                attachments=[(self.paper_scan_name or self.name, scan.raw)],
                author_id=self.env.user.partner_id.id,
                subtype_xmlid="mail.mt_note",
            )
