from markupsafe import Markup

from odoo import models
from odoo.tools import formataddr

from ...activities import STEP_ACTIVITY
from ...tools.mail import header_text, usable_addresses
from ..shared.document_fields import CUSTOMER_READS
from .aftersales_change_request import AftersalesChangeRequest as Change

PORTAL_FIELDS = CUSTOMER_READS | {
    "title",
    "kind",
    "description",
    "module",
    "reason",
    "customer_requested_on",
    "scan",
    "scan_name",
    "submitted_on",
    "confirmed_need",
    "confirmed_on",
    "date_promised",
    "customer_invited_on",
    "deployed_on",
    "opinion_result",
    "opinion_text",
    "opinion_on",
    "done_on",
}


class AftersalesChangeRequest(models.Model):
    """Mail to the customer at each step, in the customer's language, and the page on the portal (五.4.5)."""

    _name = "aftersales.change.request"
    _inherit = ["aftersales.change.request", "aftersales.filing.mixin"]
    _portal_url = "/my/changes"
    _portal_fields = PORTAL_FIELDS
    _protected_fields = {**Change._protected_fields, "filed_by_id": False}

    def _get_shown_content(self):
        return {
            **super()._get_shown_content(),
            **{
                name: self[name] or ""
                for name in ("name", "title", "module", "description", "reason", "confirmed_need")
            },
            "installation": self.installation_id._get_shown_key(),
            "promised": str(self.date_promised),
            "updated": str(self.deployed_on),
        }

    def _get_mail_recipient(self):
        """Recipient of the mail: the contact, else the contact for the software, else the customer.

        Persons without an address, and those who have left the customer, are left out.

        :rtype: res.partner
        """
        self.ensure_one()
        partners = self.contact_id | self.partner_id.software_contact_id | self.partner_id
        return self._filter_customer_people(partners).filtered(
            lambda partner: usable_addresses(partner.email)
        )[:1]

    def _get_letter_partners(self):
        return self._get_mail_recipient() | self.partner_id

    def _get_mail_sender(self):
        """:return: address of the company, else of the specialist, with the company's name; else that of the user"""
        company = self.company_id
        for address in (company.email, company.default_from_email, self.user_id.email):
            if usable := usable_addresses(address):
                return formataddr((header_text(company.name), usable[0]))
        return self.env.user.email_formatted

    def _mail_customer(self, step, send_at=None, call=True):
        """Tell the customer of a step, by the template of the step; the mail is queued, not sent here.

        The mail is a message of the document, where answers arrive. When nobody at the customer's has an address,
        the specialist is asked to call.

        :param str step: last part of the template's external id
        :param datetime.datetime send_at: not before, naive UTC; at once by default
        :param bool call: whether the specialist calls customers who cannot be mailed
        """
        template = self.env.ref(
            f"jinyang_aftersales.mail_template_change_{step}", raise_if_not_found=False
        )
        # sudo: reads contacts and template for users without access to them
        for change in self.sudo():
            recipient = template and change._get_mail_recipient()
            if not recipient:
                if call:
                    change._ask_to_call(template)
                continue
            content = template.sudo()._generate_template(change.ids, ("subject", "body_html"))
            content = content[change.id]
            lang = change._get_customer_lang()
            change.with_context(lang=lang)._post_to_customer(
                recipient,
                Markup(content["body_html"] or ""),
                change.company_id.partner_id,
                subject=header_text(content["subject"]),
                email_from=change._get_mail_sender(),
                force_email_lang=lang,
                scheduled_date=send_at,
            )

    def _get_call_note(self, template):
        """:return: what the customer is told by telephone, see :meth:`_ask_to_call`"""
        if template:
            return self.env._(
                "Nobody at the customer's has an e-mail address. Tell them by telephone: %s",
                template.with_env(self.env).name,
            )
        return self.env._(
            "The text of the mail to the customer has been deleted. Tell them by telephone: %s",
            self._state_label(),
        )

    def _ask_to_call(self, template):
        """Ask the specialist to call a customer who cannot be mailed, for lack of an address or of the template.

        :param template: the mail.template, None when it was deleted
        """
        users = self.user_id or self.confirmed_by_id or self.company_id._aftersales_managers()
        self._notify_users(
            users,
            STEP_ACTIVITY,
            note=lambda change: change._get_call_note(template),
        )

    # === Timeline === #

    def _get_timeline(self):
        """Timeline of the request for the customer: plain text in the language of the context.

        For the portal, after its check of access. It names no staff and no opinion of the manager.

        :return: steps in their order, each a dict with ``state`` (code), ``label`` (str), ``date`` (the
            company's calendar day, False for a step to come), ``note`` (str, may be empty) and ``current`` (bool:
            the present step)
        :rtype: list[dict]
        """
        self.ensure_one()
        # sudo: reads dates, promise and delays for customers, who may not read all of them
        change = self.sudo()
        rows = [
            *change._get_timeline_request(),
            *change._get_timeline_promise(),
            *change._get_timeline_work(),
        ]
        known = [row["state"] for row in rows]
        labels = dict(self._fields["state"]._description_selection(self.env))
        if change.state not in known:
            rows.append(change._timeline_row(change.state, labels[change.state], change.write_date))
        last = max(number for number, row in enumerate(rows) if row["state"] == change.state)
        for number, row in enumerate(rows):
            row["current"] = number == last
        return rows

    def _timeline_row(self, state, label, moment, note=""):
        """:param moment: naive UTC, or a day"""
        day = moment or False
        if day and hasattr(day, "hour"):
            day = self.company_id._aftersales_day(moment)
        return {"state": state, "label": label, "date": day, "note": note}

    def _get_timeline_request(self):
        label = self._state_label
        rows = [
            self._timeline_row("draft", self.env._("Requested"), self.customer_requested_on),
        ]
        if self.submitted_on:
            rows.append(self._timeline_row("submitted", label("submitted"), self.submitted_on))
        if self.confirmed_on:
            note = self.confirmed_need or ""
            rows.append(
                self._timeline_row("confirmed", label("confirmed"), self.confirmed_on, note)
            )
        return rows

    def _get_timeline_promise(self):
        """The decision, and each move of the promised date with its reason."""
        if not self.date_promised:
            return []
        moves = self.promise_ids.sorted("id").filtered(
            lambda row: not self.confirmed_on or row.announced_on >= self.confirmed_on
        )
        first = moves[:1].date_old or self.date_promised
        format_day = self.env["ir.qweb.field.date"].value_to_html
        rows = [
            self._timeline_row(
                "approved",
                self._state_label("approved"),
                self.decided_on,
                self.env._("Promised for %s", format_day(first, {})),
            )
        ]
        for move in moves:
            rows.append(
                self._timeline_row(
                    "moved",
                    self.env._("Promised Date Moved"),
                    move.announced_on,
                    self.env._(
                        "From %(old)s to %(new)s: %(reason)s",
                        old=format_day(move.date_old, {}),
                        new=format_day(move.date_new, {}),
                        reason=move.reason,
                    ),
                )
            )
        return rows

    def _get_timeline_work(self):
        label = self._state_label
        rows = []
        if self.development_on:
            rows.append(
                self._timeline_row("development", label("development"), self.development_on)
            )
        if self.testing_on:
            note = self.env._("You are invited to test.") if self.customer_invited_on else ""
            rows.append(self._timeline_row("testing", label("testing"), self.testing_on, note))
        if self.tested_on or self.deployed_on:
            note = self.env._("Updated at your place") if self.deployed_on else ""
            moment = self.deployed_on or self.tested_on
            rows.append(self._timeline_row("deploying", label("deploying"), moment, note))
        if self.opinion_result:
            opinions = dict(self._fields["opinion_result"]._description_selection(self.env))
            note = " ".join(filter(None, (opinions[self.opinion_result], self.opinion_text)))
            rows.append(
                self._timeline_row("opinion", self.env._("Your Opinion"), self.opinion_on, note)
            )
        if self.done_on:
            rows.append(self._timeline_row("done", label("done"), self.done_on))
        return rows

    def _get_paper_title(self):
        """:return: title of the printed form"""
        self.ensure_one()
        return self.env._("Program Change Request Form")

    def _after_filing(self):
        """Submit the filed request: the specialist confirms the need with the customer (五.4.2)."""
        self.action_submit()

    def _confirm_filing(self):
        """Send no confirmation: the mail of the submission is one already."""
