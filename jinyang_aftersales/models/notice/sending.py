import logging
import re
from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import formataddr, split_every

from ...activities import PRINT_ACTIVITY, TROUBLE_ACTIVITY
from ...tools.mail import header_text, usable_addresses

_logger = logging.getLogger(__name__)

BATCH = 50
MAX_FAILURES = 5
# hours until a failed mail is tried again: five times within 48 hours
MAIL_DELAYS = (1, 4, 8, 12, 23)
# most hours until the next try of a notice whose letter or mail could not be made
MAX_DELAY = 24
# the mail server refuses the recipient for good (5xx), not for the moment (4xx)
_REFUSED = re.compile(r"SMTPRecipientsRefused.{0,2000}?\(5\d\d,", re.DOTALL)


class AftersalesRenewalNotice(models.Model):
    """How a notice reaches the customer: letter, mail, further tries when the mail fails."""

    _inherit = "aftersales.renewal.notice"

    # === Recipient === #

    @api.model
    def _default_contact(self, partner):
        """Recipient of the customer's letter: the contact for the software, else the customer.

        :param res.partner partner: the customer
        :rtype: res.partner
        """
        contact = partner.software_contact_id
        if contact.active and contact.commercial_partner_id == partner.commercial_partner_id:
            return contact
        return partner.browse(partner.address_get(["contact"])["contact"]) or partner

    def _get_recipient(self):
        """The person to whom the letter is sent: the contact, unless they have left the customer.

        :rtype: res.partner
        """
        self.ensure_one()
        contact = self.contact_id
        if contact.active and contact.commercial_partner_id == self.commercial_partner_id:
            return contact
        return self._default_contact(self.partner_id)

    def _recipients(self):
        """Addresses the mail goes to: the contact's, else the customer's own.

        :rtype: list[str]
        """
        contact = self._get_recipient()
        return usable_addresses(contact.email) or usable_addresses(self.partner_id.email)

    # === Step: send pending notices === #

    @api.model
    def _send_pending(self, company, today=None):
        """Queue the mails of a company's pending notices, or make print tasks of them (四 回访专员.4).

        An error is kept on its notice, which is tried again later, and stops no other. Conflicts with other
        transactions are no errors of a notice and are raised.

        :param company: res.company
        :param datetime.date today: the company's day
        :return: number of notices left for lack of time
        :rtype: int
        """
        today = today or company._aftersales_today()
        self._close_ended(company, today)
        pending = self._waiting(company, today)
        left = len(pending)
        for ids in split_every(BATCH, pending.ids, list):
            # leave out notices that another transaction works on, or has sent meanwhile
            batch = (
                self.browse(ids)
                .try_lock_for_update()
                .filtered(lambda notice: notice.state == "pending")
            )
            batch._send_batch(company._aftersales_mail_time())
            left -= len(ids)
            if not self.env["aftersales.job"]._checkpoint(len(ids), left):
                break
        return left

    def _waiting(self, company, today):
        return self.search(
            self._get_try_domain(company, today) & Domain("state", "=", "pending"),
            order="term_end, id",
        )

    @api.model
    def _get_try_domain(self, company, today):
        """Notices of service that has not ended, and that may be tried now: for the first time, or once more.

        :param company: res.company
        :param datetime.date today: the company's day
        :rtype: Domain
        """
        never = Domain("next_try", "=", False)
        return (
            Domain("company_id", "=", company.id)
            & Domain("term_end", ">=", today)
            & (never | Domain("next_try", "<=", fields.Datetime.now()))
        )

    def _send_batch(self, send_at):
        """Mail the notices of a batch in one go, or one by one when that fails; print those without an address."""
        withheld = self.filtered(lambda notice: not notice.partner_id.active)
        withheld._withhold()
        on_paper = (self - withheld).filtered(
            lambda notice: (
                not notice._recipients()
                or notice.partner_id._get_letter_channel(notice.company_id) != "mail"
            )
        )
        on_paper._to_print()
        self.env["aftersales.job"]._apart(
            self - withheld - on_paper,
            lambda notices: notices._queue_mails(send_at),
            lambda notice, error: notice._note_failure(error),
        )

    def _note_failure(self, error):
        """Keep the error on the notice, and try again after a delay that doubles each time."""
        self.ensure_one()
        _logger.warning("Renewal notice %s could not be sent", self.name, exc_info=error)
        count = self.fail_count + 1
        delay = min(2 ** (count - 1), MAX_DELAY)
        self._write_unlocked(
            {
                "error": str(error) or type(error).__name__,
                "fail_count": count,
                "next_try": fields.Datetime.now() + timedelta(hours=delay),
            }
        )
        if count == MAX_FAILURES:
            self._notify_users(
                self.company_id._aftersales_managers(),
                TROUBLE_ACTIVITY,
                lambda notice: notice.env._("The letter could not be made: %s", notice.error),
                mail=False,
            )

    def _to_print(self):
        """Hand letters to the call-back specialist, who prints and faxes or posts them."""
        notices = self.filtered(lambda notice: notice.state != "print")
        notices._cancel_mails()
        notices._write_unlocked(
            {
                "state": "print",
                "channel": False,
                "sent_on": False,
                "sent_by_id": False,
                "sent_to": False,
            }
        )
        for user, tasks in notices.grouped("user_id").items():
            tasks._notify_users(user, PRINT_ACTIVITY, mail=False)

    # === Mail === #

    def _queue_mails(self, send_at):
        """Make letters and mails of notices of one company; the mail queue sends them.

        Nothing is sent in this transaction: rolled back it has sent nothing, committed it has queued all mails.

        :param datetime.datetime send_at: naive UTC, not before
        :raises UserError: when a letter or a mail cannot be made; nothing is queued then
        """
        for notice in self:
            if notice.contact_id != notice._get_recipient():
                notice.contact_id = notice._get_recipient()
        letters = self._letters()
        contents = self.env.ref(
            "jinyang_aftersales.mail_template_renewal_notice"
        )._generate_template(self.ids, ("subject", "body_html", "mail_server_id", "attachment_ids"))
        attachments = self.env["ir.attachment"].create(
            [notice._prepare_letter(letters[notice.id]) for notice in self]
        )
        links = self._get_letter_links()
        mails = self.env["mail.mail"].create(
            [
                notice._prepare_mail(contents[notice.id], letter, links[notice.id], send_at)
                for notice, letter in zip(self, attachments, strict=True)
            ]
        )
        waiting = self.filtered(lambda notice: notice.state == "print" or notice.fail_count)
        waiting._withdraw_activities(PRINT_ACTIVITY, TROUBLE_ACTIVITY)
        quiet = self.with_context(tracking_disable=True)
        for notice, mail, letter in zip(quiet, mails, attachments, strict=True):
            notice._write_unlocked(
                {
                    "state": "sent",
                    "channel": "mail",
                    "sent_on": send_at,
                    "sent_by_id": self.env.uid,
                    "sent_to": mail.email_to,
                    "mail_id": mail.id,
                    "letter_id": letter.id,
                    "error": False,
                    "fail_count": 0,
                    "next_try": False,
                }
            )
        self._subscribe_specialists()
        queue = self.env.ref("mail.ir_cron_mail_scheduler_action", raise_if_not_found=False)
        if queue:
            # sudo: only schedules a run of the mail queue
            queue.sudo()._trigger(send_at)

    def _letters(self):
        """The letters as PDF, made in one go.

        :return: content by id of the notice
        :rtype: dict[int, bytes]
        :raises UserError: when one of them is missing
        """
        reports = self.env["ir.actions.report"]
        streams, kind = reports._pre_render_qweb_pdf(
            "jinyang_aftersales.report_renewal_letter_action", res_ids=self.ids
        )
        if kind != "pdf":  # in tests of Odoo the report returns HTML instead of a PDF
            return dict.fromkeys(self.ids, streams)
        letters = {}
        for notice in self:
            stream = streams.get(notice.id, {}).get("stream")
            letters[notice.id] = stream.getvalue() if stream else b""
            if not letters[notice.id]:
                raise UserError(self.env._("The letter of %s could not be printed.", notice.name))
        return letters

    def _prepare_letter(self, content):
        """Values of the attachment, which is kept as evidence of the letter that was sent."""
        return {
            "name": self._get_letter_name(),
            "raw": content,
            "res_model": self._name,
            "res_id": self.id,
            "company_id": self.company_id.id,
        }

    def _get_letter_name(self):
        """:return: name of the letter's file, in the customer's language"""
        notice = self.with_context(lang=self.lang)
        return header_text(f"{notice.letter_title} {self.name}").replace("/", "-") + ".pdf"

    def _prepare_mail(self, content, letter, link, send_at):
        """Values of the queued mail.

        The mail belongs to the agreement, where it is shown and replies arrive, or to the notice where there is no
        agreement. It is not deleted: it is evidence, and replies are matched with it.

        :param dict content: values from the template
        :param letter: ir.attachment
        :param tuple[str, str] link: text and address of the recipient's link
        :param datetime.datetime send_at: naive UTC
        """
        document = self.contract_id or self
        company = self.company_id
        body = Markup(content["body_html"] or "")
        return {
            "model": document._name,
            "res_id": document.id,
            "subject": header_text(content["subject"]),
            # colleagues read the message; the link, which lets its holder answer, is in the mail only
            "body": body,
            "body_html": body + self._get_link_html(*link),
            "author_id": company.partner_id.id,
            "email_from": self._sender(),
            "reply_to": self._reply_address(),
            "email_to": ", ".join(self._recipients()),
            "attachment_ids": [
                fields.Command.link(id_) for id_ in [letter.id, *content["attachment_ids"]]
            ],
            "mail_server_id": content["mail_server_id"],
            "record_company_id": company.id,
            "record_alias_domain_id": company.alias_domain_id.id,
            "scheduled_date": send_at,
            "auto_delete": False,
            # ask mail servers not to send absence notes, which would count as answers
            "headers": repr({"X-Auto-Response-Suppress": "OOF"}),
        }

    def _sender(self):
        """The company's address, with its name.

        :raises UserError: when neither the company nor the specialist has an address
        """
        company = self.company_id
        for address in (company.email, company.default_from_email, self.user_id.email):
            if usable := usable_addresses(address):
                return formataddr((header_text(company.name), usable[0]))
        raise UserError(
            self.env._("%s has no e-mail address to send renewal notices from.", company.name)
        )

    def _reply_address(self):
        """Address for replies: the catch-all, by which they reach the agreement, else that of a person.

        :rtype: str
        """
        company = self.company_id
        for address in (company.catchall_email, self.user_id.email, company.email):
            if usable := usable_addresses(address):
                full = formataddr((header_text(company.name), usable[0]))
                # some mail systems lose the address of a header that is folded because of its length
                return full if len(full) <= 68 else usable[0]
        return False

    def _subscribe_specialists(self):
        """Let the caller follow agreement or notice, to see the customer's answers by mail."""
        for user, notices in self.grouped("user_id").items():
            if user:
                without = notices.filtered(lambda notice: not notice.contract_id)
                for documents in (notices.contract_id, without):
                    documents.message_subscribe(partner_ids=user.partner_id.ids)

    def _cancel_mails(self):
        """Cancel mails that have not left."""
        # sudo: users who write notices may not write mails
        mails = self.sudo().mail_id.filtered(lambda mail: mail.state in ("outgoing", "exception"))
        mails.cancel()

    # === Step: mails that failed === #

    @api.model
    def _requeue_failed_mails(self, company, today=None):
        """Try mails again that did not leave: five times within 48 hours, then the managers are told.

        When the mail server refuses the recipient for good, the letter goes to print at once.

        :param company: res.company
        :param datetime.date today: the company's day
        :return: number of notices left for lack of time
        :rtype: int
        """
        today = today or company._aftersales_today()
        now = fields.Datetime.now()
        failed = self.search(
            self._get_try_domain(company, today)
            & Domain("state", "=", "sent")
            & Domain("channel", "=", "mail")
            & Domain("mail_id.state", "=", "exception")
            & Domain("fail_count", "<=", len(MAIL_DELAYS)),
            order="id",
        )
        left = len(failed)
        for ids in split_every(BATCH, failed.ids, list):
            for notice in self.browse(ids).try_lock_for_update():
                notice._follow_up_failed_mail(now)
            left -= len(ids)
            if not self.env["aftersales.job"]._checkpoint(len(ids), left):
                break
        return left

    def _follow_up_failed_mail(self, now):
        mail = self.mail_id
        if mail.state != "exception":
            return
        reason = mail.failure_reason or ""
        count = self.fail_count
        if mail.failure_type in ("mail_email_invalid", "mail_email_missing") or _REFUSED.search(
            reason
        ):
            self._mail_refused(reason)
        elif count == len(MAIL_DELAYS):
            self._write_unlocked({"fail_count": count + 1, "next_try": False})
            self._notify_users(
                self.company_id._aftersales_managers(),
                TROUBLE_ACTIVITY,
                lambda notice: notice.env._(
                    "The mail could not be sent for 48 hours: %s", reason[:500]
                ),
                mail=False,
            )
        else:
            mail.mark_outgoing()
            delay = timedelta(hours=MAIL_DELAYS[count])
            self._write_unlocked(
                {"fail_count": count + 1, "next_try": now + delay, "error": reason[:2000]}
            )

    def _mail_refused(self, reason):
        """The address was refused for good: print the letter, and ask the specialist to correct the address."""
        for notice in self:
            addresses = notice.sent_to or ""
            notice._to_print()
            notice._write_unlocked({"error": reason[:2000], "fail_count": 0, "next_try": False})
            notice._forget_mail()
            notice._notify_users(
                notice.user_id,
                TROUBLE_ACTIVITY,
                lambda told, addresses=addresses: told.env._(
                    "The address %s was refused. Correct it with the customer.", addresses
                ),
                mail=False,
            )

    def _message_receive_bounce(self, email, partner):
        result = super()._message_receive_bounce(email, partner)
        self._handle_bounce(email)
        return result

    def _handle_bounce(self, email):
        """A mail came back: treat its address as refused, and let it tell nobody, whatever followed the mail."""
        # sudo: outgoing mail is read by administrators only; the gateway works for everybody
        reached = self.sudo().filtered(
            lambda notice: email in usable_addresses(notice.mail_id.email_to)
        )
        reached._forget_mail()
        bounced = self.filtered(
            lambda notice: (
                notice.state == "sent"
                and notice.channel == "mail"
                and notice.term_end >= notice.company_id._aftersales_today()
                and email in usable_addresses(notice.sent_to)
            )
        )
        bounced._mail_refused(self.env._("The mail to %s came back.", email))
