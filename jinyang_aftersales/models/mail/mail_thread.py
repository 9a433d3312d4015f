from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.files import MAX_FILES, tell_too_many
from ...tools.mail import AUTOMATIC, INCOMING, OUTSIDE, QUIET_HEADERS, usable_addresses
from ...tools.text import list_words

NEW_LINK_AGAIN = timedelta(minutes=15)

# In the context while a message is notified: a function that takes chosen recipients who are no people of the customer.
# A function, because Odoo gives back an older environment whose context is equal, and lists of two messages can be.
LEFT_OUT = "aftersales_left_out"


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    @api.model
    def _get_thread_with_access(self, thread_id, *, hash=None, pid=None, token=None, **kwargs):
        """Find a document for its chatter; malformed secrets are treated as wrong ones instead of raising.

        :param int thread_id: id of the document
        :param str hash: signature of the contact, as in mails
        :param int pid: id of the contact
        :param str token: token that stands for the right to read the document
        :return: the document, empty when it may not be read
        """
        secrets = {
            "hash": hash if isinstance(hash, str) and hash.isascii() else None,
            "pid": pid if isinstance(pid, int) or str(pid).isdecimal() else None,
            "token": token if isinstance(token, str) and token.isascii() else None,
        }
        if isinstance(self, self.pool["aftersales.portal.page.mixin"]):
            thread = super()._get_thread_with_access(thread_id, **kwargs)
            if thread or not any(secrets.values()):
                return thread
            # sudo: only what the secrets give is asked
            document = self.sudo().browse(thread_id).exists()
            opened = document and document._get_access_by(
                secrets["token"], secrets["hash"], secrets["pid"]
            )
            return document if opened else self.browse()
        if self._mail_post_token_field not in self._fields:
            # Odoo reads the field of every model that has messages.
            secrets.pop("token", None)
        return super()._get_thread_with_access(thread_id, **secrets, **kwargs)

    # === Customer documents: files of customers === #

    def _process_attachments_for_post(self, attachments, attachment_ids, message_values):
        """Limit the files of a customer's message as those of a portal form; the arguments are those of Odoo.

        :raises UserError: when there are more files
        """
        sent = len(attachments or ()) + len(attachment_ids or ())
        if sent > MAX_FILES and self.env.user.share and self._is_customer_document():
            raise UserError(tell_too_many(self.env))
        return super()._process_attachments_for_post(attachments, attachment_ids, message_values)

    # === Customer documents: outside our company only the customer is notified === #

    def _notify_thread(self, message, msg_vals=False, **kwargs):
        """Log which chosen recipients are left out, so that the sender sees it; the arguments are those of Odoo."""
        if self.env.context.get(AUTOMATIC) and self._is_customer_document():
            return []
        # sudo: only the recipients of the message that was just written are read
        known = msg_vals and "partner_ids" in msg_vals
        if not (msg_vals["partner_ids"] if known else message.sudo().partner_ids):
            return super()._notify_thread(message, msg_vals=msg_vals, **kwargs)
        left_out = []
        thread = self.with_context(**{LEFT_OUT: left_out.extend})
        recipients = super(MailThread, thread)._notify_thread(message, msg_vals=msg_vals, **kwargs)
        if left_out:
            self._message_log(
                body=self.env._(
                    "Not sent to %s: no contact of this customer.",
                    list_words(self.env, [partner.display_name for partner in left_out]),
                )
            )
        return recipients

    def _notify_get_recipients(self, message, msg_vals=False, **kwargs):
        """Leave out strangers, see :meth:`_get_strangers`; the arguments are those of Odoo.

        :rtype: list[dict]
        """
        if self.env.context.get(INCOMING) and self._is_customer_document():
            recipients = self._notify_get_incoming_recipients(message, msg_vals, **kwargs)
        else:
            recipients = super()._notify_get_recipients(message, msg_vals=msg_vals, **kwargs)
        if not recipients:
            return recipients
        outside = [row["id"] for row in recipients if row["share"] and row["id"]]
        strangers = outside and self._get_strangers(outside)
        if not strangers:
            return recipients
        chosen = (msg_vals or {}).get("partner_ids")
        if chosen is None:
            # sudo: only the recipients of the message that was just written are read
            chosen = message.sudo().partner_ids.ids
        left_out = strangers.filtered(lambda partner: partner.id in chosen)
        if left_out and LEFT_OUT in self.env.context:
            self.env.context[LEFT_OUT](left_out)
        return [row for row in recipients if row["id"] not in strangers.ids]

    def _notify_get_incoming_recipients(self, message, msg_vals, **kwargs):
        """Recipients of the notification about an incoming mail; the arguments are those of Odoo.

        :rtype: list[dict]
        """
        # sudo: only the subtype of the message that was just written is read
        internal = message.sudo().subtype_id.internal
        if internal:
            # Notify our own followers of it as of a comment; for customers it stays an internal note.
            comment = self.env["ir.model.data"]._xmlid_to_res_id("mail.mt_comment")
            msg_vals = {**(msg_vals or {}), "subtype_id": comment}
        recipients = super()._notify_get_recipients(message, msg_vals=msg_vals, **kwargs)
        # sudo: only the company's partner is read. Mail goes out in its name: the answer to it is on the document
        # already, and a notification to the company's own address would come in as mail again.
        own = self.sudo().company_id.partner_id
        return [
            row
            for row in recipients
            if row["id"] not in own.ids and not (internal and row["share"])
        ]

    def _notify_get_recipients_classify(
        self, message, recipients_data, model_description, msg_vals=False
    ):
        # A link for the customer is made only when a recipient is outside our company.
        outside = tuple(row["id"] for row in recipients_data if row["share"] and row["id"])
        thread = self.with_context(**{OUTSIDE: outside})
        return super(MailThread, thread)._notify_get_recipients_classify(
            message, recipients_data, model_description, msg_vals=msg_vals
        )

    def _notify_get_recipients_groups(self, message, model_description, msg_vals=False):
        """Give the contact of a customer document the link, too, that opens it without an account.

        Odoo gives the link to the partner of the document only, which is mostly a company here.
        """
        groups = super()._notify_get_recipients_groups(
            message, model_description, msg_vals=msg_vals
        )
        if not (
            self.env.context.get(OUTSIDE)
            and self._is_customer_document()
            and isinstance(self, self.pool["portal.mixin"])
        ):
            return groups
        # sudo: only the contact of the document is read, also for authors who may not read contacts
        contact = self.sudo()._get_portal_contact()
        if not contact or contact.id not in self.env.context[OUTSIDE]:
            return groups
        # sudo: the link goes into the mail to the contact only; the author does not read it
        document = self.sudo()
        personal = {
            "access_token": document._get_link_secret(contact),
            "pid": contact.id,
            "hash": document._sign_token(contact.id),
        }
        link = self._notify_get_action_link("view", **{**(msg_vals or {}), **personal})
        values = {"active": True, "button_access": {"url": link}, "has_button_access": True}
        return [
            ("portal_contact", lambda recipient: recipient["id"] == contact.id, values),
            *groups,
        ]

    def _notify_get_action_link(self, link_type, **kwargs):
        """Give each person an own link; the arguments are those of Odoo.

        :rtype: str
        """
        if (
            kwargs.get("access_token")
            and kwargs.get("pid")
            and isinstance(self, self.pool["aftersales.portal.page.mixin"])
        ):
            # sudo: the link goes into the mail to this person only
            document = self.sudo()
            person = document.env["res.partner"].browse(kwargs["pid"])
            if person.id in self.env.context.get(OUTSIDE, person.ids):
                kwargs["access_token"] = document._get_link_secret(person)
                kwargs["hash"] = document._sign_token(person.id)
        return super()._notify_get_action_link(link_type, **kwargs)

    def _notify_get_recipients_groups_fillup(self, groups, model_description, msg_vals=False):
        """Let the button of a mail say what it opens; the arguments are those of Odoo."""
        if model_description:
            title = self.env._("View %s", model_description)
            for _name, _belongs, values in groups:
                values.setdefault("button_access", {}).setdefault("title", title)
        return super()._notify_get_recipients_groups_fillup(
            groups, model_description, msg_vals=msg_vals
        )

    def _get_portal_contact(self):
        """The contact who may open the document with a link, besides the document's partner.

        :return: res.partner, a contact of the customer who is none of our own people, or empty
        """
        self.ensure_one()
        contact = self.contact_id if "contact_id" in self._fields else self.env["res.partner"]
        if contact.partner_share and contact.commercial_partner_id == self._get_document_customer():
            return contact
        return contact.browse()

    def _mail_new_link(self):
        """Mail a link of their own to the contact, once in a quarter of an hour; to nobody who has left."""
        self.ensure_one()
        people = self._filter_customer_people(self._get_link_partner()).filtered(
            lambda person: usable_addresses(person.email)
        )
        lately = self.env["mail.message"].search_count(
            [
                ("model", "=", self._name),
                ("res_id", "=", self.id),
                ("message_type", "=", "auto_comment"),
                ("partner_ids", "in", people.ids),
                ("create_date", ">=", fields.Datetime.now() - NEW_LINK_AGAIN),
            ],
            limit=1,
        )
        if not people or lately:
            return
        spoken = self.with_context(lang=self.company_id._aftersales_lang(people))
        spoken._post_to_customer(
            people,
            spoken.env._(
                "You have asked for a new link to %s. It is for you alone; please do not pass it on.",
                spoken.display_name,
            ),
            spoken.company_id.partner_id,
            email_from=spoken.company_id.email_formatted,
        )

    def _post_to_customer(self, people, body, author, **values):
        """Write to people of the customer by a message of the document, so that answers arrive on the document.

        Mail about it is queued, not sent here, in the language of the environment.

        :param people: res.partner who get the message, also when one of them is the acting user
        :param body: the text, markup or plain
        :param author: res.partner in whose name the message is sent
        :param values: further arguments of ``message_post``
        """
        self.with_context(mail_notify_force_send=False).message_post(
            body=body,
            author_id=author.id,
            partner_ids=people.ids,
            message_type="auto_comment",
            subtype_xmlid="mail.mt_comment",
            email_layout_xmlid="mail.mail_notification_light",
            email_add_signature=False,
            mail_headers=QUIET_HEADERS,
            notify_author_mention=True,
            **values,
        )

    def _is_customer_document(self):
        return self._name in self.env["mail.message"]._get_customer_document_models() and bool(self)

    def _get_strangers(self, partner_ids):
        """Partners who get no messages of a customer document: outsiders who are no contacts of its customer.

        Such partners may have been added as followers by mistake, may have moved to another company, or followed
        before the document was given to another customer. They cannot read its messages and get none by mail either.

        While the document has no customer there are no strangers: the person who wrote first has to get an answer.

        :param partner_ids: ids of the partners about to be notified
        :return: res.partner as superuser, never our own people; empty where the record is no customer document
        """
        # sudo: only the customer of the document and the companies of the partners are compared
        document = self.sudo()
        partners = document.env["res.partner"].browse(partner_ids).filtered("partner_share")
        customer = partners and self._is_customer_document() and document._get_document_customer()
        if not customer:
            return partners.browse()
        known = customer | document.company_id.partner_id.commercial_partner_id
        return partners.filtered(lambda partner: partner.commercial_partner_id not in known)

    def _filter_customer_people(self, people):
        """People who still belong to the document's customer; people who have left the company get no messages.

        :param people: res.partner
        :return: res.partner, in the same order
        """
        self.ensure_one()
        by_customer = people.filtered("active").grouped("commercial_partner_id")
        return by_customer.get(self._get_document_customer(), people.browse())

    def _get_document_customer(self):
        """The commercial partner to which a customer document belongs, see ``aftersales.owner.mixin``.

        :return: res.partner, empty while the document has no customer
        """
        self.ensure_one()
        return self.commercial_partner_id
