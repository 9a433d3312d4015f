from odoo import api, fields, models
from odoo.exceptions import UserError

from ...activities import FILED_ACTIVITY
from ...tools.mail import usable_addresses


class AftersalesFilingMixin(models.AbstractModel):
    """A document (``aftersales.document.mixin``) that a customer may file on the portal.

    ====================  ==================================================================
    Who                   May
    ====================  ==================================================================
    customer              file; read those of the own company, but drafts only if a customer
                          filed them; write messages
    staff                 as the model says; nobody deletes what a customer filed
    ====================  ==================================================================

    The customer's text stays in the chatter as a message in the customer's name, also when the document changes. Our
    answers are written in the customer's language, and replies to them arrive on the document.
    """

    _name = "aftersales.filing.mixin"
    _description = "Document Customers File"
    _inherit = ["aftersales.steps.mixin", "aftersales.portal.mixin"]

    filed_by_id = fields.Many2one(
        comodel_name="res.partner",
        string="Sent In By",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="The customer's contact who filed the document on the portal.",
    )

    def _is_open_by_token(self):
        # A draft that our own people prepare is hidden from customers until it is submitted.
        shown = self.state != "draft" or bool(self.filed_by_id)
        return super()._is_open_by_token() and shown

    # === Filing === #

    def _filed(self, text):
        """Store the text of a customer who has just filed the document as a message, and confirm the filing by mail.

        Called by the portal on the new document, as superuser and in the name of the customer.

        :param str text: text that the customer wrote
        """
        self.ensure_one()
        author = self.env.user.partner_id
        document = self.with_context(mail_notify_force_send=False)
        document._write_unlocked({"filed_by_id": author.id})
        if text:
            document.message_post(
                body=text,
                author_id=author.id,
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
            )
        document._after_filing()
        document._confirm_filing()

    def _confirm_filing(self):
        """Confirm to the customer that the document has arrived."""
        self._tell_customer(
            lambda document: document._get_filing_text(),
            lambda document: document.env._("received"),
        )

    def _after_filing(self):
        """Called when a document has been filed: asks somebody to look at it; models add what else is needed."""
        self._ask_to_look()

    def _ask_to_look(self):
        """Give an activity to the specialist, or to the managers while no specialist is in charge."""
        self.ensure_one()
        self._notify_users(
            self._get_filing_users(),
            FILED_ACTIVITY,
            lambda document: document.env._(
                "%s has filed this on the portal.", document.filed_by_id.name
            ),
        )

    def _get_filing_users(self):
        """:return: res.users who are asked to look at a filed document"""
        self.ensure_one()
        return self.user_id.filtered("active") or self.company_id._aftersales_managers()

    def _get_filing_text(self):
        """The confirmation, in the language of the environment.

        :rtype: str
        """
        return self.env._(
            "Thank you. We have received %s and will get in touch with you. You can follow it on the portal; a reply"
            " to this mail reaches us there, too.",
            self.name,
        )

    # === Telling the customer === #

    def _tell_customer(self, get_text, get_event):
        """Write to the person who filed the document, else to its contact or the customer, in the person's language.

        Mail about it is queued, not sent here. Its author is the specialist in charge, else the company.

        :param get_text: function that makes the text of a document, whose environment has the person's language
        :param get_event: function like it, of what happened in a word or two, for the subject
        """
        for document in self:
            # sudo: contacts and users of the document, also for acting users who may not read them
            document = document.sudo()
            customer = document._get_told_contact()
            if not customer:
                continue
            spoken = document.with_context(lang=document.company_id._aftersales_lang(customer))
            author = document._get_filing_author()
            spoken._post_to_customer(
                customer,
                get_text(spoken),
                author,
                subject=spoken._get_mail_subject(get_event(spoken)),
                email_from=author.email_formatted or document.company_id.email_formatted,
            )

    def _get_mail_subject(self, event):
        """:return: subject of a mail about the document: what it is, its number, and what happened"""
        return self.env._(
            "%(document)s %(number)s: %(event)s",
            document=self.env["ir.model"]._get(self._name).name,
            number=self.name,
            event=event,
        )

    def _get_told_contact(self):
        """The person of the customer to write to: the first one with a mail address, in this order.

        The person who filed the document, its contact, the contact for the software, the customer. People who have
        left the customer and our own people are left out. When nobody has a mail address, the person who filed the
        document is returned, who reads the message on the portal.

        :rtype: res.partner
        """
        self.ensure_one()
        people = self.filed_by_id
        if "contact_id" in self._fields:
            people |= self.contact_id
        people |= self.partner_id.software_contact_id | self.partner_id
        people = self._filter_customer_people(people).filtered("partner_share")
        for person in people:
            if usable_addresses(person.email):
                return person
        # no usable mail address
        return people & self.filed_by_id

    def _is_known_to_customer(self):
        """:return: whether the customer knows of the document, because a customer filed it or it was decided"""
        return bool(self.filed_by_id) or self.state not in ("draft", "submitted")

    def _get_filing_author(self):
        """:return: res.partner in whose name messages to the customer are sent"""
        return self.user_id.partner_id or self.company_id.partner_id

    def _enter(self, state, **vals):
        result = super()._enter(state, **vals)
        # Somebody has taken a step with these documents, so nobody needs to be asked to look at them.
        filed = self.filtered("filed_by_id")
        if filed:
            filed._withdraw_activities(FILED_ACTIVITY)
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_filed(self):
        for document in self:
            if document.filed_by_id:
                raise UserError(
                    self.env._(
                        "%s was filed by the customer and is not deleted: cancel it.",
                        document.display_name,
                    )
                )
